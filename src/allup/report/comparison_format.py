"""The formats of `compare`."""

from enum import StrEnum
from typing import assert_never

from allup.model.comparison import Comparison
from allup.report.sink import Sink


class ComparisonFormat(StrEnum):
    """What a comparison can be written as."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"
    HTML = "html"

    def write(self, comparison: Comparison, sink: Sink, *, width: int | None = None, color: bool = False) -> None:
        """Write `comparison` to `sink`; `width` (cells) and `color` are for the table. Raises OSError."""
        match self:
            case ComparisonFormat.TABLE:
                from allup.report.comparison_table import ComparisonTable
                from allup.report.look import Look
                from allup.report.paper import paper

                console = paper(sink, width=width, color=color)
                console.print(ComparisonTable(comparison, Look.on(sink.encoding)))
            case ComparisonFormat.JSON:
                from allup.report.comparison_json import comparison_json

                sink.write(comparison_json(comparison))
            case ComparisonFormat.MARKDOWN:
                from allup.report.comparison_markdown import comparison_markdown

                sink.write(comparison_markdown(comparison))
            case ComparisonFormat.CSV:
                from allup.report.comparison_csv import comparison_csv

                sink.write(comparison_csv(comparison))
            case ComparisonFormat.HTML:
                from allup.report.comparison_html import comparison_html

                for piece in comparison_html(comparison):
                    sink.write(piece)
            case _:
                assert_never(self)
        sink.flush()
