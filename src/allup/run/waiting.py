"""Waiting until all is up: polls on a fixed schedule, until what is waited for has come or the time is over."""

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.clock import Clock
from allup.model.result import Result, cut_short, judged, not_started, unreadable
from allup.model.selection import SelectionSettings
from allup.model.stop import Stop
from allup.model.target import Entry, InvalidTarget, Target
from allup.model.waiting import Poll, Waited, WaitSettings
from allup.run.asking import asked
from allup.run.calling_off import call_off
from allup.run.candidate import Candidate, ListCandidates
from allup.run.client import Client
from allup.run.fanout import Work, fan_out
from allup.run.polite import PoliteTurns
from allup.run.readiness import Readiness
from allup.run.retrying import SLACK_S
from allup.run.turns import Turn

MOST_TARGETS: Final = 1_000
"""All of them are in line all the time."""
_SAME_TICK: Final = 1e-6
"""The part of a tick by which a clock may be early."""


class Waiting:
    """One wait for `entries`; `observe` is told of every poll. `run` is to be called once."""

    def __init__(
        self,
        entries: Sequence[Entry],
        client: Client,
        settings: WaitSettings,
        *,
        clock: Clock,
        observe: Callable[[Poll], None] = lambda _: None,
    ) -> None:
        self._entries = entries
        self._client = client
        self._settings = settings
        self._monotonic = clock.monotonic
        self._observe = observe
        everyone = EntryStream(entries, LineDefaults(), SelectionSettings(dedupe=False))
        self._turns = PoliteTurns(ListCandidates(everyone), clock, settings.pace, concurrency=settings.concurrency)
        self._readiness = Readiness(entries, stable=settings.stable, any_ready=settings.any_ready)
        self._last: dict[int, Result] = {}
        self._over = asyncio.Event()
        self._stop: Stop | None = None
        self._began_at = clock.monotonic()

    def stop(self, reason: Stop) -> None:
        """Poll no more."""
        self._stop = self._stop or reason
        self._over.set()

    async def run(self) -> Waited:
        """Wait; raises what a client raises that is no failure of a target."""
        self._began_at = self._monotonic()
        if self._readiness.out_of_reach:
            self._last.update(self._unreadable())
        else:
            await self._poll_until_over()
        return Waited(
            in_time=self._readiness.reached,
            missing=tuple(self._missing()),
            ready_count=self._readiness.ready_count,
            count=self._readiness.count,
            wall_s=self._monotonic() - self._began_at,
            stop=None if self._readiness.reached else self._stop,
        )

    async def _poll_until_over(self) -> None:
        work = Work(turns=self._turns, visit=self._visit, concurrency=self._settings.concurrency)
        polling = asyncio.create_task(fan_out(work), name="allup-polls")
        over = asyncio.create_task(self._over.wait(), name="allup-wait-over")
        try:
            await asyncio.wait((polling, over), timeout=self._settings.for_s, return_when=asyncio.FIRST_COMPLETED)
            self._last = {**dict(self._cut_short()), **self._last}
        finally:
            try:
                await call_off((polling, over))
            finally:
                await self._turns.aclose()

    async def _visit(self, turn: Turn) -> None:
        entry = turn.entry
        if isinstance(entry, InvalidTarget):
            self._note(unreadable(turn.index, entry))
        elif not self._readiness.is_ready(turn.index):
            attempt = await asked(self._client, turn, entry)
            self._note(judged(turn.index, entry, attempt))
            self._come_back(turn, entry)

    def _note(self, result: Result) -> None:
        self._last[result.index] = result
        streak = self._readiness.note(result.index, as_expected=result.failure is None)
        poll = Poll(
            result=result,
            after_s=self._monotonic() - self._began_at,
            streak=streak,
            ready=self._readiness.is_ready(result.index),
            ready_count=self._readiness.ready_count,
            count=self._readiness.count,
        )
        self._observe(poll)
        if self._readiness.reached:
            self._over.set()

    def _come_back(self, turn: Turn, target: Target) -> None:
        last = self._last[turn.index]
        if self._readiness.is_ready(turn.index):
            return
        if last.failure is not None and last.attempt is not None and last.attempt.retry_after_s:
            self._turns.pause(turn.host or target.host, last.attempt.retry_after_s + SLACK_S)
        self._turns.retry(Candidate(turn.index, target), target.host, after_s=self._next_tick_in_s)

    @property
    def _next_tick_in_s(self) -> float:
        every_s, waited_s = self._settings.every_s, self._monotonic() - self._began_at
        return (math.floor(waited_s / every_s + _SAME_TICK) + 1) * every_s - waited_s

    def _cut_short(self) -> Iterator[tuple[int, Result]]:
        # What was polled before is better known than that.
        for turn in self._turns.in_flight.values():
            if isinstance(turn.entry, Target):
                yield turn.index, cut_short(turn.index, turn.entry, self._reason, turn.phase, attempts=1)

    def _unreadable(self) -> Iterator[tuple[int, Result]]:
        for index, entry in enumerate(self._entries):
            if isinstance(entry, InvalidTarget):
                yield index, unreadable(index, entry)

    def _missing(self) -> Iterator[Result]:
        why = f"{self._reason.value} before its turn"
        if self._readiness.out_of_reach:
            why = "not asked, since a line of the list cannot be read"
        for index, entry in enumerate(self._entries):
            if not self._readiness.is_ready(index):
                never = not_started(index, entry, detail=why)
                yield self._last.get(index, never)

    @property
    def _reason(self) -> Stop:
        return self._stop or Stop.DEADLINE
