"""Standard output that never blocks the event loop."""

import asyncio
import os
import select
import threading
from contextlib import suppress
from typing import Final

from allup.report.backlog import Backlog

MOST_WAITING: Final = 256 * 1024
"""Bytes that may wait to be written before `drain` waits."""
REST_S: Final = 0.02
"""What the thread rests after it has written all there was: results that come fast go in few writes."""
_CHUNK: Final = 64 * 1024


class PipeWriter:
    """Text for the file descriptor `fd`, written by a thread of its own; a full pipe (``| less``) stops nothing else.

    What is flushed is on its way within REST_S, and at once where nothing was for a while.
    What waits for long waits in a temporary file: a report that is one document comes all at once, at the end.
    An OSError of that thread is raised by the next `write`, `flush`, `drain` or `aclose`. The descriptor stays open.
    """

    def __init__(self, fd: int, *, encoding: str = "utf-8") -> None:
        self.encoding = encoding
        self._fd = fd
        self._unflushed = bytearray()
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._idle = False
        self._waiting = Backlog()
        self._waiters: list[tuple[int, asyncio.Future[None]]] = []
        self._error: OSError | None = None
        self._closed = False
        # A daemon: a reader that never reads on must not keep the process alive.
        self._thread = threading.Thread(target=self._write_on, name="allup-stdout", daemon=True)
        self._thread.start()

    def write(self, text: str, /) -> int:
        """Take `text`; what the encoding cannot take is written as an escape."""
        self._raise_error()
        if self._closed:
            raise ValueError("write to a closed stream")
        self._unflushed += text.encode(self.encoding, "backslashreplace")
        # A report that is one document flushes at its end only: it must not pile up until then.
        if len(self._unflushed) >= _CHUNK:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Hand what was taken to the thread; does not wait."""
        self._raise_error()
        with self._lock:
            self._waiting.add(self._unflushed)
            if self._idle:  # one that rests looks by itself: to wake it for each result would cost more than the result
                self._idle = False
                self._changed.notify()
        self._unflushed.clear()

    @property
    def is_behind(self) -> bool:
        """Whether `drain` has anything to do, if only to raise an error."""
        return self._error is not None or len(self._waiting) > MOST_WAITING

    async def drain(self) -> None:
        """Wait while more than MOST_WAITING bytes wait to be written."""
        await self._until_at_most(MOST_WAITING)

    async def aclose(self) -> None:
        """Wait until all is written, and end the thread; a cancelled one leaves the rest to a daemon."""
        try:
            if self._error is None:
                self.flush()
            await self._until_at_most(0)
        finally:
            with self._lock:
                self._closed = True
                self._changed.notify()

    async def _until_at_most(self, level: int) -> None:
        with self._lock:
            self._raise_error()
            if len(self._waiting) <= level:
                return
            written = asyncio.get_running_loop().create_future()
            self._waiters.append((level, written))
            self._changed.notify()  # it is waited for: it must not rest
        await written
        self._raise_error()

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _write_on(self) -> None:
        try:
            while chunk := self._next_chunk():
                written = self._write_some(chunk)
                with self._lock:
                    self._waiting.drop(written)
                    self._wake()
                    self._rest()
        except OSError as error:
            self._fail(error)

    def _next_chunk(self) -> bytes:
        with self._lock:
            while not (self._waiting or self._closed):
                self._idle = True
                self._changed.wait()
            self._idle = False
            return self._waiting.first(_CHUNK)

    def _rest(self) -> None:
        if not (self._waiting or self._closed or self._waiters):
            self._changed.wait(REST_S)

    def _write_some(self, chunk: bytes) -> int:
        try:
            return os.write(self._fd, chunk)
        except BlockingIOError:
            # Whoever shares the descriptor (a shell, ssh) may have made it non-blocking.
            select.select([], [self._fd], [])
            return 0

    def _fail(self, error: OSError) -> None:
        with self._lock:
            self._error = error
            self._waiting.clear()
            self._wake()

    def _wake(self) -> None:
        ready = [one for one in self._waiters if len(self._waiting) <= one[0]]
        self._waiters = [one for one in self._waiters if one not in ready]
        for _, written in ready:
            # A loop that has ended waits for nothing.
            with suppress(RuntimeError):
                written.get_loop().call_soon_threadsafe(_finish, written)


def _finish(written: asyncio.Future[None]) -> None:
    if not written.done():
        written.set_result(None)
