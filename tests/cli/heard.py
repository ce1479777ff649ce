"""A small server that keeps what it was asked, in a thread of its own."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future

from cli.driving import PATIENCE_S

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Heard:
    """A small server that keeps the head of every request; `url` is where it is."""

    def __init__(self, scheme: str, port: int) -> None:
        self.url = f"{scheme}://localhost:{port}/"
        self.heads: list[str] = []

    @property
    def head(self) -> str:
        (head,) = self.heads
        return head

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.splitlines()[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def listening(context: ssl.SSLContext | None = None) -> Iterator[Heard]:
    ready: Future[tuple[Heard, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def main() -> None:
        stop = asyncio.Event()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while True:
                    heard.heads.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip())
                    writer.write(ANSWER)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", ssl=context)
        async with server:
            heard = Heard("https" if context else "http", server.sockets[0].getsockname()[1])
            ready.set_result((heard, asyncio.get_running_loop(), stop))
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    heard, loop, stop = ready.result(PATIENCE_S)
    yield heard
    loop.call_soon_threadsafe(stop.set)
    thread.join(PATIENCE_S)
