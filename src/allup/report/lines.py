"""Lines: five fields with tabs between them, for cut and awk."""

from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.outcome import detail, status_or_kind
from allup.report.printable import printable
from allup.report.record import milliseconds
from allup.report.sink import Sink


class LinesReport:
    """Writes VERDICT, STATUS-OR-KIND, MILLISECONDS, URL and DETAIL of each result at once, on one line."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def start(self) -> None:
        """Write nothing: lines have no head."""

    def add(self, result: Result) -> None:
        """Write one line."""
        elapsed_ms = milliseconds(result.attempt.elapsed_s) if result.attempt else None
        fields = (
            result.verdict.value,
            status_or_kind(result),
            "" if elapsed_ms is None else f"{elapsed_ms:.1f}",
            printable(result.url),
            printable(detail(result)),
        )
        self._sink.write("\t".join(fields) + "\n")
        self._sink.flush()

    def finish(self, summary: Summary) -> None:
        """Write nothing: every line is a result."""
