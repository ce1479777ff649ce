"""The file of a history: SQLite in WAL mode, so that it can be read while it is written, and after any end of that."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from allup.model.usage import UsageError
from allup.report.printable import printable

_APPLICATION: Final = int.from_bytes(b"allu", "big")
_VERSION: Final = 1
_BUSY_S: Final = 5.0
_SCHEMA: Final = """
CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    name TEXT NOT NULL,          -- empty where there is none
    occurrence INTEGER NOT NULL, -- from 0, among those of the same url and name
    state TEXT NOT NULL,
    since INTEGER,               -- all times are milliseconds since the epoch
    UNIQUE (url, name, occurrence)
);
CREATE TABLE poll (
    target INTEGER NOT NULL REFERENCES target (id),
    at INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    outcome TEXT NOT NULL,       -- the status, or the kind of failure
    elapsed_ms REAL,             -- of those that were answered
    PRIMARY KEY (target, at)
) WITHOUT ROWID;
CREATE TABLE transition (
    target INTEGER NOT NULL REFERENCES target (id),
    at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (target, at)
) WITHOUT ROWID;
"""


def milliseconds(epoch_s: float) -> int:
    """Return seconds since the epoch as the file has them."""
    return round(epoch_s * 1000)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Raise UsageError for what the block finds wrong with the file at `path`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise UsageError(printable(f"{path}: no history that can be used: {error}")) from error


def prepare(path: Path) -> None:
    """Make the file a history if it is none yet; raises UsageError where it is something else, or cannot be written."""
    with told(path):
        connection = _connect(path, "rwc")
        try:
            if _is_ours(connection, path):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
            else:
                _create(connection)
        finally:
            connection.close()


def writing(path: Path) -> sqlite3.Connection:
    """Return a connection to a file that was prepared, for one thread to write by."""
    connection = _connect(path, "rw")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Read the file at `path`, as it is at the beginning of the block; raises UsageError where it is no history."""
    if not path.is_file():
        raise UsageError(printable(f"{path}: no such file"))
    with told(path):
        connection = _connect(path, "ro")
        try:
            if not _is_ours(connection, path):
                raise UsageError(printable(f"{path}: there is nothing in it"))
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.close()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_S, isolation_level=None)


def _is_ours(connection: sqlite3.Connection, path: Path) -> bool:
    """Say whether it is a history; False where it is empty. Raises UsageError where it is something else."""
    application, version = (_number(connection, f"PRAGMA {name}") for name in ("application_id", "user_version"))
    if application == _APPLICATION and version == _VERSION:
        return True
    if application == _APPLICATION:
        raise UsageError(printable(f"{path}: a history of another version of allup ({version}, not {_VERSION})"))
    if application or _number(connection, "SELECT count(*) FROM sqlite_master"):
        raise UsageError(printable(f"{path}: a database, but no history of allup's"))
    return False


def _number(connection: sqlite3.Connection, statement: str) -> int:
    return int(connection.execute(statement).fetchone()[0])


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # what is pruned is given back
    connection.execute("PRAGMA journal_mode = WAL")
    marks = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION};"
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {marks} COMMIT;")
