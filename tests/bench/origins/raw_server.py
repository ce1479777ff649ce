"""A process of origins without a framework: prebuilt bytes as soon as a request is there, or after its latency.

Run by `python_origins` with the descriptors of sockets that listen already. It counts what it has answered in a file
that both have mapped, and ends when its standard input does.
"""

import asyncio
import mmap
import os
import socket
import ssl
import sys
from pathlib import Path
from typing import Final, cast

import uvloop

from bench.origins.answer import ANSWER

_END: Final = b"\r\n\r\n"
_LATE: Final = b"GET /wait/"
NOT_READY: Final = b"\xff" * 8
"""What a counter is before its process listens to anybody."""


class Counter:
    """How many requests were answered: one slot of a file for each process."""

    def __init__(self, file: Path, slot: int) -> None:
        with file.open("r+b") as opened:
            self._slots = memoryview(mmap.mmap(opened.fileno(), 0)).cast("Q")
        self._slot = slot

    def begin(self) -> None:
        self._slots[self._slot] = 0

    def add(self) -> None:
        self._slots[self._slot] += 1


class Origin(asyncio.Protocol):
    """One connection."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._received.endswith(_END):
            return
        request, self._received = self._received, b""
        if request.startswith(_LATE):
            latency = float(request[len(_LATE) : request.index(b"/", len(_LATE))])
            asyncio.get_running_loop().call_later(latency, self._answer)
        else:
            self._answer()

    def _answer(self) -> None:
        assert self._transport is not None
        if not self._transport.is_closing():
            self._counter.add()
            self._transport.write(ANSWER)


async def serve(sockets: list[socket.socket], counter: Counter, context: ssl.SSLContext | None) -> None:
    """Answer at all `sockets` until standard input ends."""
    loop = asyncio.get_running_loop()
    for listening in sockets:
        await loop.create_server(lambda: Origin(counter), sock=listening, ssl=context, backlog=1024)
    counter.begin()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)
    await ended.wait()
    os._exit(0)  # there is nothing to say goodbye for


def main(counts: str, slot: str, descriptors: str, certificate: str = "") -> None:
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    sockets = [socket.socket(fileno=int(descriptor)) for descriptor in descriptors.split(",")]
    uvloop.run(serve(sockets, Counter(Path(counts), int(slot)), context))


if __name__ == "__main__":
    main(*sys.argv[1:])
