"""What a worker does for one run: the engine, whose targets come in and whose results are asked for."""

import asyncio
import traceback
from collections.abc import Sequence
from typing import Final

from allup.model.clock import Clock
from allup.model.result import Result, Verdict
from allup.model.settings import CheckSettings
from allup.model.stop import Stop
from allup.model.target import Target
from allup.run.candidate import Candidate
from allup.run.client import Client
from allup.run.dask.feed import Feed
from allup.run.dask.words import Asked, News, Told, UnderWay
from allup.run.engine import Engine
from allup.run.processes.terms import TermsHeard

LEASE_S: Final = 10.0
"""Who is not asked for so long has been forgotten: the run was killed, or cannot be reached."""
_GATHERING_S: Final = 0.02
_ENOUGH: Final = 500
"""Results that are worth a piece of their own."""
_TELLING_S: Final = 0.5


class Shift:
    """Gives every target that it was asked for one result; to be used in one event loop, from `run` on."""

    def __init__(self, client: Client, settings: CheckSettings, clock: Clock) -> None:
        self._clock = clock
        self._feed = Feed()
        self._engine = Engine(
            self._feed, settings, client=client, clock=clock, note=lambda _: None, hand_over=self._take
        )
        self._terms = TermsHeard()
        self._results: list[Told] = []
        self._came = asyncio.Event()
        self._heard_at = self._told_at = clock.monotonic()
        self._listeners = 0
        self._fault: str | None = None
        self._task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Work until it is dropped, or until nobody has asked for results for LEASE_S."""
        self._task = asyncio.create_task(self._work(), name="allup-shift")
        try:
            # That nobody comes is no event.
            while self._listeners or self._clock.monotonic() < self._heard_at + LEASE_S:  # noqa: ASYNC110
                await asyncio.sleep(LEASE_S / 10)
        finally:
            self._task.cancel()
            await asyncio.wait([self._task])

    def ask(self, words: Sequence[Asked]) -> None:
        """Take in more targets."""
        self._feed.put([self._candidate(word) for word in words])

    def stop(self, reason: Stop) -> None:
        """End it early, in good order: what has no result yet gets one."""
        self._engine.stop(reason)

    async def hear(self, within_s: float) -> News:
        """Wait for results, not for long, and return them; each is told once."""
        self._listeners += 1
        try:
            if not self._results and self._fault is None:
                self._came.clear()
                try:
                    async with asyncio.timeout(within_s):
                        await self._came.wait()
                except TimeoutError:
                    pass
                else:
                    await asyncio.sleep(0 if len(self._results) >= _ENOUGH else _GATHERING_S)
        finally:
            self._listeners -= 1
            self._heard_at = self._clock.monotonic()
        results, self._results = self._results, []
        return News(
            results=results,
            peak_in_flight=self._engine.peak_in_flight,
            under_way=self._under_way(),
            held_up_by=self._engine.held_up_by,
            pauses=self._engine.pauses,
            fault=self._fault,
        )

    async def _work(self) -> None:
        try:
            await self._engine.run()
        except Exception:  # noqa: BLE001 - whoever listens raises it, as if it were its own
            self._fault = traceback.format_exc()
            self._came.set()

    def _take(self, result: Result) -> None:
        self._results.append((result.index, result.verdict, result.failure, result.attempt, result.attempts))
        self._came.set()

    def _candidate(self, word: Asked) -> Candidate:
        index, rank, attempts, place, terms, href, url, host = word
        if terms is not None:
            self._terms.put(place, terms)
        request, expectation = self._terms.at(place)
        target = Target(url=url, href=href, host=host, request=request, expectation=expectation)
        if not attempts:
            return Candidate(index, target, place=rank)
        last = Result(index=index, entry=target, verdict=Verdict.FAILED, attempts=attempts)
        return Candidate(index, target, last, rank)

    def _under_way(self) -> list[UnderWay] | None:
        now = self._clock.monotonic()
        if now < self._told_at + _TELLING_S:
            return None
        self._told_at = now
        return [
            (turn.index, turn.attempt_number, now - turn.taken_at, turn.phase, turn.host)
            for turn in self._engine.in_flight
        ]
