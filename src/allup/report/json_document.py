"""One JSON document, written as a stream."""

from typing import Final

from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.json_text import json_text
from allup.report.record import record
from allup.report.sink import Sink
from allup.report.summary_record import summary_record

SCHEMA: Final = "allup.check/1"


class JsonReport:
    """Writes schema, results (one a line) and summary; keeps nothing."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._before_next = "\n"
        self._after_last = ""

    def start(self) -> None:
        """Open the document and its list of results."""
        self._sink.write(f'{{"schema": {json_text(SCHEMA)}, "results": [')

    def add(self, result: Result) -> None:
        """Write one record into the list."""
        self._sink.write(self._before_next + json_text(record(result)))
        self._before_next, self._after_last = ",\n", "\n"

    def finish(self, summary: Summary) -> None:
        """Close the list and the document."""
        self._sink.write(f'{self._after_last}], "summary": {json_text(summary_record(summary))}}}\n')
        self._sink.flush()
