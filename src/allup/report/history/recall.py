"""What a watch goes on from: the targets of its list that the history knows, and how they stood."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from allup.model.state import Standpoint, State
from allup.model.target import Entry, Target
from allup.report.history.database import told, writing

Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """By the index of an entry: its row in the file, and how it stood; lines that are no targets are in neither."""

    rows: Mapping[int, int]
    standpoints: Mapping[int, Standpoint]


def recall(path: Path, entries: Sequence[Entry]) -> Recalled:
    """Give every target of `entries` a row in the prepared file at `path`, and return what is there.

    A target is the same if its URL and its name are; of those that are alike, in the same order.
    Raises UsageError.
    """
    with told(path):
        connection = writing(path)
        try:
            return _recalled(connection, dict(_keys(entries)))
        finally:
            connection.close()


def _keys(entries: Sequence[Entry]) -> Iterator[tuple[int, Key]]:
    seen = Counter[tuple[str, str]]()
    for index, entry in enumerate(entries):
        if isinstance(entry, Target):
            same = (entry.url, entry.name or "")
            yield index, (*same, seen[same])
            seen[same] += 1


def _recalled(connection: sqlite3.Connection, keys: Mapping[int, Key]) -> Recalled:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT OR IGNORE INTO target (url, name, occurrence, state) VALUES (?, ?, ?, 'unknown')", keys.values()
    )
    connection.execute("COMMIT")
    known = connection.execute("SELECT url, name, occurrence, id, state, since FROM target")
    by_key = {tuple(row[:3]): row[3:] for row in known}
    found = {index: by_key[key] for index, key in keys.items()}
    return Recalled(
        rows={index: row for index, (row, _, _) in found.items()},
        standpoints={index: _standpoint(state, since) for index, (_, state, since) in found.items()},
    )


def _standpoint(state: str, since: int | None) -> Standpoint:
    return Standpoint(state=State(state), since=None if since is None else since / 1000)
