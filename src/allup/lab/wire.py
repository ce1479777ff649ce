"""Raw servers, for what no HTTP server would do: silence, resets, nonsense."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from typing import Final, cast

from allup.lab.connections import Connections
from allup.lab.traffic import Traffic

_LINGER_NOT_AT_ALL: Final = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_TLS_HANDSHAKE: Final = b"\x16"
_LONGEST_HEAD: Final = 65_536


def reset(transport: asyncio.Transport) -> None:
    """End the connection with RST in place of FIN."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT_AT_ALL)
    transport.abort()


def hang_up(transport: asyncio.Transport) -> None:
    """End the connection in an orderly way."""
    transport.close()


def talk_nonsense(transport: asyncio.Transport) -> None:
    """Say something that is not HTTP, and hang up."""
    transport.write(b"220 this is no web server, sorry\r\n\r\n")
    transport.close()


def talk_plainly(transport: asyncio.Transport) -> None:
    """Answer 400 in plain HTTP, as web servers do on a TLS handshake, and hang up."""
    transport.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    transport.close()


def break_off(transport: asyncio.Transport) -> None:
    """Promise a body, send half of it, and hang up."""
    transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nthe beginning, and no")
    transport.close()


_SCRIPTS: Final[dict[bytes, Callable[[asyncio.Transport], None]]] = {
    b"/reset": reset,
    b"/close": hang_up,
    b"/nonsense": talk_nonsense,
    b"/truncated": break_off,
}


class Silent(asyncio.Protocol):
    """Reads whatever comes and never answers, until the client leaves."""

    transport: asyncio.Transport

    def __init__(self, connections: Connections, traffic: Traffic) -> None:
        self._connections = connections
        self._traffic = traffic
        self._asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the connection."""
        self.transport = cast("asyncio.Transport", transport)
        self._connections.opened(self, self.transport)

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - whatever it is
        """Count the first bytes as a request."""
        if not self._asked:
            self._asked = True
            self._traffic.request_began()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - gone is gone
        """Count the request as over, and forget the connection."""
        if self._asked:
            self._traffic.request_ended()
        self._connections.closed(self)


class Abrupt(Silent):
    """Resets the connection as soon as it is made."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the connection, and reset it."""
        super().connection_made(transport)
        reset(self.transport)


class Scripted(Silent):
    """Reads the head of one request and does what its path says."""

    def __init__(self, connections: Connections, traffic: Traffic) -> None:
        super().__init__(connections, traffic)
        self._head = bytearray()

    def data_received(self, data: bytes) -> None:
        """Act as soon as the head is complete, or turns out to be none."""
        super().data_received(data)
        self._head += data
        if self._head.startswith(_TLS_HANDSHAKE) or len(self._head) > _LONGEST_HEAD:
            talk_plainly(self.transport)
        elif b"\r\n\r\n" in self._head:
            _SCRIPTS.get(_path(self._head), talk_plainly)(self.transport)


def _path(head: bytearray) -> bytes:
    words = bytes(head).split(None, 2)
    return words[1].partition(b"?")[0] if len(words) > 1 else b""
