"""What a poll is in a history."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from allup.model.state import Transition
from allup.report.history.database import milliseconds
from allup.report.outcome import detail, status_or_kind
from allup.run.watching import Poll


@dataclass(frozen=True, slots=True)
class Row:
    """The values of a poll, and of the change that it confirms, as the tables have them."""

    poll: tuple[Any, ...]
    transition: tuple[Any, ...] | None


def row_of(target: int, poll: Poll) -> Row:
    """Return the row of `poll`, of the target with that row."""
    result, at = poll.result, milliseconds(poll.at)
    answered = result.attempt is not None and result.attempt.status is not None
    elapsed_ms = round(result.attempt.elapsed_s * 1000, 1) if result.attempt is not None and answered else None
    changed = None if poll.transition is None else _changed(target, at, poll.transition)
    return Row((target, at, result.verdict.value, status_or_kind(result), elapsed_ms), changed)


def insert(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Write `rows`, all of them or none; raises sqlite3.Error."""
    changes = [row.transition for row in rows if row.transition is not None]
    with transaction(connection):
        # Replaced, where a clock was set back: the later word is the better one.
        connection.executemany("INSERT OR REPLACE INTO poll VALUES (?, ?, ?, ?, ?)", [row.poll for row in rows])
        connection.executemany("INSERT OR REPLACE INTO transition VALUES (?, ?, ?, ?, ?, ?, ?)", changes)
        states = [(after, since, target) for target, _, since, _, after, _, _ in changes]
        connection.executemany("UPDATE target SET state = ?, since = ? WHERE id = ?", states)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Have all that the block does happen, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _changed(target: int, at: int, change: Transition) -> tuple[Any, ...]:
    told = (status_or_kind(change.result), detail(change.result))
    return (target, at, milliseconds(change.since), change.before.value, change.after.value, *told)
