"""The aiohttp session of a run: how it is made, and why so."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

from allup.http.resolver import FAMILIES, open_resolver
from allup.http.tap import HEAD_BYTES
from allup.http.wire import Connector, TimedRequest, TimedResponse, open_socket
from allup.model.settings import HttpSettings

KEEPALIVE_S: Final = 2.0
"""How long an idle connection is kept: the next target of a host is rarely far, and idle ones cost descriptors."""

_NOWHERE: Final = logging.NullHandler()


@asynccontextmanager
async def open_session(settings: HttpSettings) -> AsyncIterator[ClientSession]:
    """Open the session that all attempts of a run share, and close it with its connections.

    The pool has no limit, since whose turn it is was decided before; aiohttp's own timeouts are
    off, since an attempt is bounded as a whole; bodies stay as they came, and no cookie outlives
    a target. What aiohttp logs would reach stderr, where nobody has set up logging, with text of the
    server's in it and its cookies. Raises ResolversError.
    """
    logging.getLogger("aiohttp").addHandler(_NOWHERE)
    async with (
        open_resolver(settings) as resolver,
        ClientSession(
            connector=Connector(
                limit=0,
                keepalive_timeout=KEEPALIVE_S,
                socket_factory=open_socket,
                resolver=resolver,
                family=FAMILIES[settings.family],
            ),
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
            max_line_size=HEAD_BYTES,  # the tap bounds the head as a whole
            max_field_size=HEAD_BYTES,
            max_headers=HEAD_BYTES,
            headers={"User-Agent": settings.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"},
            request_class=TimedRequest,
            response_class=TimedResponse,
        ) as session,
    ):
        yield session
