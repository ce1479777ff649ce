"""JSON Lines: one record a line."""

from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.json_text import json_text
from allup.report.record import record
from allup.report.sink import Sink


class JsonlReport:
    """Writes the record of each result at once, on one line."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def start(self) -> None:
        """Write nothing: lines have no head."""

    def add(self, result: Result) -> None:
        """Write one record."""
        self._sink.write(json_text(record(result)) + "\n")
        self._sink.flush()

    def finish(self, summary: Summary) -> None:
        """Write nothing: every line is a record."""
