"""A list that comes when it comes: a pipe, a terminal."""

import asyncio
import os
import select
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Semaphore, Thread
from typing import Final

_CHUNK: Final = 16 * 1024
_MOST_CHUNKS: Final = 2
"""Chunks that are read ahead; after that the writer has to wait."""


class Pipe:
    """Reads a descriptor, or the file of a path, in a thread of its own that begins with the first `read`.

    The thread is a daemon, since nothing can wake it from a read: neither the event loop nor the
    exit waits for it.
    """

    def __init__(self, place: int | str) -> None:
        self._place = place
        self._lock = Lock()
        self._room = Semaphore(_MOST_CHUNKS)
        self._arrived = asyncio.Event()
        self._chunks: deque[bytes] = deque()
        self._started = False
        self._stopped = False
        self._ended = False
        self._error: OSError | None = None

    @property
    def cut(self) -> bool:
        """Whether reading was stopped before the list ended."""
        return self._stopped and not self._ended

    async def read(self) -> bytes:
        """Return the next chunk as soon as there is one, nothing at the end; raises OSError."""
        self._start()
        while (chunk := self._take()) is None:
            # No wake-up is lost: the thread sets the event through the loop, so not before the wait.
            self._arrived.clear()
            await self._arrived.wait()
        if not chunk and self._error is not None:
            raise self._error
        return chunk

    def stop(self) -> None:
        """Read no further; what was read already still comes."""
        with self._lock:
            self._stopped = True
        self._room.release()
        self._arrived.set()

    async def aclose(self) -> None:
        """Leave the thread to itself: it ends with its next byte, or with the process."""
        self.stop()

    def _start(self) -> None:
        if not self._started and not self._stopped:
            self._started = True
            Thread(target=self._pump, args=(asyncio.get_running_loop(),), daemon=True, name="allup-list").start()

    def _take(self) -> bytes | None:
        with self._lock:
            if self._chunks:
                self._room.release()
                return self._chunks.popleft()
            return b"" if self._ended or self._stopped else None

    def _pump(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            with self._opened() as fd:
                while self._has_room() and (chunk := _read(fd)):
                    self._hand_over(chunk, loop)
        except OSError as error:
            self._error = error
        self._end(loop)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        if isinstance(self._place, int):
            yield self._place
            return
        fd = os.open(self._place, os.O_RDONLY)
        try:
            yield fd
        finally:
            os.close(fd)

    def _has_room(self) -> bool:
        self._room.acquire()
        return not self._stopped

    def _hand_over(self, chunk: bytes, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            if not self._stopped:
                self._chunks.append(chunk)
        self._wake(loop)

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            self._ended = not self._stopped
        self._wake(loop)

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        # The loop may be gone by now, and with it everyone who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._arrived.set)


def _read(fd: int) -> bytes:
    while True:
        try:
            return os.read(fd, _CHUNK)
        except BlockingIOError:
            # Another program that shares the terminal or the pipe has made it non-blocking.
            select.select([fd], [], [])
