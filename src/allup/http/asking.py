"""The requests of one attempt, each until there is an answer to it."""

import asyncio
from dataclasses import replace
from typing import Final

import aiohttp
from aiohttp import ClientResponse, CookieJar
from multidict import CIMultiDict
from yarl import URL

from allup.http.answer import reuse
from allup.http.budget import Budget
from allup.http.credentials import add_cookie, add_user
from allup.http.equipment import Equipment
from allup.http.exchange import CURRENT, Exchange
from allup.http.family_failures import check_family
from allup.http.proxies import Proxy
from allup.http.redirects import Leg, origin
from allup.http.scene import Scene
from allup.http.wire import ConnectionLost, StaleConnection
from allup.model.failure import Phase

_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
"""RFC 9110, section 9.2.2: what may be asked again where nobody knows whether it was heard."""
_HEAD_REFUSED: Final = frozenset({405, 501})
"""Method Not Allowed and Not Implemented: what a server that has no HEAD says to it."""


class Asking:
    """Asks one leg after the other, as `leg` says; credentials of the run are for the origin of the first one alone.

    A HEAD that a server refuses or mishandles is asked as GET, and `leg` then says so; what was
    lost on a stale connection is asked once more. `exchange` is the request that is under way.
    """

    def __init__(self, equipment: Equipment, first: Leg) -> None:
        self._equipment = equipment
        self._settings = equipment.settings
        self._home = origin(first.href)
        self.leg = first
        self.exchange: Exchange | None = None

    @property
    def phase(self) -> Phase:
        """The phase of the request that is under way."""
        return Phase.BLOCKED if self.exchange is None else self.exchange.phase

    @property
    def scene(self) -> Scene:
        """Where the request that is under way stands."""
        exchange = self.exchange
        return Scene(
            phase=self.phase,
            settings=self._settings,
            proxy=None if exchange is None else exchange.unpassed_proxy,
            rejected=None if exchange is None else exchange.rejected,
        )

    async def prepare(self) -> None:
        """Make what is needed before the first request and is no part of the server's time."""
        url = URL(self.leg.href, encoded=True)
        if _speaks_tls(url, self._equipment.proxies.of(url)):
            await self._equipment.tls.get()

    async def answer(self, budget: Budget, cookies: CookieJar | None) -> ClientResponse:
        """Return the answer to `leg`, its body unread; raises what aiohttp raises."""
        if self.leg.method == "HEAD":
            response = await self._answer_to_head(budget, cookies)
            if response is not None:
                return response
            self.leg = replace(self.leg, method="GET")
        return await self._ask(budget, cookies)

    async def _answer_to_head(self, budget: Budget, cookies: CookieJar | None) -> ClientResponse | None:
        try:
            async with asyncio.timeout(budget.left_s / 2):  # the other half is for GET
                response = await self._ask(budget, cookies)
        except (TimeoutError, ConnectionLost, aiohttp.ClientResponseError) as error:
            if self.scene.proxy is not None and not isinstance(error, TimeoutError):
                raise  # nobody has heard of the HEAD
            return None
        had_body = self.exchange is not None and self.exchange.unasked_body
        if response.status in _HEAD_REFUSED or had_body:
            await reuse(response)
            return None
        return response

    async def _ask(self, budget: Budget, cookies: CookieJar | None) -> ClientResponse:
        try:
            return await self._ask_once(budget, cookies)
        except StaleConnection:
            if self.leg.method not in _IDEMPOTENT:
                raise
            return await self._ask_once(budget, cookies, fresh=True)

    async def _ask_once(self, budget: Budget, cookies: CookieJar | None, *, fresh: bool = False) -> ClientResponse:
        url = URL(self.leg.href, encoded=True)
        proxy = self._equipment.proxies.of(url)
        context = await self._equipment.tls.get() if _speaks_tls(url, proxy) else True
        budget.connecting()
        self._begin(url if proxy is None else proxy.url, proxy, budget)
        return await self._equipment.session.request(
            self.leg.method,
            url if url.raw_user is None else url.with_user(None),
            headers=self._headers(url, proxy, cookies),
            data=self.leg.data,
            proxy=None if proxy is None else proxy.url,
            proxy_headers=None if proxy is None else proxy.headers,
            allow_redirects=False,
            ssl=context,
            # The pool keeps connections by host and by what they were made with: to name the host
            # once more changes nothing but that, and so this one is new, where others may be stale too.
            server_hostname=url.raw_host if fresh else None,
        )

    def _begin(self, peer: URL, proxy: Proxy | None, budget: Budget) -> None:
        exchange = self.exchange = Exchange(
            self._equipment.clock.monotonic,
            named=is_name(peer),
            on_ready=budget.connected,
            connections=self._equipment.connections,
            proxy=proxy,
        )
        CURRENT.set(exchange)
        if not exchange.named:
            check_family(peer.raw_host or "", self._settings.family)

    def _headers(self, url: URL, proxy: Proxy | None, cookies: CookieJar | None) -> CIMultiDict[str]:
        headers = CIMultiDict(self.leg.headers)
        if proxy is not None and url.scheme == "http":  # where there is no tunnel, the proxy reads these
            headers.update(proxy.headers)
        if url.raw_user is not None or self._settings.is_somebody:
            at_home = origin(self.leg.href) == self._home
            add_user(headers, url, self._settings, at_home=at_home)
            add_cookie(headers, self._settings, at_home=at_home)
        if cookies is not None:
            held = cookies.filter_cookies(url)
            sent = [headers.get("Cookie"), *(f"{name}={morsel.coded_value}" for name, morsel in held.items())]
            if any(sent):
                headers["Cookie"] = "; ".join(filter(None, sent))
        return headers


def _speaks_tls(url: URL, proxy: Proxy | None) -> bool:
    return url.scheme == "https" or (proxy is not None and proxy.secure)


def is_name(url: URL) -> bool:
    """Say whether the host has to be looked up: in a WHATWG URL, an address ends in a digit or is in brackets."""
    host = url.raw_host or ""
    return ":" not in host and not host.rpartition(".")[2].isdigit()
