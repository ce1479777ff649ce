"""What the attempts of a run share with each other, and how one request is asked over it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import ClientResponseError, RequestInfo, ServerDisconnectedError
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDict, CIMultiDictProxy

from allup.http.answer import Answer
from allup.http.connections import Connections
from allup.http.exchange import Exchange
from allup.http.line import HEAD_BYTES, Line
from allup.http.place import Place
from allup.http.quiet import keep_quiet
from allup.http.request import Headers, Request, written
from allup.http.resolver import FAMILIES, open_resolver
from allup.http.wire import ConnectionLost, Connector, NotHttp, StaleConnection
from allup.model.settings import HttpSettings

KEEPALIVE_S: Final = 2.0
"""How long an idle connection is kept: the next target of a host is rarely far, and idle ones cost descriptors."""


class Session:
    """Asks over the connections of `connector`."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector

    async def ask(
        self,
        method: str,
        href: str,
        exchange: Exchange,
        *,
        headers: Headers,
        data: bytes | None = None,
        context: ssl.SSLContext | None = None,
        fresh: bool = False,
        on_connecting: Callable[[], None],
    ) -> Answer:
        """Send one request and return the head of its answer; raises what aiohttp raises, and ConnectionLost."""
        place, proxy = exchange.place, exchange.proxy
        text = written(method, href, place, headers, data, whole_url=proxy is not None and not place.secure)
        connection = await self.connector.line(
            Request(place, context=context, proxy=proxy, fresh=fresh, on_connecting=on_connecting)
        )
        try:
            return await _asked_on(connection, exchange, text, bodyless=method == "HEAD")
        except BaseException as error:
            connection.close()
            if isinstance(error, HttpProcessingError):
                raise _answered_badly(error, method, place) from error
            if isinstance(error, ServerDisconnectedError | OSError):
                raise (ConnectionLost if exchange.fresh else StaleConnection) from error
            raise


async def _asked_on(connection: Connection, exchange: Exchange, text: bytes, *, bodyless: bool) -> Answer:
    line = connection.protocol
    if not isinstance(line, Line):
        raise ServerDisconnectedError
    line.set_response_params(
        skip_payload=bodyless,
        read_until_eof=True,
        auto_decompress=False,
        max_line_size=HEAD_BYTES,  # the line bounds the head as a whole
        max_field_size=HEAD_BYTES,
        max_headers=HEAD_BYTES,
    )
    exchange.connection_ready()
    transport = _checked(line, exchange)
    line.expect_answer(exchange, bodyless=bodyless)
    transport.write(text)
    exchange.request_sent()
    message, content = await line.read()
    exchange.headers_received()
    return Answer(message, content, connection, line)


def _checked(line: Line, exchange: Exchange) -> asyncio.Transport:
    """Return the transport of `line`, where it can take a request; notes its far end."""
    transport = line.transport
    if transport is None:
        raise ServerDisconnectedError
    if exchange.fresh and isinstance(line.exception(), HttpProcessingError):
        raise NotHttp("it spoke before it was asked, as SSH, FTP and mail servers do")
    if transport.is_closing() or (line.should_close and not _answered_early(line, exchange)):
        # What came on an idle connection is no answer to what is asked on it now.
        raise ServerDisconnectedError
    if exchange.proxy is None:
        exchange.address = line.address
    # Towards a target without TLS there may still be one with a proxy, which says nothing of the target.
    exchange.tls = transport.get_extra_info("ssl_object") if exchange.place.secure else None
    if exchange.connections.crowded:
        line.force_close()  # once it has served
    return transport


def _answered_early(line: Line, exchange: Exchange) -> bool:
    # A server that is full says so on accept; a moment later, it would count as well.
    return exchange.fresh and line.exception() is None


def _answered_badly(error: HttpProcessingError, method: str, place: Place) -> ClientResponseError:
    info = RequestInfo(place.url, method, CIMultiDictProxy(CIMultiDict()), place.url)
    return ClientResponseError(info, (), status=error.code, message=error.message, headers=error.headers)


def _connector_for(settings: HttpSettings) -> type[Connector]:
    if settings.addresses is None:
        return Connector
    from allup.http.address_connector import AddressConnector  # noqa: PLC0415 - most ask one address of a name

    return AddressConnector


@asynccontextmanager
async def open_session(settings: HttpSettings, connections: Connections) -> AsyncIterator[Session]:
    """Open the session that all attempts of a run share, and close it with its connections; raises ResolversError."""
    keep_quiet(asyncio.get_running_loop())
    async with open_resolver(settings) as resolver:
        connector = _connector_for(settings)(
            connections=connections,
            resolver=resolver,
            family=FAMILIES[settings.family],
            keepalive_timeout=KEEPALIVE_S,
        )
        async with connector:
            yield Session(connector)
