"""The floor in Python: a protocol on uvloop that understands just these answers. Prints how many by status.

A connection asks one URL after the other, as long as they are of its origin; for another origin there is a new one.
"""

import asyncio
import re
import ssl
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import uvloop

HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) .*?\r\ncontent-length: (\d+)(?=\r\n).*?\r\n\r\n", re.DOTALL | re.IGNORECASE)
Origin = tuple[str, str]


class Connection(asyncio.Protocol):
    """One connection, with one request at a time."""

    def __init__(self) -> None:
        self._received = b""
        self._answered: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class

    async def ask(self, host: str, path: str) -> int:
        """Return the status of the answer."""
        assert self._transport is not None
        self._received = b""
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        return await self._answered

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = HEAD.match(self._received)
        if head and self._answered and len(self._received) == head.end() + int(head[2]):
            self._answered.set_result(int(head[1]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered and not self._answered.done():
            self._answered.set_exception(exc or ConnectionResetError())

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()


async def work(urls: Iterator[str], statuses: Counter[int], context: ssl.SSLContext) -> None:
    loop = asyncio.get_running_loop()
    current: Connection | None = None
    origin: Origin | None = None
    for url in urls:
        scheme, _, host, path = url.split("/", 3)
        if current is None or (scheme, host) != origin:
            if current:
                current.close()
            origin = scheme, host
            address, port = host.split(":")
            tls = context if scheme == "https:" else None
            _, current = await loop.create_connection(Connection, address, int(port), ssl=tls)
        statuses[await current.ask(host, path)] += 1


async def main(urls: list[str], concurrency: int, ca_file: str) -> None:
    statuses: Counter[int] = Counter()
    context = ssl.create_default_context(cafile=ca_file)
    async with asyncio.TaskGroup() as group:
        shared = iter(urls)
        for _ in range(concurrency):
            group.create_task(work(shared, statuses, context))
    for status, count in statuses.items():
        print(status, count)  # noqa: T201


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1]).read_text("utf-8").split(), int(sys.argv[2]), sys.argv[3]))
