"""A history as CSV, for spreadsheets: a row a target."""

from typing import Final

from allup.model.history import History, TargetHistory
from allup.report.comparison_json import latency_ms
from allup.report.csv_text import Cell, csv_row
from allup.report.instant import instant
from allup.report.printable import printable

_HEAD: Final = (
    *("url", "name", "state", "since", "ok", "failed", "unchecked", "availability"),
    *("p50_ms", "p95_ms", "p99_ms", "max_ms", "incidents", "down_s"),
)


def history_csv(history: History) -> str:
    """Return a head and one row a target; what is not known is empty."""
    return csv_row(_HEAD) + "".join(csv_row(_cells(one, history)) for one in history.targets)


def _cells(one: TargetHistory, history: History) -> list[Cell]:
    return [
        printable(one.url),
        None if one.name is None else printable(one.name),
        one.state.value,
        None if one.since is None else instant(one.since, "milliseconds"),
        one.ok,
        one.failed,
        one.unchecked,
        None if one.availability is None else round(one.availability, 6),
        *latency_ms(one.latencies).values(),
        len(one.incidents),
        round(one.down_s(history.began_at, history.now), 3),
    ]
