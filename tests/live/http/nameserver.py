"""A DNS server of the tests' own on loopback, over UDP (RFC 1035)."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

A: Final = 1
AAAA: Final = 28
_NO_SUCH_NAME: Final = 3
_ANSWER: Final = 0x8180


class NameServer(asyncio.DatagramProtocol):
    """Knows names and their addresses, and notes what it was asked; `codes` are answers without any."""

    def __init__(self) -> None:
        self.known: dict[str, list[str]] = {}
        self.codes: dict[str, int] = {}
        self.asked: list[str] = []
        self.address = ""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        name, end = _name(data)
        (kind,) = struct.unpack_from("!H", data, end)
        self.asked.append(name)
        records = [_record(address) for address in self.known.get(name, []) if (":" in address) is (kind == AAAA)]
        code = self.codes.get(name, 0 if name in self.known else _NO_SUCH_NAME)
        head = data[:2] + struct.pack("!HHHHH", _ANSWER | code, 1, len(records), 0, 0)
        self._transport.sendto(head + data[12 : end + 4] + b"".join(records), addr)


@asynccontextmanager
async def name_server(host: str = "127.0.0.1") -> AsyncIterator[NameServer]:
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(NameServer, local_addr=(host, 0))
    port = transport.get_extra_info("sockname")[1]
    server.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        yield server
    finally:
        transport.close()


def _name(data: bytes) -> tuple[str, int]:
    labels, place = [], 12
    while data[place]:
        labels.append(data[place + 1 : place + 1 + data[place]].decode())
        place += 1 + data[place]
    return ".".join(labels).lower(), place + 1


def _record(address: str) -> bytes:
    six = ":" in address
    packed = socket.inet_pton(socket.AF_INET6 if six else socket.AF_INET, address)
    return b"\xc0\x0c" + struct.pack("!HHIH", AAAA if six else A, 1, 60, len(packed)) + packed
