"""The hooks by which an `Exchange` learns how far aiohttp is with it.

aiohttp's own tracing has no end of TCP connect under TLS, no address, and costs several callbacks
a request. The classes here are the ones that its session and connector take as parameters.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
from aiohttp import ClientRequest, ClientResponse, ServerDisconnectedError
from aiohttp.connector import Connection

from allup.http.exchange import CURRENT, Exchange

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]


class ConnectionLost(aiohttp.ClientError):
    """A connection ended before an answer; the cause says how. It is none that aiohttp itself retries."""


class StaleConnection(ConnectionLost):
    """It was a kept-alive one, which may have been closed long before (RFC 9112, section 9.3.1)."""


def open_socket(address_info: AddressInfo) -> socket.socket:
    """Return the socket that aiohttp would make, and note that connecting begins."""
    CURRENT.get().socket_made()
    family, kind, protocol = address_info[:3]
    return socket.socket(family, kind, protocol)


class TimedSslContext(ssl.SSLContext):
    """An SSL context that notes when a handshake begins: asyncio and uvloop wrap the socket's bytes just then."""

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        """Wrap as ever, and note that TCP is connected."""
        CURRENT.get().tls_began()
        return super().wrap_bio(*args, **kwargs)


class TimedRequest(ClientRequest):
    """A request that notes when it has its connection and when it is written.

    It and `TimedResponse` raise `ConnectionLost` where a fresh connection ends before an answer.
    """

    async def send(self, conn: Connection) -> ClientResponse:
        """Send as ever, and note the connection's far end."""
        exchange = CURRENT.get()
        exchange.connection_ready()
        if conn.transport is not None:
            exchange.address = _peer(conn.transport)
            exchange.tls = conn.transport.get_extra_info("ssl_object")
        with _told_from_stale(exchange):
            response = await super().send(conn)
        exchange.request_sent()
        return response


class TimedResponse(ClientResponse):
    """A response that notes when its headers are there."""

    async def start(self, connection: Connection) -> ClientResponse:
        """Read the headers as ever."""
        exchange = CURRENT.get()
        with _told_from_stale(exchange):
            await super().start(connection)
        exchange.headers_received()
        return self


@contextmanager
def _told_from_stale(exchange: Exchange) -> Iterator[None]:
    try:
        yield
    except (ServerDisconnectedError, OSError) as error:
        raise (ConnectionLost if exchange.fresh else StaleConnection) from error


def _peer(transport: asyncio.Transport) -> str | None:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if isinstance(peer, tuple) else None
