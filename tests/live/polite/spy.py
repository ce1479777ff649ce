"""A server of the tests' own that notes who asked for what, and when, and how many at once."""

import asyncio
import socket
import ssl
import struct
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one request gets, `after_s`, and not before `until` is set; a status of None is a reset."""

    status: int | None = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    after_s: float = 0.0
    until: asyncio.Event | None = None

    @property
    def head(self) -> bytes:
        lines = [f"{name}: {value}\r\n" for name, value in self.headers.items()]
        return f"HTTP/1.1 {self.status} So\r\nContent-Length: 0\r\n{''.join(lines)}\r\n".encode()


OK = Answer()
RESET = Answer(status=None)
SILENCE = Answer(after_s=3600)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request."""

    path: str
    at: float
    answer: Answer


class Spy:
    """A running server; `log` has every request in order, `peak` the most that were in flight."""

    def __init__(self, answer: Callable[[str, int], Answer]) -> None:
        self._answer = answer
        self._times = Counter[str]()
        self._tasks: set[asyncio.Task[None]] = set()
        self.in_flight = 0
        self.peak = self.port = self.connections = 0
        self.scheme = "http"
        self.log: list[Asked] = []

    def url(self, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def times(self, path: str | None = None) -> list[float]:
        """When `path` was asked for; None: any."""
        return [asked.at for asked in self.log if path in (None, asked.path)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            with suppress(asyncio.IncompleteReadError, OSError):
                while await self._serve_one(reader, writer):
                    pass
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ", 2)[1].decode()
        self._times[path] += 1
        answer = self._answer(path, self._times[path])
        self.log.append(Asked(path=path, at=asyncio.get_running_loop().time(), answer=answer))
        await self._take_time(answer)
        if answer.status is None:
            plain = writer.get_extra_info("socket")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        writer.write(answer.head)
        await writer.drain()
        return True

    async def _take_time(self, answer: Answer) -> None:
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await asyncio.sleep(answer.after_s)
            if answer.until is not None:
                await answer.until.wait()
        finally:
            self.in_flight -= 1


@asynccontextmanager
async def spying(
    answer: Callable[[str, int], Answer], *, tls: ssl.SSLContext | None = None, on: socket.socket | None = None
) -> AsyncIterator[Spy]:
    """Serve while the block runs, on a socket that is bound already where one is given.

    `answer` is called with the path and how often it has been asked for, this time included.
    """
    spy = Spy(answer)
    if on is None:
        server = await asyncio.start_server(spy.visited, "127.0.0.1", 0, ssl=tls, backlog=512)
    else:
        server = await asyncio.start_server(spy.visited, sock=on, ssl=tls)
    spy.port = server.sockets[0].getsockname()[1]
    spy.scheme = "http" if tls is None else "https"
    try:
        yield spy
    finally:
        server.close()
        await spy.stop()


def in_turn(*answers: Answer) -> Callable[[str, int], Answer]:
    """Give each path the first answer first, and the last one from then on."""
    return lambda _, times: answers[min(times, len(answers)) - 1]


def gaps(times: Sequence[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(times)]
