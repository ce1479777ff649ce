"""CSV: a head, and a row a result, for spreadsheets and data frames."""

from typing import Any, Final

from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.csv_text import Cell, csv_row
from allup.report.printable import printable
from allup.report.record import record
from allup.report.sink import Sink

_PLACES: Final[dict[str, tuple[str, ...]]] = {
    **{key: (key,) for key in ("url", "name", "group", "source", "line", "index", "verdict", "status")},
    **{key: ("failure", key) for key in ("kind", "certainty", "phase", "detail", "hint")},
    **{key: (key,) for key in ("method", "final_url", "redirects", "attempts", "started_at", "elapsed_ms")},
    **{f"{key}_ms": ("timings_ms", key) for key in ("blocked", "dns", "connect", "ssl", "send", "wait", "receive")},
    **{key: (key,) for key in ("address", "http_version", "content_type", "content_length")},
    **{f"tls_{key}": ("tls", key) for key in ("version", "expires_at", "days_left")},
    "change": ("baseline", "change"),
}
"""Where a column's value stands in the record."""
COLUMNS: Final = tuple(_PLACES)


class CsvReport:
    """Writes the record of each result at once, flat: a redirect counts, and what is not known is empty."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def start(self) -> None:
        """Write the head."""
        self._sink.write(csv_row(COLUMNS))

    def add(self, result: Result) -> None:
        """Write one row."""
        its = record(result)
        self._sink.write(csv_row(_cell(its, place) for place in _PLACES.values()))
        self._sink.flush()

    def finish(self, summary: Summary) -> None:
        """Write nothing: every row is a result."""


def _cell(value: Any, place: tuple[str, ...]) -> Cell:
    for key in place:
        value = None if value is None else value[key]
    if isinstance(value, list):
        return len(value)
    return printable(value) if isinstance(value, str) else value
