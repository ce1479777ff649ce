"""A server that follows a script, and remembers what it was asked."""

import asyncio
import ssl
from contextlib import suppress
from typing import Final

from live.answers.line import Line, Script

_LONGEST_LINE: Final = 1 << 20


class Nasty:
    """Follows `script` on every connection to its port on loopback; `requests` are the heads that it read."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self._script = script
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[bytes] = []
        self.connections = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", 0, ssl=self._tls, limit=_LONGEST_LINE, backlog=1_000
        )

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self.port}/start"

    @property
    def request_lines(self) -> list[bytes]:
        return [head.partition(b"\r\n")[0] for head in self.requests]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        line = Line(reader, writer, number=self.connections, requests=self.requests)
        self.connections += 1
        try:
            # The other side may leave at any moment, and a test may end.
            with suppress(OSError, EOFError, asyncio.CancelledError, asyncio.LimitOverrunError):
                await self._script(line)
                await line.hang()
        finally:
            line.drop()
            self._tasks.discard(task)
