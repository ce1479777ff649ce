"""The way of one attempt: its requests one after the other, under one bound."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

import aiohttp
from aiohttp import ClientResponse, ClientSession, CookieJar, encode_basic_auth
from multidict import CIMultiDict
from yarl import URL

from allup.http.answer import content_length, content_type, http_version, printable_location, retry_after_s, reuse
from allup.http.budget import Budget
from allup.http.connections import Connections
from allup.http.exchange import CURRENT, Exchange
from allup.http.failures import failure_of, redirect_failure, timeout_failure
from allup.http.family_failures import check_family
from allup.http.proxies import Proxy, ProxyChoice
from allup.http.proxy_failures import unknown_to_proxy
from allup.http.redirects import REDIRECTS, Leg
from allup.http.robot_walls import robot_wall
from allup.http.scene import Scene
from allup.http.tls import TlsContext, tls_of
from allup.http.wire import ConnectionLost, StaleConnection
from allup.lists.url import BadUrl, printable_url
from allup.model.attempt import Attempt, Hop, Timings
from allup.model.clock import Clock
from allup.model.failure import Failure, FailureKind, Phase
from allup.model.settings import HttpSettings
from allup.model.target import Target

_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
"""RFC 9110, section 9.2.2: what may be asked again where nobody knows whether it was heard."""
_HEAD_REFUSED: Final = frozenset({405, 501})
"""Method Not Allowed and Not Implemented: what a server that has no HEAD says to it."""

_ASKS_WHO: Final = 407
"""Proxy Authentication Required."""


class Journey:
    """One attempt at one target: follows redirects, notes every hop, and ends in an `Attempt`."""

    def __init__(
        self,
        *,
        session: ClientSession,
        tls: TlsContext,
        settings: HttpSettings,
        clock: Clock,
        connections: Connections,
        proxies: ProxyChoice,
        target: Target,
        waited_s: float,
        mover: Callable[[str], Awaitable[float]] | None = None,
    ) -> None:
        self._session = session
        self._tls = tls
        self._settings = settings
        self._clock = clock
        self._connections = connections
        self._proxies = proxies
        self._target = target
        self._waited_s = waited_s
        self._mover = mover
        self._moved_s = 0.0
        self._host = target.host
        self._leg = Leg.first(target)
        self._hops: list[Hop] = []
        self._cookies: CookieJar | None = None
        self._exchange: Exchange | None = None
        self._response: ClientResponse | None = None
        self._started_at = self._began_at = 0.0

    @property
    def phase(self) -> Phase:
        """The phase of the request that is under way."""
        return Phase.BLOCKED if self._exchange is None else self._exchange.phase

    async def travel(self) -> Attempt:
        """Go to the end and return what came back."""
        url = URL(self._leg.href, encoded=True)
        if _speaks_tls(url, self._proxies.of(url)):
            await self._tls.get()  # what is ours to prepare is no part of the server's time
        self._started_at, self._began_at = self._clock.wall(), self._clock.monotonic()
        failure = await self._bounded()
        attempt = self._attempt(failure)
        if self._response is not None:
            await reuse(self._response)
        return attempt

    async def _bounded(self) -> Failure | None:
        budget = Budget(self._target.request.timeout_s, self._settings.connect_timeout_s)
        try:
            async with budget:
                return await self._follow(budget)
        except Exception as error:  # noqa: BLE001 - whatever it is, it takes down this attempt and not the run
            overrun_s = budget.overrun_s
            return failure_of(error, self._scene) if overrun_s is None else timeout_failure(overrun_s, self._scene)

    async def _follow(self, budget: Budget) -> Failure | None:
        while True:
            response = await self._answer(budget)
            location = self._location(response)
            if location is None:
                self._response = response
                return self._unknown_to_proxy(response) or self._missing_location(response)
            self._keep_cookies(response)
            await reuse(response)
            failure = self._go_on(response.status, location)
            if failure is not None:
                self._response = response
                return failure
            await self._move(budget)

    async def _move(self, budget: Budget) -> None:
        if self._mover is None or self._leg.host == self._host:
            return
        with budget.suspended():
            self._moved_s += await self._mover(self._leg.host)
        self._host = self._leg.host

    async def _answer(self, budget: Budget) -> ClientResponse:
        if self._leg.method == "HEAD":
            response = await self._answer_to_head(budget)
            if response is not None:
                return response
            self._leg = replace(self._leg, method="GET")
        return await self._ask(budget)

    async def _answer_to_head(self, budget: Budget) -> ClientResponse | None:
        try:
            async with asyncio.timeout(budget.left_s / 2):  # the other half is for GET
                response = await self._ask(budget)
        except (TimeoutError, ConnectionLost, aiohttp.ClientResponseError) as error:
            if self._scene.proxy is not None and not isinstance(error, TimeoutError):
                raise  # nobody has heard of the HEAD
            return None
        had_body = self._exchange is not None and self._exchange.unasked_body
        if response.status in _HEAD_REFUSED or had_body:
            await reuse(response)
            return None
        return response

    async def _ask(self, budget: Budget) -> ClientResponse:
        try:
            return await self._ask_once(budget)
        except StaleConnection:
            if self._leg.method not in _IDEMPOTENT:
                raise
            return await self._ask_once(budget, fresh=True)

    async def _ask_once(self, budget: Budget, *, fresh: bool = False) -> ClientResponse:
        url = URL(self._leg.href, encoded=True)
        proxy = self._proxies.of(url)
        context = await self._tls.get() if _speaks_tls(url, proxy) else True
        first = url if proxy is None else proxy.url
        budget.connecting()
        self._exchange = Exchange(
            self._clock.monotonic,
            named=is_name(first),
            on_ready=budget.connected,
            connections=self._connections,
            proxy=proxy,
        )
        CURRENT.set(self._exchange)
        if not self._exchange.named:
            check_family(first.raw_host or "", self._settings.family)
        return await self._session.request(
            self._leg.method,
            url if url.raw_user is None else url.with_user(None),
            headers=self._headers(url, proxy),
            proxy=None if proxy is None else proxy.url,
            proxy_headers=None if proxy is None else proxy.headers,
            allow_redirects=False,
            ssl=context,
            # The pool keeps connections by host and by what they were made with: to name the host
            # once more changes nothing but that, and so this one is new, where others may be stale too.
            server_hostname=url.raw_host if fresh else None,
        )

    @property
    def _scene(self) -> Scene:
        exchange = self._exchange
        return Scene(
            phase=self.phase,
            settings=self._settings,
            proxy=None if exchange is None else exchange.unpassed_proxy,
            rejected=None if exchange is None else exchange.rejected,
        )

    def _headers(self, url: URL, proxy: Proxy | None) -> CIMultiDict[str]:
        headers = CIMultiDict(self._leg.headers)
        if proxy is not None and url.scheme == "http":  # where there is no tunnel, the proxy reads these
            headers.update(proxy.headers)
        if url.raw_user is not None and "Authorization" not in headers:
            headers["Authorization"] = encode_basic_auth((url.user or "").replace(":", "%3A"), url.password or "")
        if self._cookies is not None:
            held = self._cookies.filter_cookies(url)
            sent = [headers.get("Cookie"), *(f"{name}={morsel.coded_value}" for name, morsel in held.items())]
            if any(sent):
                headers["Cookie"] = "; ".join(filter(None, sent))
        return headers

    def _location(self, response: ClientResponse) -> str | None:
        if response.status not in REDIRECTS or not self._target.request.follow:
            return None
        return response.headers.get("Location")

    def _unknown_to_proxy(self, response: ClientResponse) -> Failure | None:
        proxy = None if self._exchange is None else self._exchange.proxy
        asks_who = response.status == _ASKS_WHO and self._leg.href.startswith("http:")
        if proxy is None or not asks_who or response.status in self._target.expectation.statuses:
            return None
        return unknown_to_proxy(proxy)

    def _missing_location(self, response: ClientResponse) -> Failure | None:
        followed = response.status in REDIRECTS and self._target.request.follow
        if not followed or response.status in self._target.expectation.statuses:
            return None
        return redirect_failure(FailureKind.BAD_REDIRECT, f"{response.status} without a Location")

    def _keep_cookies(self, response: ClientResponse) -> None:
        set_cookies = response.headers.getall("Set-Cookie", ())
        if set_cookies:
            self._cookies = self._cookies or CookieJar(unsafe=True)  # unsafe: IP addresses too
            self._cookies.update_cookies_from_headers(set_cookies, URL(self._leg.href, encoded=True))

    def _go_on(self, status: int, location: str) -> Failure | None:
        if len(self._hops) >= self._settings.max_redirects:
            return redirect_failure(FailureKind.TOO_MANY_REDIRECTS, f"more than {len(self._hops)} redirects")
        try:
            onward = self._leg.onward(status, location)
        except BadUrl as error:
            return redirect_failure(
                FailureKind.BAD_REDIRECT, f"{status} to {printable_url(location)}, which cannot be followed: {error}"
            )
        self._hops.append(Hop(status=status, url=self._leg.url))
        self._leg = onward
        return None

    def _attempt(self, failure: Failure | None) -> Attempt:
        exchange, response = self._exchange, self._response
        return Attempt(
            started_at=self._started_at,
            elapsed_s=self._clock.monotonic() - self._began_at - self._moved_s,
            method=self._leg.method,
            failure=failure,
            status=None if response is None else response.status,
            final_url=self._leg.url,
            location=None if response is None else printable_location(response),
            redirects=tuple(self._hops),
            timings=Timings() if exchange is None else exchange.timings(self._waited_s + self._moved_s),
            address=None if exchange is None else exchange.address,
            http_version=None if response is None else http_version(response),
            content_type=None if response is None else content_type(response),
            content_length=None if response is None else content_length(response),
            retry_after_s=None if response is None else retry_after_s(response, self._clock.wall()),
            robot_wall=None if response is None else robot_wall(response.status, response.headers),
            tls=None if exchange is None else tls_of(exchange.tls),
        )


def _speaks_tls(url: URL, proxy: Proxy | None) -> bool:
    return url.scheme == "https" or (proxy is not None and proxy.secure)


def is_name(url: URL) -> bool:
    """Say whether the host has to be looked up: in a WHATWG URL, an address ends in a digit or is in brackets."""
    host = url.raw_host or ""
    return ":" not in host and not host.rpartition(".")[2].isdigit()
