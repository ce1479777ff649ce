"""A run as a stream of results: ``async with checking(...) as results: async for result in results``.

The fan-out runs in a task of its own, behind a bounded queue, and ends with the block. A bare
async generator around a TaskGroup would cancel its consumer and lose exceptions on `break`
(PEP 789).
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.lists.stream import Entries
from allup.model.canaries import CanarySummary
from allup.model.clock import Clock
from allup.model.limited_by import Bottleneck
from allup.model.result import Result
from allup.model.settings import CheckSettings, FailOn, Order
from allup.model.stop import Stop
from allup.model.tally import Summary, Tally
from allup.model.target import Entry
from allup.model.usage import UsageError
from allup.run.candidate import Candidates, ListCandidates
from allup.run.client import Client
from allup.run.deadline import left_s
from allup.run.engine import Engine
from allup.run.handover import Handover
from allup.run.ordering import ordering
from allup.run.runner import StartRun
from allup.run.turns import Turn
from allup.run.vitals import Vitals

if TYPE_CHECKING:  # those who have one process, no baseline, journal or canary do not wait for their modules
    from allup.model.changes import Changes
    from allup.run.baseline.baseline import Baseline
    from allup.run.baseline.diff import Diff
    from allup.run.baseline.slowest_first import SlowestFirst
    from allup.run.canaries.canaries import Canaries
    from allup.run.journal.journal import Journal
    from allup.run.journal.resumed import Resumed
    from allup.run.processes.launching import Workers

QUEUE: Final = 100
"""Results that may wait for the consumer; where it is slower than that, no further target gets its turn."""
_AT_ONCE: Final = 16
"""Results behind a slow target that are handed on before others on the event loop get their turn."""

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
        start: StartRun,
        settings: CheckSettings,
        *,
        clock: Clock,
        baseline: "Baseline | None" = None,
        journal: "Journal | None" = None,
        canaries: "Canaries | None" = None,
    ) -> None:
        self._entries = entries
        self._settings = settings
        self._clock = clock
        self._observers: list[Observer] = []
        self._handover = Handover(QUEUE)
        self._told = False
        self._iterated = False
        self._tally = Tally(fail_on=settings.fail_on)
        if baseline is None and settings.fail_on is FailOn.NEW:
            raise UsageError("to fail on what is new takes a baseline")
        self._journal = journal
        listed: Candidates = ListCandidates(entries)
        if journal is not None:
            listed = _resumed(listed, journal, self._take_in)
        self._diff = None if baseline is None else _diff(baseline, settings)
        # What is reported in the list's order is best asked in that order.
        ahead = settings.order is Order.COMPLETION
        self._ahead = _slowest_first(listed, baseline, settings.concurrency) if ahead and baseline is not None else None
        self._changes: Changes | None = None
        self._runner = start(
            self._ahead or listed,
            settings,
            clock=clock,
            note=self._note,
            hand_over=self._handover.give,
            compare=None if self._diff is None else self._diff.compared,
            keep=None if journal is None else journal.add,
        )
        governor = self._runner.governor
        self._vitals = Vitals(self._look, clock, beat=None if governor is None else governor.beat)
        self._canaries = canaries
        if canaries is not None:
            canaries.on_lost = lambda: self._runner.stop(Stop.OFFLINE)
        self._task: asyncio.Task[None] | None = None
        self._began_at = self._ended_at = clock.monotonic()

    async def __aenter__(self) -> Self:
        self._began_at = self._clock.monotonic()
        self._task = asyncio.create_task(self._run(), name="allup-run")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._iterated = True  # a run that is over has nothing to tell
        failure = None if self._task is None else await _outcome(self._task)
        if failure is not None and error is None and not self._told:
            raise failure

    async def __aiter__(self) -> AsyncIterator[Result]:
        if self._task is None:
            raise RuntimeError("a run begins with its block: enter it before you iterate over it")
        if self._iterated:
            raise RuntimeError("a run is iterated over once, inside its block")
        self._iterated = True
        order = ordering(self._settings.order)
        try:
            while (result := await self._handover.take()) is not None:
                for number, next_result in enumerate(order.push(result), 1):
                    yield next_result
                    if number % _AT_ONCE == 0:
                        await asyncio.sleep(0)
        finally:
            order.close()
        self._told = True
        await self._task

    def observe(self, observer: Observer) -> None:
        """Have `observer` told of every result from now on."""
        self._observers.append(observer)

    def stop(self, reason: Stop) -> None:
        """End the run early: nothing new is asked, and what is not known is reported as unchecked.

        After an interrupt, what is in flight has the grace of the settings to come to an end. A list
        from a file is read to its end to report all of it, standard input no further.
        """
        self._runner.stop(reason)
        if self._canaries is not None:
            self._canaries.give_up()

    def tell_of_outages(self, tell: Callable[[CanarySummary, float], None]) -> None:
        """Have `tell` called where no canary answers: with how they did, and the seconds for which that is borne."""
        canaries = self._canaries
        if canaries is not None:
            canaries.on_away = lambda left_s: tell(canaries.summary, left_s)

    @property
    def stopped_by(self) -> Stop | None:
        """What `stop` was called with; None where it was not."""
        return self._runner.stopped_by

    @property
    def in_flight(self) -> Sequence[Turn]:
        """The turns that are under way now, the oldest first: whose they are, since when, and in which phase."""
        return self._runner.in_flight

    @property
    def pauses(self) -> Mapping[str, float]:
        """The hosts that asked to be left alone for a while, with the seconds that are left of it."""
        return self._runner.pauses

    @property
    def summary(self) -> Summary:
        """The counts so far; those of the whole run once the iteration has ended."""
        governor, wall_s = self._runner.governor, self._ended_at - self._began_at
        return Summary(
            tally=self._tally,
            repeats=self._entries.repeats,
            excluded=self._entries.excluded,
            wall_s=wall_s,
            peak_in_flight=self._runner.peak_in_flight,
            changes=self._changes,
            limited_by=self._vitals.limited_by(wall_s),
            lag=self._vitals.lag,
            level=None if governor is None else governor.level,
            canaries=None if self._canaries is None else self._canaries.summary,
            resumed=None if self._journal is None else self._journal.resumption,
            share=self._entries.share,
        )

    async def _run(self) -> None:
        self._vitals.start()
        try:
            await _ungrouped(self._runner.run())
            if self._diff is not None:
                self._changes = self._diff.changes(whole=self._runner.stopped_by is None)
        finally:
            self._vitals.stop()
            if self._ahead is not None:
                await self._ahead.aclose()
            self._ended_at = self._clock.monotonic()
            self._handover.end()

    async def _take_in(self, result: Result) -> None:
        await self._runner.take_in(result)

    def _look(self) -> tuple[Bottleneck, str | None] | None:
        if self._handover.is_full:
            return Bottleneck.READER, None
        seen = self._runner.held_up_by
        awaited = seen is not None and self._canaries is not None and self._canaries.are_awaited
        return (Bottleneck.CANARY, None) if awaited else seen

    def _note(self, result: Result) -> None:
        self._vitals.last = result
        self._tally.add(result)
        for observer in self._observers:
            observer.completed(result)


def _diff(baseline: "Baseline", settings: CheckSettings) -> "Diff":
    from allup.run.baseline.diff import Diff  # noqa: PLC0415 - for those who have a baseline

    return Diff(baseline, settings.fail_on, settings.selection)


def _resumed(
    listed: Candidates, journal: "Journal", deliver: Callable[[Result], Coroutine[None, None, None]]
) -> "Resumed":
    from allup.run.journal.resumed import Resumed  # noqa: PLC0415 - likewise

    return Resumed(listed, journal, deliver)


def _slowest_first(listed: Candidates, baseline: "Baseline", concurrency: int) -> "SlowestFirst":
    from allup.run.baseline.slowest_first import SlowestFirst  # noqa: PLC0415 - likewise

    return SlowestFirst(listed, baseline, concurrency=concurrency)


async def _ungrouped(run: Awaitable[None]) -> None:
    """Await `run`; a usage error that is raised among its tasks is raised by itself, to be told to its user."""
    try:
        await run
    except ExceptionGroup as group:
        _, others = group.split(UsageError)
        if others is not None:
            raise
        raise _first(group) from None


def _first(error: Exception) -> Exception:
    return _first(error.exceptions[0]) if isinstance(error, ExceptionGroup) else error


async def _outcome(task: asyncio.Task[None]) -> BaseException | None:
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
    return None if task.cancelled() else task.exception()


@asynccontextmanager
async def checking(
    targets: Entries | Iterable[str | Entry] | AsyncIterable[str | Entry],
    settings: CheckSettings = _DEFAULT_SETTINGS,
    *,
    client: Client | None = None,
    clock: Clock = _PROCESS_CLOCK,
    workers: "Workers | None" = None,
    baseline: "Baseline | None" = None,
    journal: "Journal | None" = None,
) -> AsyncIterator[Checking]:
    """Check `targets` and yield the run, to be iterated over for its results.

    Strings are read as the lines of a text list. With a `baseline`, each result says what has changed
    since, and in the order of completion what took longest then begins first. What a `journal` knows is not asked
    again, and what is completed gets into it. The run, and the HTTP client
    that it opened, end with the block; so do `workers`, which were launched for its processes. Raises what
    opening the client raises (`CaFileError`).
    """
    async with AsyncExitStack() as stack:
        canaries = None
        if settings.dask is not None:
            start, settings = await _farming(stack, settings, settings.dask, clock)
        else:
            given = client
            if client is None:
                client = await stack.enter_async_context(_opening(settings, clock, workers))
            if settings.canaries.targets:
                from allup.run.canaries.cautious import PatientClient  # noqa: PLC0415 - most runs have no canary

                canaries = await stack.enter_async_context(_canaries(settings, clock, given))
                client = PatientClient(client, canaries, clock)
            start = partial(Engine, client=client)
        entries = (
            targets
            if isinstance(targets, Entries)
            else await stack.enter_async_context(EntryStream(targets, LineDefaults(), settings.selection))
        )
        run = Checking(entries, start, settings, clock=clock, baseline=baseline, journal=journal, canaries=canaries)
        yield await stack.enter_async_context(run)


async def _farming(
    stack: AsyncExitStack, settings: CheckSettings, address: str, clock: Clock
) -> tuple[StartRun, CheckSettings]:
    from allup.run.dask.cluster import open_cluster  # noqa: PLC0415 - for those who have one
    from allup.run.dask.farm import Farm  # noqa: PLC0415

    began_at, deadline_s = clock.monotonic(), settings.deadline_s
    try:
        async with asyncio.timeout(deadline_s):
            cluster = await stack.enter_async_context(open_cluster(address))
    except TimeoutError:
        raise UsageError("the deadline came before there was a worker: nothing was checked") from None
    # What it took is not there any more.
    return partial(Farm, cluster=cluster), replace(settings, deadline_s=left_s(deadline_s, began_at, clock))


def _opening(settings: CheckSettings, clock: Clock, workers: "Workers | None") -> AbstractAsyncContextManager[Client]:
    # Imported here, since nobody who only builds a list should pay for aiohttp, nor who has one process for more.
    if settings.processes > 1:
        from allup.run.processes.fleet import open_fleet  # noqa: PLC0415

        shard = settings.selection.shard
        within = 1 if shard is None else shard.count
        return open_fleet(settings.http, clock, count=settings.processes, workers=workers, within=within)
    from allup.http.client import open_client  # noqa: PLC0415

    return open_client(settings.http, clock)


def _canaries(settings: CheckSettings, clock: Clock, client: Client | None) -> "Canaries":
    from allup.run.canaries.canaries import Canaries  # noqa: PLC0415 - most runs have none

    if client is not None:
        return Canaries(settings.canaries, lambda: nullcontext(client), clock)
    from allup.run.canaries.opening import opening  # noqa: PLC0415

    return Canaries(settings.canaries, opening(settings.http, clock), clock)
