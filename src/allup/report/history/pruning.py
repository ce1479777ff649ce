"""What makes room in a history."""

import sqlite3
from typing import Final

from allup.report.history.database import milliseconds
from allup.report.history.rows import transaction

_PAGES: Final = 10_000


def prune(connection: sqlite3.Connection, *, before: float, watched: set[int]) -> None:
    """Remove what is older than `before`, and targets without a poll, unless they are `watched`; raises sqlite3.Error.

    How a target stands, and since when, is not forgotten with the polls that said so.
    """
    limit = milliseconds(before)
    for (target,) in connection.execute("SELECT id FROM target").fetchall():
        with transaction(connection):  # one each: who reads or writes beside us waits for no more than that
            connection.execute("DELETE FROM poll WHERE target = ? AND at < ?", (target, limit))
            connection.execute("DELETE FROM transition WHERE target = ? AND at < ?", (target, limit))
            if target not in watched and not _is_spoken_of(connection, target):
                connection.execute("DELETE FROM target WHERE id = ?", (target,))
    # A script, since `execute` takes one step of it, which is one page.
    connection.executescript(f"PRAGMA incremental_vacuum({_PAGES})")


def _is_spoken_of(connection: sqlite3.Connection, target: int) -> bool:
    said = "SELECT EXISTS (SELECT 1 FROM poll WHERE target = ?) OR EXISTS (SELECT 1 FROM transition WHERE target = ?)"
    return bool(connection.execute(said, (target, target)).fetchone()[0])
