"""A history, read; percentiles are found by the database, which sorts outside of memory."""

import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from allup.model.comparison import Latencies
from allup.model.history import History, Incident, TargetHistory
from allup.model.state import State
from allup.report.history.database import milliseconds, reading

_FIRST: Final = "SELECT min((SELECT min(at) FROM poll WHERE target = target.id)) FROM target"
"""By the key, a target after the other: a search through all polls would take long."""
_COUNTS: Final = "SELECT verdict, count(*) FROM poll WHERE target = ? AND at BETWEEN ? AND ? GROUP BY verdict"
_ANSWERED: Final = "FROM poll WHERE target = ? AND at BETWEEN ? AND ? AND elapsed_ms IS NOT NULL"
_CHANGES: Final = "SELECT since, before, after, outcome, detail FROM transition WHERE target = ? ORDER BY at"

_Row = tuple[int, str, str, str, int | None]


def read_history(path: Path, *, now: float, last_s: float | None = None) -> History:
    """Return what the file at `path` says of the time up to `now`, or of its last `last_s` seconds.

    Raises UsageError.
    """
    with reading(path) as connection:
        first = connection.execute(_FIRST).fetchone()[0]
        began_at = now if first is None else min(now, first / 1000)
        if last_s is not None:
            began_at = max(began_at, now - last_s)
        span = (milliseconds(began_at), milliseconds(now))
        rows = connection.execute("SELECT id, url, name, state, since FROM target ORDER BY id").fetchall()
        targets = tuple(_target(connection, row, span) for row in rows)
    return History(began_at=began_at, now=now, targets=targets)


def _target(
    connection: sqlite3.Connection, row: tuple[int, str, str, str, int | None], span: tuple[int, int]
) -> TargetHistory:
    target, url, name, state, since = row
    counts = dict(connection.execute(_COUNTS, (target, *span)).fetchall())
    return TargetHistory(
        url=url,
        name=name or None,
        state=State(state),
        since=_seconds(since),
        ok=counts.get("ok", 0),
        failed=counts.get("failed", 0),
        unchecked=counts.get("unchecked", 0),
        latencies=_latencies(connection, (target, *span)),
        incidents=tuple(_incidents(connection, target, State(state), since, span)),
    )


def _latencies(connection: sqlite3.Connection, where: tuple[int, int, int]) -> Latencies:
    (count,) = connection.execute(f"SELECT count(*) {_ANSWERED}", where).fetchone()

    def ranked(share: float) -> float | None:
        """Return the nearest-rank percentile."""
        at = max(0, math.ceil(share * count) - 1)
        found = connection.execute(
            f"SELECT elapsed_ms {_ANSWERED} ORDER BY elapsed_ms LIMIT 1 OFFSET ?", (*where, at)
        ).fetchone()
        return None if found is None else found[0] / 1000

    return Latencies(p50_s=ranked(0.5), p95_s=ranked(0.95), p99_s=ranked(0.99), max_s=ranked(1.0))


def _incidents(
    connection: sqlite3.Connection, target: int, state: State, since: int | None, span: tuple[int, int]
) -> Iterator[Incident]:
    open_: tuple[int, str, str] | None = None
    for began, before, after, outcome, detail in connection.execute(_CHANGES, (target,)):
        if before == State.DOWN and open_ is not None and began >= span[0]:
            yield _incident(open_, began)
        open_ = (began, outcome, detail) if after == State.DOWN else None
    if state is State.DOWN and since is not None:
        # What began it may have been pruned by now.
        yield _incident(open_ or (since, "", ""), None)


def _incident(began: tuple[int, str, str], until: int | None) -> Incident:
    since, outcome, detail = began
    return Incident(since=since / 1000, until=_seconds(until), outcome=outcome, detail=detail)


def _seconds(milliseconds_: int | None) -> float | None:
    return None if milliseconds_ is None else milliseconds_ / 1000
