"""The requests of one attempt, each until there is an answer to it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import aiohttp
from aiohttp import CookieJar
from multidict import CIMultiDict
from yarl import URL

from allup.http.answer import Answer, reuse
from allup.http.budget import Budget
from allup.http.credentials import add_cookie, add_user
from allup.http.equipment import Equipment
from allup.http.exchange import CURRENT, Exchange
from allup.http.family_failures import check_family
from allup.http.place import Place, origin, place_of
from allup.http.proxies import Proxy
from allup.http.redirects import Leg
from allup.http.request import Headers, headers_of
from allup.http.scene import Scene
from allup.http.wire import ConnectionLost, StaleConnection
from allup.lists.host import userinfo_of
from allup.model.failure import Phase

_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
"""RFC 9110, section 9.2.2: what may be asked again where nobody knows whether it was heard."""
_HEAD_REFUSED: Final = frozenset({405, 501})
"""Method Not Allowed and Not Implemented: what a server that has no HEAD says to it."""


class Asking:
    """Asks one leg after the other, as `leg` says; credentials of the run are for the origin of the first one alone.

    A HEAD that a server refuses or mishandles is asked as GET, and `leg` then says so; what was
    lost on a stale connection is asked once more. `exchange` is the request that is under way;
    `place_of` says where a URL is asked.
    """

    def __init__(self, equipment: Equipment, first: Leg, place_of: Callable[[str], Place] = place_of) -> None:
        self._equipment = equipment
        self._place_of = place_of
        self._settings = equipment.settings
        self._first_href = first.href
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
        if self._equipment.tls.made:
            return
        place = place_of(self.leg.href)
        if _speaks_tls(place, self._equipment.proxies.of(place)):
            await self._equipment.tls.get()

    async def answer(self, budget: Budget, cookies: CookieJar | None) -> Answer:
        """Return the answer to `leg`, its body unread; raises what aiohttp raises."""
        if self.leg.method == "HEAD":
            answer = await self._answer_to_head(budget, cookies)
            if answer is not None:
                return answer
            self.leg = replace(self.leg, method="GET")
        return await self._ask(budget, cookies)

    async def _answer_to_head(self, budget: Budget, cookies: CookieJar | None) -> Answer | None:
        try:
            async with asyncio.timeout(budget.left_s / 2):  # the other half is for GET
                answer = await self._ask(budget, cookies)
        except (TimeoutError, ConnectionLost, aiohttp.ClientResponseError) as error:
            if self.scene.proxy is not None and not isinstance(error, TimeoutError):
                raise  # nobody has heard of the HEAD
            return None
        had_body = self.exchange is not None and self.exchange.unasked_body
        if answer.status in _HEAD_REFUSED or had_body:
            await reuse(answer)
            return None
        return answer

    async def _ask(self, budget: Budget, cookies: CookieJar | None) -> Answer:
        try:
            return await self._ask_once(budget, cookies)
        except StaleConnection:
            if self.leg.method not in _IDEMPOTENT:
                raise
            return await self._ask_once(budget, cookies, fresh=True)

    async def _ask_once(self, budget: Budget, cookies: CookieJar | None, *, fresh: bool = False) -> Answer:
        leg, place = self.leg, self._place_of(self.leg.href)
        proxy = self._equipment.proxies.of(place)
        context = await self._equipment.tls.get() if _speaks_tls(place, proxy) else None
        return await self._equipment.session.ask(
            leg.method,
            leg.href,
            self._begin(place, proxy, budget),
            headers=self._headers(place, proxy, cookies),
            data=leg.data,
            context=context,
            fresh=fresh,
            on_connecting=budget.connecting,
        )

    def _begin(self, place: Place, proxy: Proxy | None, budget: Budget) -> Exchange:
        exchange = self.exchange = Exchange(
            self._equipment.clock.monotonic,
            place,
            on_ready=budget.connected,
            connections=self._equipment.connections,
            proxy=proxy,
        )
        CURRENT.set(exchange)
        if not exchange.named:
            host = place.address or place.host
            check_family(host if proxy is None else proxy.url.raw_host or "", self._settings.family)
        return exchange

    def _headers(self, place: Place, proxy: Proxy | None, cookies: CookieJar | None) -> Headers:
        headers = headers_of(self._settings.user_agent, self.leg.headers)
        has_user = "@" in self.leg.href and bool(userinfo_of(self.leg.href))
        told = proxy is not None and not place.secure  # where there is no tunnel, the proxy reads what is for it
        if not (told or has_user or cookies is not None or self._settings.is_somebody):
            return headers
        return tuple(self._with_more(CIMultiDict(headers), proxy if told else None, cookies).items())

    def _with_more(self, headers: CIMultiDict[str], proxy: Proxy | None, cookies: CookieJar | None) -> CIMultiDict[str]:
        url = URL(self.leg.href, encoded=True)
        if proxy is not None:
            headers.update(proxy.headers)
        at_home = origin(self.leg.href) == origin(self._first_href)
        add_user(headers, url, self._settings, at_home=at_home)
        add_cookie(headers, self._settings, at_home=at_home)
        if cookies is not None:
            held = cookies.filter_cookies(url)
            sent = [headers.get("Cookie"), *(f"{name}={morsel.coded_value}" for name, morsel in held.items())]
            if any(sent):
                headers["Cookie"] = "; ".join(filter(None, sent))
        return headers


def _speaks_tls(place: Place, proxy: Proxy | None) -> bool:
    return place.secure or (proxy is not None and proxy.secure)
