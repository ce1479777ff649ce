"""JSON Lines: one record a line; behind those of a shard, a line that says which one it was."""

from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.json_document import SCHEMA
from allup.report.json_text import json_text
from allup.report.record import record
from allup.report.sink import Sink
from allup.report.summary_record import summary_record


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
        """Write nothing, since every line is a record; but where others have the rest of the list, the summary."""
        if summary.share is not None:
            self._sink.write(json_text({"schema": SCHEMA, "summary": summary_record(summary)}) + "\n")
            self._sink.flush()


def is_end(line: object) -> bool:
    """Say whether `line`, read as JSON, is what stands behind the records of a shard."""
    return isinstance(line, dict) and not line.keys() & {"url", "results"} and isinstance(line.get("summary"), dict)
