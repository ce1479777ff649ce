"""A server of a few pages for Prometheus and for whoever looks after the watch: HTTP/1.1, a request a connection."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self

MOST_CONNECTIONS: Final = 32
PATIENCE_S: Final = 10.0
"""What one request may take, from the connection to the last byte."""
_MOST_HEAD: Final = 16 * 1024
_CLOSED_S: Final = 1.0
TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer; its `pieces` are made one after the other, and others get their turn between them."""

    status: HTTPStatus
    pieces: Iterable[str]
    type: str = TEXT


Pages = dict[str, Callable[[], Page]]
"""What is behind each path."""


class MetricsServer:
    """Serves `pages` at `host` and `port` (0: any that is free) while its block runs; entering raises OSError.

    Beyond `MOST_CONNECTIONS`, and beyond `PATIENCE_S`, a connection is dropped.
    """

    def __init__(self, host: str, port: int, pages: Pages) -> None:
        self._address = (host, port)
        self._pages = pages
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.port = port

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, *self._address, limit=_MOST_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait(self._open)

    def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        if len(self._open) >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        task = asyncio.create_task(self._serve(reader, writer), name="allup-metrics-request")
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._answer(await reader.readuntil(b"\r\n\r\n"), writer)
            writer.close()
            async with asyncio.timeout(_CLOSED_S):
                await writer.wait_closed()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass  # the other side's own trouble
        finally:
            writer.transport.abort()

    async def _answer(self, head: bytes, writer: StreamWriter) -> None:
        method, page = self._asked_for(head.split(b"\r\n", 1)[0].decode("latin-1"))
        writer.write(_head(page).encode("latin-1"))
        for piece in () if method == "HEAD" else _chunks(page.pieces):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        await writer.drain()

    def _asked_for(self, line: str) -> tuple[str, Page]:
        method, _, rest = line.partition(" ")
        target, _, version = rest.partition(" ")
        if not version.startswith("HTTP/1."):
            return method, _plain(HTTPStatus.BAD_REQUEST)
        page = self._pages.get(target.partition("?")[0])
        if page is None:
            return method, _plain(HTTPStatus.NOT_FOUND)
        return method, page() if method in {"GET", "HEAD"} else _plain(HTTPStatus.METHOD_NOT_ALLOWED)


def _plain(status: HTTPStatus) -> Page:
    return Page(status=status, pieces=(f"{status.value} {status.phrase}\n",))


def _head(page: Page) -> str:
    lines = (
        f"HTTP/1.1 {page.status.value} {page.status.phrase}",
        f"Content-Type: {page.type}",
        "Transfer-Encoding: chunked",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
    )
    return "\r\n".join(lines) + "\r\n\r\n"


def _chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    for data in (piece.encode() for piece in pieces):
        if data:  # an empty chunk is the end
            yield b"%x\r\n%b\r\n" % (len(data), data)
    yield b"0\r\n\r\n"
