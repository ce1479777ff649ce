"""The way of one attempt: its requests one after the other, under one bound."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import CookieJar
from yarl import URL

from allup.http.answer import (
    Answer,
    content_length,
    content_type,
    http_version,
    location_href,
    retry_after_s,
    reuse,
)
from allup.http.asking import Asking
from allup.http.body import BrokenBody, read_body
from allup.http.budget import Budget
from allup.http.equipment import Equipment
from allup.http.failures import failure_of, redirect_failure, timeout_failure
from allup.http.mask import password_in
from allup.http.place import Place, place_of
from allup.http.proxy_failures import ASKS_WHO, unknown_to_proxy
from allup.http.redirects import REDIRECTS, Leg
from allup.http.robot_walls import robot_wall
from allup.http.tls import tls_of
from allup.lists.url import BadUrl, printable_url
from allup.model.attempt import Attempt, Hop, Timings
from allup.model.failure import Failure, FailureKind, Phase
from allup.model.target import Target


class Journey:
    """One attempt at one target: follows redirects, notes every hop, and ends in an `Attempt`.

    A `receiver` is handed the answer that is as expected, to read its body itself, in time; `place_of` says
    where each URL on the way is asked.
    """

    def __init__(
        self,
        equipment: Equipment,
        target: Target,
        *,
        waited_s: float = 0.0,
        mover: Callable[[str], Awaitable[float]] | None = None,
        receiver: Callable[[Answer], Awaitable[None]] | None = None,
        place_of: Callable[[str], Place] = place_of,
    ) -> None:
        self._equipment = equipment
        self._settings = equipment.settings
        self._clock = equipment.clock
        self._target = target
        self._waited_s = waited_s
        self._mover = mover
        self._receiver = receiver
        self._moved_s = 0.0
        self._host = target.host
        self._asking = Asking(equipment, Leg.first(target), place_of)
        self._mask = equipment.mask.with_more((*target.request.secrets, *password_in(target.href)))
        self._hops: list[Hop] = []
        self._cookies: CookieJar | None = None
        self._answer: Answer | None = None
        self._body: tuple[bytes, bool] | None = None
        self._started_at = self._began_at = 0.0

    @property
    def phase(self) -> Phase:
        """The phase of the request that is under way."""
        return self._asking.phase

    @property
    def href(self) -> str:
        """The URL of the request that is under way, a password included."""
        return self._asking.leg.href

    async def travel(self) -> Attempt:
        """Go to the end and return what came back."""
        await self._asking.prepare()
        self._started_at, self._began_at = self._clock.wall(), self._clock.monotonic()
        failure = await self._bounded()
        attempt = self._attempt(failure)
        if self._answer is None:
            return attempt
        if self._broke_off:
            self._answer.close()
        else:
            await reuse(self._answer)
        return await self._judged(attempt, self._answer)

    async def _bounded(self) -> Failure | None:
        budget = Budget(self._target.request.timeout_s, self._settings.connect_timeout_s)
        try:
            with budget:
                return await self._follow(budget) or await self._receive()
        except asyncio.CancelledError:
            if self._answer is not None:
                self._answer.close()
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it takes down this attempt and not the run
            overrun_s, scene = budget.overrun_s, self._asking.scene
            return failure_of(error, scene) if overrun_s is None else timeout_failure(overrun_s, scene)

    async def _follow(self, budget: Budget) -> Failure | None:
        while True:
            answer = await self._asking.answer(budget, self._cookies)
            location = self._location(answer)
            if location is None:
                self._answer = answer
                return self._unknown_to_proxy(answer) or self._missing_location(answer)
            self._keep_cookies(answer)
            await reuse(answer)
            failure = self._go_on(answer.status, location)
            if failure is not None:
                self._answer = answer
                return failure
            await self._move(budget)

    async def _receive(self) -> Failure | None:
        expected = self._target.expectation
        answer, exchange = self._answer, self._asking.exchange
        if answer is None or exchange is None or not (self._receiver or expected.answer.wants_body):
            return None
        if expected.judge_head(self._attempt(None)) is None:
            exchange.body_wanted(lambda: _break(answer))
            if self._receiver is None:
                self._body = await read_body(answer, self._settings.max_body)
            else:
                await self._receiver(answer)
            exchange.body_received()
        return None

    @property
    def _broke_off(self) -> bool:
        exchange = self._asking.exchange
        return exchange is not None and exchange.reading_body and self._body is None

    async def _judged(self, attempt: Attempt, answer: Answer) -> Attempt:
        # Here no time counts any more: it is this machine that is slow now.
        expected = self._target.expectation
        if not expected.answer or attempt.failure is not None or expected.judge_head(attempt) is not None:
            return attempt
        failure = await self._equipment.judges.judge(expected.answer, answer, self._body, self._settings.max_body)
        return attempt if failure is None else replace(attempt, failure=self._mask.failure(failure))

    async def _move(self, budget: Budget) -> None:
        host = self._asking.leg.host
        if self._mover is None or host == self._host:
            return
        with budget.suspended():
            self._moved_s += await self._mover(host)
        self._host = host

    def _location(self, answer: Answer) -> str | None:
        if answer.status not in REDIRECTS or not self._target.request.follow:
            return None
        return answer.headers.get("Location")

    def _unknown_to_proxy(self, answer: Answer) -> Failure | None:
        proxy = None if self._asking.exchange is None else self._asking.exchange.proxy
        asks_who = answer.status == ASKS_WHO and self._asking.leg.href.startswith("http:")
        if proxy is None or not asks_who or answer.status in self._target.expectation.statuses:
            return None
        return unknown_to_proxy(proxy)

    def _missing_location(self, answer: Answer) -> Failure | None:
        followed = answer.status in REDIRECTS and self._target.request.follow
        if not followed or answer.status in self._target.expectation.statuses:
            return None
        return redirect_failure(FailureKind.BAD_REDIRECT, f"{answer.status} without a Location")

    def _keep_cookies(self, answer: Answer) -> None:
        set_cookies = answer.headers.getall("Set-Cookie", ())
        if set_cookies:
            self._cookies = self._cookies or CookieJar(unsafe=True)  # unsafe: IP addresses too
            self._cookies.update_cookies_from_headers(set_cookies, URL(self._asking.leg.href, encoded=True))

    def _go_on(self, status: int, location: str) -> Failure | None:
        if len(self._hops) >= self._settings.max_redirects:
            return redirect_failure(FailureKind.TOO_MANY_REDIRECTS, f"more than {len(self._hops)} redirects")
        leg = self._asking.leg
        try:
            self._asking.leg = leg.onward(status, location)
        except BadUrl as error:
            return redirect_failure(
                FailureKind.BAD_REDIRECT, f"{status} to {printable_url(location)}, which cannot be followed: {error}"
            )
        self._hops.append(Hop(status=status, url=self._mask.text(leg.url)))
        return None

    def _attempt(self, failure: Failure | None) -> Attempt:
        exchange, answer, leg = self._asking.exchange, self._answer, self._asking.leg
        elapsed_s = self._clock.monotonic() - self._began_at - self._moved_s
        timings = Timings() if exchange is None else exchange.timings(self._waited_s + self._moved_s)
        if answer is None:
            return Attempt(
                started_at=self._started_at,
                elapsed_s=elapsed_s,
                method=leg.method,
                failure=self._mask.failure(failure),
                final_url=self._mask.text(leg.url),
                redirects=tuple(self._hops),
                timings=timings,
                address=None if exchange is None else exchange.address,
                tls=None if exchange is None else tls_of(exchange.tls),
            )
        location = answer.headers.get("Location")
        return Attempt(
            started_at=self._started_at,
            elapsed_s=elapsed_s,
            method=leg.method,
            failure=self._mask.failure(failure),
            status=answer.status,
            final_url=self._mask.text(leg.url),
            location=None if location is None else self._mask.text(printable_url(location)),
            location_href=None if location is None else location_href(location, leg.href),
            redirects=tuple(self._hops),
            timings=timings,
            address=None if exchange is None else exchange.address,
            http_version=http_version(answer),
            content_type=content_type(answer),
            content_length=content_length(answer),
            retry_after_s=retry_after_s(answer, self._clock.wall),
            robot_wall=robot_wall(answer.status, answer.headers),
            tls=None if exchange is None else tls_of(exchange.tls),
        )


def _break(answer: Answer) -> None:
    # What comes behind a body that is complete is none of its business.
    if not answer.content.is_eof():
        answer.content.set_exception(BrokenBody())
