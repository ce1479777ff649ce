"""The web servers: which path gets which answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from allup.lab import answers, bodies, crowds, redirects, sitemaps
from allup.lab.connections import Connections
from allup.lab.traffic import Traffic
from allup.lab.visit import Visit, World

_ANSWERS: Final[dict[tuple[str, int], Callable[..., Awaitable[web.StreamResponse]]]] = {
    ("", 0): answers.ok,
    ("ok", 0): answers.ok,
    ("latency", 1): answers.latency,
    ("status", 1): answers.status,
    ("flaky", 2): answers.flaky,
    ("limited", 2): answers.limited,
    ("throttling", 2): crowds.throttling,
    ("collapsing", 2): crowds.collapsing,
    ("headers", 0): answers.headers,
    ("no-head", 0): answers.no_head,
    ("page", 0): answers.page,
    ("health", 0): answers.health,
    ("echo", 0): answers.echo,
    ("redirect", 1): redirects.chain,
    ("away", 0): redirects.away,
    ("loop", 1): redirects.loop,
    ("no-location", 0): redirects.no_location,
    ("bad-location", 0): redirects.bad_location,
    ("drip", 2): bodies.drip,
    ("endless", 0): bodies.endless,
    ("sitemap.xml", 0): sitemaps.sitemap,
    ("sitemap.xml.gz", 0): sitemaps.packed,
    ("sitemap-index.xml", 0): sitemaps.index,
}
"""By the first word of the path and how many words follow it."""

_PAGES: Final = {"/relative/here": redirects.here, "/relative/there": redirects.there}


async def answer(visit: Visit) -> web.StreamResponse:
    """Answer by the path of the request: 404 where it is unknown, 400 where a word of it makes no sense."""
    path = visit.request.path
    if path in _PAGES:
        return await _PAGES[path](visit)
    first, *rest = path.strip("/").split("/")
    responder = _ANSWERS.get((first, len(rest)))
    if responder is None:
        return answers.text(404, "the lab knows no such path")
    try:
        return await responder(visit, *rest)
    except ValueError as error:
        return answers.text(400, str(error))


class Website(web.Server):
    """A web server of the lab: aiohttp's low-level one, since routing and logging would only cost time."""

    def __init__(self, world: World, traffic: Traffic) -> None:
        super().__init__(self._handle, handler_cancellation=True, access_log=None)
        self._world = world
        self._traffic = traffic
        self.open = Connections(traffic)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self._traffic.request_began()
        try:
            return await answer(Visit(request, self._world))
        finally:
            self._traffic.request_ended()

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        """Take note of a new connection."""
        super().connection_made(handler, transport)
        self.open.opened(handler, transport)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        """Take note of a lost connection."""
        super().connection_lost(handler, exc)
        self.open.closed(handler)

    @property
    def busy(self) -> bool:
        """Whether a connection is open, or the task of one not over yet."""
        return bool(len(self.open) or self.connections)
