"""A race: the first that answers as expected wins, and the others are called off."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.clock import Clock
from allup.model.race import Finish, RaceOutcome, RaceSettings
from allup.model.result import Result, cut_short, judged, not_started, unreadable
from allup.model.selection import SelectionSettings
from allup.model.stop import Stop
from allup.model.target import Entry, InvalidTarget, Target
from allup.run.asking import asked
from allup.run.calling_off import call_off
from allup.run.candidate import Candidate, ListCandidates
from allup.run.client import Client
from allup.run.comeback import comes_back
from allup.run.finish_line import FinishLine
from allup.run.polite import PoliteTurns
from allup.run.retrying import Retrying
from allup.run.starts import Starts
from allup.run.turns import Turn

MOST_TARGETS: Final = 10_000
"""All are known before the start, and kept."""


@dataclass(frozen=True, slots=True)
class _Lap:
    """What one attempt came to, and when; `result` None: there will be another one."""

    result: Result | None
    ended_at: float


class Race:
    """One race over `entries`; `observe` is told how each came out, arrivals in their order. `run` is called once.

    Every runner is a task, and so is whoever waits for the next start; the race owns them, and none outlives it.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        client: Client,
        settings: RaceSettings,
        *,
        clock: Clock,
        observe: Callable[[Finish], None] = lambda _: None,
    ) -> None:
        self._client = client
        self._settings = settings
        self._monotonic = clock.monotonic
        everyone = EntryStream(entries, LineDefaults(), SelectionSettings(dedupe=False))
        self._turns = PoliteTurns(ListCandidates(everyone), clock, settings.pace, concurrency=settings.concurrency)
        self._retrying = Retrying(settings=settings.retry)
        self._starts = Starts(self._turns, settings.stagger_s)
        self._began_at = clock.monotonic()
        self._line = FinishLine(self._began_at, observe)
        self._runners: dict[asyncio.Task[_Lap], Turn] = {}
        self._stop: Stop | None = None
        self._stopped = asyncio.Event()

    @property
    def in_flight(self) -> Sequence[Turn]:
        """The turns that are under way now, the oldest first."""
        return tuple(self._turns.in_flight.values())

    def stop(self, reason: Stop) -> None:
        """Call everyone off; who has arrived by now has arrived."""
        self._stop = self._stop or reason
        self._stopped.set()

    async def run(self) -> RaceOutcome:
        """Run to the end; raises what a client raises that is no failure of a target."""
        stopped = asyncio.create_task(self._stopped.wait(), name="allup-race-stop")
        try:
            await self._until_decided(stopped)
            left = [*self._under_way(), *[self._as_it_stands(one) async for one in self._turns.rest()]]
        finally:
            try:
                await call_off([stopped, *self._tasks])
            finally:
                for turn in self.in_flight:  # taken, and never begun
                    self._turns.release(turn)
                await self._turns.aclose()
        for result in left:
            self._line.ended(result, self._monotonic())
        return self._outcome()

    @property
    def _tasks(self) -> list[asyncio.Task[Any]]:
        return [*self._runners, *([] if self._starts.waiting is None else [self._starts.waiting])]

    @property
    def _decided(self) -> bool:
        return self._line.arrived >= self._settings.need or self._stop is not None

    async def _until_decided(self, stopped: asyncio.Task[Any]) -> None:
        self._starts.await_first()
        while self._tasks and not self._decided:
            await asyncio.wait([stopped, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
            self._take_in([task for task in self._runners if task.done()])
            self._take_start()

    def _take_in(self, ended: Sequence[asyncio.Task[_Lap]]) -> None:
        for lap in sorted((task.result() for task in ended), key=lambda lap: lap.ended_at):
            if lap.result is None or lap.result.failure is not None:
                self._starts.failed()
            if lap.result is not None:
                self._line.ended(lap.result, lap.ended_at)
        for task in ended:
            del self._runners[task]

    def _take_start(self) -> None:
        turn = None if self._decided else self._starts.taken()
        if turn is not None:
            self._start(turn)

    def _start(self, turn: Turn) -> None:
        if isinstance(turn.entry, InvalidTarget):
            self._turns.release(turn)
            self._line.ended(unreadable(turn.index, turn.entry), self._monotonic())
            self._starts.await_first()
            return
        self._line.started(turn.index, self._monotonic())
        task = asyncio.create_task(self._lap(turn, turn.entry), name=f"allup-runner-{turn.index + 1}")
        self._runners[task] = turn
        self._starts.await_next()

    async def _lap(self, turn: Turn, target: Target) -> _Lap:
        try:
            attempt = await asked(self._client, turn, target)
            result = judged(turn.index, target, attempt, attempts=turn.attempt_number)
            again = comes_back(result, target, turn.host or target.host, self._retrying, self._turns)
            return _Lap(None if again else result, self._monotonic())
        finally:
            self._turns.release(turn)

    def _under_way(self) -> Iterator[Result]:
        running = set(self._runners.values())
        for turn in self.in_flight:
            if turn in running and isinstance(turn.entry, Target):
                yield cut_short(turn.index, turn.entry, self._reason, turn.phase, attempts=turn.attempt_number)
            else:
                yield self._as_it_stands(turn.candidate)

    def _as_it_stands(self, candidate: Candidate) -> Result:
        # What failed and waited for another attempt has failed, as far as anybody knows.
        waited = f"{self._reason.value} before its turn"
        return candidate.last or not_started(candidate.index, candidate.entry, detail=waited)

    @property
    def _reason(self) -> Stop:
        return self._stop or Stop.WON

    def _outcome(self) -> RaceOutcome:
        finishes = sorted(self._line.finishes, key=lambda one: (one.place is None, one.place or one.ended_s))
        return RaceOutcome(
            need=self._settings.need,
            finishes=tuple(finishes),
            wall_s=self._monotonic() - self._began_at,
            stop=self._stop,
        )
