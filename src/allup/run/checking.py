"""A run as a stream of results: ``async with checking(...) as results: async for result in results``.

The fan-out runs in a task of its own, behind a bounded queue, and ends with the block. A bare
async generator around a TaskGroup would cancel its consumer and lose exceptions on `break`
(PEP 789).
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Final, Protocol, Self

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.lists.stream import Entries
from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.exit_code import Stop
from allup.model.failure import doing
from allup.model.result import Result, interrupted, judged, not_started, unreadable
from allup.model.settings import CheckSettings
from allup.model.tally import Summary, Tally
from allup.model.target import Entry, InvalidTarget, Target
from allup.run.client import Client
from allup.run.fanout import Work, fan_out
from allup.run.ordering import ordering
from allup.run.turns import ListTurns, Turn

QUEUE: Final = 100
"""Results that may wait for the consumer; where it is slower than that, no further target gets its turn."""


_DEFAULT_SETTINGS: Final = CheckSettings()
_PROCESS_CLOCK: Final = Clock()


class Observer(Protocol):
    """Sees every result at the moment it is known, in no order; must not take long."""

    def completed(self, result: Result) -> None:
        """Take note of `result`."""
        ...


class Checking:
    """One run over a list; iterate over it once for its results.

    Every entry of the list gives exactly one result, also when the run is stopped. What the run
    itself raises is raised by the iteration.
    """

    def __init__(
        self,
        entries: Entries,
        client: Client,
        settings: CheckSettings,
        *,
        clock: Clock,
    ) -> None:
        self._entries = entries
        self._client = client
        self._settings = settings
        self._clock = clock
        self._observers: list[Observer] = []
        self._turns = ListTurns(entries, clock)
        self._queue: asyncio.Queue[Result | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(QUEUE)
        self._told = False
        self._iterated = False
        self._tally = Tally()
        self._stop: Stop | None = None
        self._cutting = False
        self._fanning_out = False
        self._left: list[Result] = []
        self._task: asyncio.Task[None] | None = None
        self._began_at = self._ended_at = clock.monotonic()

    async def __aenter__(self) -> Self:
        self._began_at = self._clock.monotonic()
        self._task = asyncio.create_task(self._run(), name="allup-run")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        task = self._task
        self._iterated = True  # a run that is over has nothing to tell
        if task is None:
            return
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
        if not task.cancelled() and (failure := task.exception()) is not None and error is None and not self._told:
            raise failure

    async def __aiter__(self) -> AsyncIterator[Result]:
        if self._iterated or self._task is None:
            raise RuntimeError("a run is iterated over once, inside its block")
        self._iterated = True
        order = ordering(self._settings.order)
        try:
            while (result := await self._queue.get()) is not None:
                self._room.release()
                for next_result in order.push(result):
                    yield next_result
        finally:
            order.close()
        self._told = True
        await self._task

    def observe(self, observer: Observer) -> None:
        """Have `observer` told of every result from now on."""
        self._observers.append(observer)

    def stop(self, reason: Stop) -> None:
        """End the run early: nothing new is asked, and what is in flight, or still waits, is reported as unchecked.

        A list from a file is read to its end for that, standard input no further. A second call
        does nothing.
        """
        if self._stop is not None:
            return
        self._stop = reason
        self._turns.close()
        if self._fanning_out and self._task is not None:
            self._cutting = True
            self._task.cancel()

    @property
    def stopped_by(self) -> Stop | None:
        """What `stop` was called with; None where it was not."""
        return self._stop

    @property
    def in_flight(self) -> Sequence[Turn]:
        """The turns that are under way now, the oldest first: whose they are, since when, and in which phase."""
        return tuple(self._turns.in_flight.values())

    @property
    def summary(self) -> Summary:
        """The counts so far; those of the whole run once the iteration has ended."""
        return Summary(
            tally=self._tally,
            repeats=self._entries.repeats,
            wall_s=self._ended_at - self._began_at,
            peak_in_flight=self._turns.peak_in_flight,
        )

    async def _run(self) -> None:
        try:
            await self._fan_out()
            await self._account_for_the_rest()
        finally:
            self._ended_at = self._clock.monotonic()
            self._queue.put_nowait(None)

    async def _fan_out(self) -> None:
        self._fanning_out = True
        try:
            await fan_out(Work(turns=self._turns, visit=self._visit, concurrency=self._settings.concurrency))
        except asyncio.CancelledError:
            task = asyncio.current_task()
            # Only the cancellation that `stop` asked for ends here; one from outside passes.
            if not self._cutting or task is None or task.uncancel() > 0:
                raise
        finally:
            self._fanning_out = False

    async def _visit(self, turn: Turn) -> None:
        entry = turn.entry
        if isinstance(entry, InvalidTarget):
            result = unreadable(turn.index, entry)
        else:
            result = judged(turn.index, entry, await self._attempt(turn, entry))
        self._note(result)
        await self._hand_over(result)

    async def _attempt(self, turn: Turn, target: Target) -> Attempt:
        try:
            return await self._client.attempt(target, waited_s=turn.waited_s, watch=turn.watch)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and not task.cancelling():
                raise RuntimeError("the client let out a cancellation that nobody asked for") from None
            if self._stop is not None:
                detail = f"{self._stop.value} while {doing(turn.phase)}"
                result = interrupted(turn.index, target, phase=turn.phase, detail=detail)
                self._note(result)
                self._left.append(result)
            raise

    async def _hand_over(self, result: Result) -> None:
        try:
            await self._send(result)
        except asyncio.CancelledError:
            self._left.append(result)
            raise

    async def _account_for_the_rest(self) -> None:
        for result in self._left:
            await self._send(result)
        if self._stop is None:
            return
        detail = f"{self._stop.value} before its turn"
        while (waiting := await self._turns.rest()) is not None:
            result = not_started(*waiting, detail=detail)
            self._note(result)
            await self._send(result)

    async def _send(self, result: Result) -> None:
        await self._room.acquire()
        self._queue.put_nowait(result)

    def _note(self, result: Result) -> None:
        self._tally.add(result)
        for observer in self._observers:
            observer.completed(result)


@asynccontextmanager
async def checking(
    targets: Entries | Iterable[str | Entry] | AsyncIterable[str | Entry],
    settings: CheckSettings = _DEFAULT_SETTINGS,
    *,
    client: Client | None = None,
    clock: Clock = _PROCESS_CLOCK,
) -> AsyncIterator[Checking]:
    """Check `targets` and yield the run, to be iterated over for its results.

    Strings are read as the lines of a text list. The run, and the HTTP client that it opened,
    end with the block. Raises what opening the client raises (`CaFileError`).
    """
    async with AsyncExitStack() as stack:
        if client is None:
            # Here, since nobody who only builds a list should pay for importing aiohttp.
            from allup.http.client import open_client  # noqa: PLC0415

            client = await stack.enter_async_context(open_client(settings.http, clock))
        entries = (
            targets
            if isinstance(targets, Entries)
            else await stack.enter_async_context(EntryStream(targets, LineDefaults(), dedupe=settings.dedupe))
        )
        yield await stack.enter_async_context(Checking(entries, client, settings, clock=clock))
