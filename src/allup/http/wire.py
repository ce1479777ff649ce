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
from aiohttp import ClientRequest, ClientResponse, ClientTimeout, ServerDisconnectedError, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.tracing import Trace

from allup.http.exchange import CURRENT, Exchange
from allup.http.tap import Tap

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]


class ConnectionLost(aiohttp.ClientError):
    """A connection ended before an answer; the cause says how. It is none that aiohttp itself retries."""


class StaleConnection(ConnectionLost):
    """It was a kept-alive one, which may have been closed long before (RFC 9112, section 9.3.1)."""


class NotHttp(aiohttp.ClientError):
    """What came is no HTTP; the message says what it is."""


def open_socket(address_info: AddressInfo) -> socket.socket:
    """Return the socket that aiohttp would make, and note that connecting begins."""
    CURRENT.get().socket_made()
    family, kind, protocol = address_info[:3]
    return socket.socket(family, kind, protocol)


class Connector(TCPConnector):
    """A connector that raises `ConnectionLost` where a proxy ends the connection before the tunnel is there."""

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109 - the signature is aiohttp's
    ) -> Connection:
        """Connect as ever."""
        try:
            return await super().connect(req, traces, timeout)
        except (aiohttp.ClientConnectorError, aiohttp.ClientConnectorCertificateError):
            raise
        except (ServerDisconnectedError, aiohttp.ClientOSError) as error:
            raise ConnectionLost from error
        except aiohttp.ClientConnectionError as error:
            stumbled = _stumbled(req, error)
            if stumbled is None:
                raise
            raise stumbled from error


class TimedRequest(ClientRequest):
    """A request that notes when it has its connection and when it is written.

    It and `TimedResponse` raise `ConnectionLost` where a fresh connection ends before an answer.
    """

    async def send(self, conn: Connection) -> ClientResponse:
        """Send as ever, and note the connection's far end."""
        exchange = CURRENT.get()
        exchange.connection_ready()
        with _told_from_stale(exchange):
            _listen(conn, exchange, bodyless=self.method == "HEAD")
            exchange.tls = _session(conn) if self.is_ssl() else None
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


def _stumbled(req: ClientRequest, error: aiohttp.ClientConnectionError) -> Exception | None:
    # Before 3.11.8, Python stumbles over a handshake that fails within TLS (its issue 113214).
    cause = error.__cause__.__context__ if isinstance(error.__cause__, TypeError) else None
    match cause:
        case ssl.SSLCertVerificationError():
            return aiohttp.ClientConnectorCertificateError(req.connection_key, cause)
        case ssl.SSLError():
            return aiohttp.ClientConnectorSSLError(req.connection_key, cause)
        case _:
            return None


@contextmanager
def _told_from_stale(exchange: Exchange) -> Iterator[None]:
    try:
        yield
    except (ServerDisconnectedError, OSError) as error:
        raise (ConnectionLost if exchange.fresh else StaleConnection) from error


def _listen(connection: Connection, exchange: Exchange, *, bodyless: bool) -> None:
    transport, handler = connection.transport, connection.protocol
    if transport is None or handler is None:
        raise ServerDisconnectedError
    if isinstance(handler.exception(), HttpProcessingError) and exchange.fresh:
        raise NotHttp("it spoke before it was asked, as SSH, FTP and mail servers do")
    if handler.should_close and not _answered_early(handler, exchange):
        # What came on an idle connection is no answer to what is asked on it now.
        raise ServerDisconnectedError
    exchange.address = _peer(transport) if exchange.proxy is None else None
    tap = transport.get_protocol()
    if not isinstance(tap, Tap):
        tap = Tap(handler, transport, exchange.connections)
        transport.set_protocol(tap)
    if exchange.connections.crowded:
        handler.force_close()  # once it has served
    tap.expect_answer(exchange, bodyless=bodyless)
    connection.add_callback(tap.rest)


def _session(connection: Connection) -> ssl.SSLObject | None:
    # Towards a target without TLS there may still be one with a proxy, which says nothing of the target.
    return None if connection.transport is None else connection.transport.get_extra_info("ssl_object")


def _answered_early(handler: ResponseHandler, exchange: Exchange) -> bool:
    # A server that is full says so on accept; a moment later, it would count as well.
    return exchange.fresh and handler.is_connected() and handler.exception() is None


def _peer(transport: asyncio.Transport) -> str | None:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if isinstance(peer, tuple) else None
