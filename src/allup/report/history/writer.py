"""Polls on their way into a history: written in batches by one thread, for which nobody waits."""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from allup.report.history.database import writing
from allup.report.history.pruning import prune
from allup.report.history.rows import Row, insert, row_of
from allup.run.watching import Poll

MOST_WAITING: Final = 100_000
"""Polls that may wait to be written; further ones are lost, and counted."""
BATCH_S: Final = 0.25
"""How long a batch is gathered: what a process that is killed loses at most."""
_IDLE_S: Final = 60.0
_MOST_AT_ONCE: Final = 5_000
_PRUNE_EVERY_S: Final = 3600.0
_PARTING_S: Final = 10.0


class HistoryWriter:
    """Writes into the prepared file at `path`, until its block ends; polls older than `keep_s` are removed from it.

    `rows` are those of the targets in the file, by their index. `lost` counts the polls that could
    not be written, `problem` says why, of the last one.
    """

    def __init__(
        self, path: Path, rows: Mapping[int, int], *, keep_s: float, wall: Callable[[], float] = time.time
    ) -> None:
        self.lost = 0
        self.problem: str | None = None
        self._path = path
        self._rows = rows
        self._keep_s = keep_s
        self._wall = wall
        self._prune_at = 0.0
        self._waiting: queue.Queue[Row | None] = queue.Queue(MOST_WAITING)
        self._closing = threading.Event()
        # A daemon: a disk that hangs must not keep the process alive.
        self._thread = threading.Thread(target=self._write_on, name="allup-history", daemon=True)
        self._done: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Self:
        self._done = asyncio.get_running_loop().create_future()
        self._thread.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.set()
        with suppress(queue.Full):  # then it is awake anyway
            self._waiting.put_nowait(None)
        assert self._done is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(_PARTING_S):
                await self._done

    def add(self, poll: Poll) -> None:
        """Have `poll` written soon; does not wait."""
        row = self._rows.get(poll.watched.index)
        if row is None:
            return
        try:
            self._waiting.put_nowait(row_of(row, poll))
        except queue.Full:
            self._lose(1, "the disk is too slow")

    def _write_on(self) -> None:
        try:
            self._write_with(writing(self._path))
        except sqlite3.Error as error:
            self._lose(self._waiting.qsize(), str(error))
        finally:
            done = self._done
            assert done is not None
            with suppress(RuntimeError):  # the loop has ended
                done.get_loop().call_soon_threadsafe(_finish, done)

    def _write_with(self, connection: sqlite3.Connection) -> None:
        try:
            while (batch := self._next_batch()) is not None:
                self._write(connection, batch)
        finally:
            connection.close()

    def _next_batch(self) -> Sequence[Row] | None:
        """Wait for the next polls; None at the end."""
        batch: list[Row] = []
        until = float("inf")
        while len(batch) < _MOST_AT_ONCE:
            try:
                row = self._waiting.get(timeout=self._patience_s(until))
            except queue.Empty:
                break
            if row is not None:
                batch.append(row)
                until = min(until, time.monotonic() + BATCH_S)
        return batch or (None if self._closing.is_set() else ())

    def _patience_s(self, until: float) -> float:
        return 0.0 if self._closing.is_set() else max(0.0, min(until - time.monotonic(), _IDLE_S))

    def _write(self, connection: sqlite3.Connection, batch: Sequence[Row]) -> None:
        try:
            if batch:
                insert(connection, batch)
            if time.monotonic() >= self._prune_at:
                self._prune_at = time.monotonic() + _PRUNE_EVERY_S
                prune(connection, before=self._wall() - self._keep_s, watched=set(self._rows.values()))
        except sqlite3.Error as error:
            self._lose(len(batch), str(error))

    def _lose(self, count: int, problem: str) -> None:
        self.lost += count
        self.problem = problem


def _finish(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)
