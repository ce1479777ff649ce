"""The formats of `check`."""

from enum import StrEnum
from typing import assert_never

from allup.report.handler import Report
from allup.report.json_document import JsonReport
from allup.report.jsonl import JsonlReport
from allup.report.lines import LinesReport
from allup.report.paper import paper
from allup.report.sink import Sink
from allup.report.table import TableReport


class ReportFormat(StrEnum):
    """What results can be written as."""

    TABLE = "table"
    LINES = "lines"
    JSON = "json"
    JSONL = "jsonl"

    def report(self, sink: Sink, *, width: int | None = None, color: bool = False) -> Report:
        """Return a report that writes to `sink`; `width` (cells) and `color` are for those that draw."""
        match self:
            case ReportFormat.TABLE:
                return TableReport(paper(sink, width=width, color=color))
            case ReportFormat.LINES:
                return LinesReport(sink)
            case ReportFormat.JSON:
                return JsonReport(sink)
            case ReportFormat.JSONL:
                return JsonlReport(sink)
            case _:
                assert_never(self)
