"""A server of the tests' own on loopback, which does to every byte what a script says."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from typing import Final

OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Visit:
    """One connection to the server, from its side; `number` counts from 1."""

    def __init__(self, origin: "Origin", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._origin = origin
        self._reader = reader
        self.writer = writer
        self.number = origin.connections

    async def head(self) -> bytes:
        """Return the next request's line and headers; raises IncompleteReadError at the end."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        self._origin.heads.append(head)
        return head

    async def body(self, count: int) -> bytes:
        """Return the `count` bytes of the request's body."""
        return await self._reader.readexactly(count)

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()
        self._origin.sent += len(data)

    async def end(self) -> None:
        """Wait until the client leaves."""
        await self._reader.read()

    def reset(self) -> None:
        """End the connection with a TCP reset."""
        plain = self.writer.get_extra_info("socket")
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Script = Callable[[Visit], Awaitable[None]]


class Origin:
    """A running server: what it was asked, on how many connections, and how many of them are open."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None) -> None:
        self._script = script
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.heads: list[bytes] = []
        self.connections = self.open = self.sent = self.port = 0

    async def start(self, port: int = 0, address: str = "127.0.0.1") -> None:
        self._server = await asyncio.start_server(self._visited, address, port, ssl=self._tls, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{'http' if self._tls is None else 'https'}://{host}:{self.port}{path}"

    def deaf(self) -> None:
        """Take no further connections; those that are open go on."""
        assert self._server is not None
        self._server.close()

    async def stop(self) -> None:
        self.deaf()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def targets(self) -> list[str]:
        """What stood in the request lines, in order."""
        return [head.split(b" ", 2)[1].decode() for head in self.heads]

    def sent_header(self, name: str) -> list[str | None]:
        """Return the header `name` of each request, None where it was not there."""
        return [_header(head.decode(), name) for head in self.heads]

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.open += 1
        try:
            await self._script(Visit(self, reader, writer))
        except (asyncio.IncompleteReadError, OSError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self.open -= 1
            self._tasks.discard(task)
            writer.close()


def _header(head: str, name: str) -> str | None:
    for line in head.split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name.lower():
            return value.strip()
    return None


def answers(*payloads: bytes) -> Script:
    """Answer the first request with the first payload, and so on; the last one serves from then on."""
    left = list(payloads)

    async def script(visit: Visit) -> None:
        while True:
            await visit.head()
            await visit.send(left.pop(0) if len(left) > 1 else left[0])

    return script


async def silence(visit: Visit) -> None:
    """Read, and never answer."""
    await visit.end()


def redirect(location: str, *headers: str, status: int = 302) -> bytes:
    lines = [f"HTTP/1.1 {status} Elsewhere", "Content-Length: 0", f"Location: {location}", *headers, "", ""]
    return "\r\n".join(lines).encode()
