"""A watch as a stream of polls: ``async with Watching(...) as watch: async for poll in watch``; it has no end."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from allup.model.clock import Clock
from allup.model.result import Result, judged, unreadable
from allup.model.state import Standpoint, State, Transition
from allup.model.target import Entry, InvalidTarget, Target
from allup.model.watch_settings import WatchSettings
from allup.run.client import Client
from allup.run.fanout import Work, fan_out
from allup.run.groups import Groups
from allup.run.polite import PoliteTurns
from allup.run.schedule import Schedule
from allup.run.turns import Turn
from allup.run.watched import Watched

QUEUE: Final = 100
"""Polls that may wait for the consumer; where it is slower than that, nobody is polled meanwhile."""
_NOTHING: Final = Standpoint()


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll that came in, `at` that time (seconds since the epoch), and the change that it confirms."""

    at: float
    watched: Watched
    result: Result
    transition: Transition | None


class Watching:
    """A watch over `entries`; iterate over it once, inside of its block, which ends it: what is in flight is dropped.

    A poll is one attempt, without retries: what passes by itself is what the confirmation of a change
    is for. A line that is no target is down from the beginning, which is told first of all.
    `standpoints` are by index, from before. Raises what the client raises.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        client: Client,
        settings: WatchSettings,
        *,
        clock: Clock,
        standpoints: Mapping[int, Standpoint] | None = None,
        draw: Callable[[], float] = random.random,
    ) -> None:
        known = standpoints or {}
        self.targets = [
            Watched(index, entry, confirm_after=settings.confirm_after, standpoint=known.get(index, _NOTHING))
            for index, entry in enumerate(entries)
        ]
        self._groups = Groups(self.targets)
        self._client = client
        self._settings = settings
        self._clock = clock
        polled = [(one.index, one.entry) for one in self.targets if isinstance(one.entry, Target)]
        self.schedule = Schedule(polled, settings.every_s, clock.monotonic, draw)
        self._turns = PoliteTurns(self.schedule, clock, settings.pace, concurrency=settings.concurrency)
        self._queue: asyncio.Queue[Poll | None] = asyncio.Queue(QUEUE)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="allup-watch")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        failure = None if self._task is None else await _outcome(self._task)
        await self._turns.aclose()
        if failure is not None and error is None:
            raise failure

    async def __aiter__(self) -> AsyncIterator[Poll]:
        if self._task is None:
            raise RuntimeError("a watch begins with its block: enter it before you iterate over it")
        while (poll := await self._queue.get()) is not None:
            yield poll

    @property
    def in_flight(self) -> Sequence[Turn]:
        """The turns that are under way now, the oldest first."""
        return tuple(self._turns.in_flight.values())

    @property
    def groups(self) -> Mapping[str, State]:
        """How the groups of equivalents stand, by name."""
        return self._groups.states

    async def _run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._tell_of_unreadable(), name="allup-watch-lines")
                group.create_task(self.schedule.run(), name="allup-schedule")
                group.create_task(self._poll_on(), name="allup-polls")
        finally:
            # Nobody else comes: who waits for the next poll is to learn it, though the queue may be full.
            while not self._queue.empty():
                self._queue.get_nowait()
            self._queue.put_nowait(None)

    async def _poll_on(self) -> None:
        await fan_out(Work(turns=self._turns, visit=self._visit, concurrency=self._settings.concurrency))

    async def _tell_of_unreadable(self) -> None:
        for one in self.targets:
            if isinstance(one.entry, InvalidTarget):
                result, at = unreadable(one.index, one.entry), self._clock.wall()
                one.last, one.state, one.since = result, State.DOWN, at
                told = Transition(at=at, since=at, before=State.UNKNOWN, after=State.DOWN, result=result)
                await self._queue.put(Poll(at=at, watched=one, result=result, transition=told))

    async def _visit(self, turn: Turn) -> None:
        watched = self.targets[turn.index]
        assert isinstance(watched.entry, Target)
        self.schedule.begin(turn.index)
        attempt = await self._client.attempt(watched.entry, waited_s=turn.waited_s, watch=turn.watch, move=turn.move)
        await self._queue.put(self._poll(watched, judged(turn.index, watched.entry, attempt)))
        self.schedule.end(turn.index)

    def _poll(self, watched: Watched, result: Result) -> Poll:
        at = self._clock.wall()
        change = watched.observe(result, at)
        transition = None
        if change is not None:
            transition = Transition(
                at=at,
                since=change.since,
                before=change.before,
                after=change.after,
                result=result,
                group_state=self._groups.state(result.group),
            )
        return Poll(at=at, watched=watched, result=result, transition=transition)


async def _outcome(task: asyncio.Task[None]) -> BaseException | None:
    task.cancel()
    await asyncio.wait({task})
    return None if task.cancelled() else task.exception()
