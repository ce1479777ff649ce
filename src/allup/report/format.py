"""The formats of `check`."""

from enum import StrEnum
from pathlib import Path
from typing import assert_never

from allup.report.csv_rows import CsvReport
from allup.report.depth import Depth
from allup.report.github import GithubReport
from allup.report.handler import Report
from allup.report.har import HarReport
from allup.report.json_document import JsonReport
from allup.report.jsonl import JsonlReport
from allup.report.lines import LinesReport
from allup.report.markdown import MarkdownReport
from allup.report.paper import paper
from allup.report.sink import Sink
from allup.report.table import TableReport
from allup.report.tap import TapReport


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

    def report(  # noqa: C901, PLR0911 - a case for each
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
        match self:
            case ReportFormat.TABLE:
                return TableReport(paper(sink, width=width, color=color), depth)
            case ReportFormat.LINES:
                return LinesReport(sink)
            case ReportFormat.JSON:
                return JsonReport(sink)
            case ReportFormat.JSONL:
                return JsonlReport(sink)
            case ReportFormat.CSV:
                return CsvReport(sink)
            case ReportFormat.MARKDOWN:
                return MarkdownReport(sink)
            case ReportFormat.JUNIT:
                from allup.report.junit import JunitReport  # noqa: PLC0415 - temporary files are for those who want it

                return JunitReport(sink)
            case ReportFormat.TAP:
                return TapReport(sink)
            case ReportFormat.GITHUB:
                return GithubReport(sink, root=root)
            case ReportFormat.PROMETHEUS:
                from allup.report.prometheus import PrometheusReport  # noqa: PLC0415 - as is its library

                return PrometheusReport(sink)
            case ReportFormat.HAR:
                return HarReport(sink)
            case _:
                assert_never(self)
