"""The formats of `check`."""

from enum import StrEnum
from pathlib import Path
from typing import assert_never

from allup.report.depth import Depth
from allup.report.handler import Report
from allup.report.sink import Sink


class ReportFormat(StrEnum):
    """What results can be written as."""

    TABLE = "table"
    LINES = "lines"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    TAP = "tap"
    GITHUB = "github"
    PROMETHEUS = "prometheus"
    HAR = "har"
    HTML = "html"

    def report(  # noqa: C901, PLR0911, PLR0912 - a case for each
        self,
        sink: Sink,
        *,
        width: int | None = None,
        color: bool = False,
        depth: Depth = Depth.USUAL,
        root: Path | None = None,
    ) -> Report:
        """Return a report that writes to `sink`.

        `width` (cells), `color` and `depth` are for those that draw, `root` is the repository's folder for those
        that name files in it. Raises OutputError.
        """
        # Each is imported where it is chosen: nobody is to pay for the others.
        match self:
            case ReportFormat.TABLE:
                from allup.report.paper import paper
                from allup.report.table import TableReport

                return TableReport(paper(sink, width=width, color=color), depth)
            case ReportFormat.LINES:
                from allup.report.lines import LinesReport

                return LinesReport(sink)
            case ReportFormat.JSON:
                from allup.report.json_document import JsonReport

                return JsonReport(sink)
            case ReportFormat.JSONL:
                from allup.report.jsonl import JsonlReport

                return JsonlReport(sink)
            case ReportFormat.CSV:
                from allup.report.csv_rows import CsvReport

                return CsvReport(sink)
            case ReportFormat.MARKDOWN:
                from allup.report.markdown import MarkdownReport

                return MarkdownReport(sink)
            case ReportFormat.JUNIT:
                from allup.report.junit import JunitReport

                return JunitReport(sink)
            case ReportFormat.TAP:
                from allup.report.tap import TapReport

                return TapReport(sink)
            case ReportFormat.GITHUB:
                from allup.report.github import GithubReport

                return GithubReport(sink, root=root)
            case ReportFormat.PROMETHEUS:
                from allup.report.prometheus import PrometheusReport

                return PrometheusReport(sink)
            case ReportFormat.HAR:
                from allup.report.har import HarReport

                return HarReport(sink)
            case ReportFormat.HTML:
                from allup.report.html import HtmlReport

                return HtmlReport(sink)
            case _:
                assert_never(self)
