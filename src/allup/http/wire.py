"""How a connection is made, and where its moments are noted.

aiohttp's own tracing has no end of TCP connect under TLS, no address, and costs several callbacks
a request; its session makes for each request much that nobody here asks for. Its connector and
the protocol of a connection are used as they are.
"""

import asyncio
import socket
import ssl
from functools import partial
from typing import Any

import aiohttp
from aiohttp import ClientRequest, ClientTimeout, ServerDisconnectedError, TCPConnector
from aiohttp.abc import AbstractResolver
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from allup.http.connections import Connections
from allup.http.exchange import CURRENT
from allup.http.line import Line
from allup.http.request import Request

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
    """A connector whose connections are a `Line` each.

    It raises `ConnectionLost` where a proxy ends the connection before the tunnel is there.
    """

    def __init__(
        self,
        *,
        connections: Connections,
        resolver: AbstractResolver,
        family: socket.AddressFamily,
        keepalive_timeout: float,
    ) -> None:
        super().__init__(
            limit=0,  # whose turn it is was decided before
            keepalive_timeout=keepalive_timeout,
            socket_factory=open_socket,
            resolver=resolver,
            family=family,
        )
        self._factory = partial(Line, connections=connections, loop=self._loop)  # type: ignore[assignment] # a Line is one

    async def line(self, request: Request) -> Connection:
        """Return a connection to send `request` on: one that has served, or a new one."""
        kept = await self._get(request.connection_key, [])
        if kept is not None:
            return kept
        request.on_connecting()
        return await self.connect(request, [], _NO_TIMEOUT)

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

    async def _wrap_create_connection(
        self, *args: Any, addr_infos: list[AddressInfo], **kwargs: Any
    ) -> tuple[asyncio.Transport, ResponseHandler]:
        if len(addr_infos) > 1:
            return await super()._wrap_create_connection(*args, addr_infos=addr_infos, **kwargs)
        # There is nothing to race for: the loop's own way to connect costs a third less than a socket made beforehand.
        host, port = addr_infos[0][4][:2]
        CURRENT.get().socket_made()
        return await self._wrap_existing_connection(*args, host=host, port=port, **kwargs)


_NO_TIMEOUT = ClientTimeout(total=None, sock_connect=None)
"""An attempt is bounded as a whole."""


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
