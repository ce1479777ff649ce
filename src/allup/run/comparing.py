"""The strategies over one list, timed side by side."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Final

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.lists.stream import Entries
from allup.model.clock import Clock
from allup.model.comparison import Comparison, Round, Row
from allup.model.result import Result, Verdict, judged, unreadable
from allup.model.selection import SelectionSettings
from allup.model.settings import CompareSettings, Strategy
from allup.model.target import Entry, InvalidTarget, Target
from allup.run.candidate import ListCandidates
from allup.run.client import Client
from allup.run.fanout import Work
from allup.run.flights import Flights
from allup.run.lag_meter import LagMeter
from allup.run.polite import PoliteTurns
from allup.run.pulse import Pulse
from allup.run.strategies import strategy
from allup.run.turns import Turn
from allup.run.whole_list import whole_list

MOST_TARGETS: Final = 100_000
"""A comparison keeps its list, since every round needs it again."""

OpenClient = Callable[[], AbstractAsyncContextManager[Client]]


@dataclass(frozen=True, slots=True)
class Contender:
    """A strategy at a level of concurrency."""

    strategy: Strategy
    concurrency: int


def contenders(levels: Sequence[int]) -> list[Contender]:
    """Return who takes part: sequential once, every other strategy at every level."""
    concurrent = [choice for choice in Strategy if choice is not Strategy.SEQUENTIAL]
    return [
        Contender(Strategy.SEQUENTIAL, 1),
        *(Contender(choice, level) for level in levels for choice in concurrent),
    ]


async def read_all(entries: Entries) -> list[Entry]:
    """Return all of `entries`, since every round needs them again.

    Raises UsageError where they are too many.
    """
    return await whole_list(entries, most=MOST_TARGETS, what="a comparison")


class Comparing:
    """The rounds of a comparison as they end, and what they add up to."""

    def __init__(
        self, entries: Sequence[Entry], settings: CompareSettings, clock: Clock, open_client: OpenClient
    ) -> None:
        self._entries = entries
        self._settings = settings
        self._clock = clock
        self._open_client = open_client
        self._rounds: dict[Contender, list[Round]] = {one: [] for one in contenders(settings.levels)}

    async def warm_up(self) -> None:
        """Ask the first target once, untimed.

        What is done once in a process or on a machine (modules, authorities, caches of names) would
        else be charged to whoever runs first.
        """
        first = next((entry for entry in self._entries if isinstance(entry, Target)), None)
        if first is not None:
            async with self._open_client() as client:
                await client.attempt(first)

    async def rounds(self, observe: Callable[[Contender, int], Callable[[Result], None]]) -> None:
        """Run every round; the contenders take turns, so that a slow minute meets them all.

        Each run has connections of its own: nobody profits from those that another one opened.
        `observe` is told who starts which round, and returns what is told each result.
        """
        for number in range(1, self._settings.rounds + 1):
            for contender, rounds in self._rounds.items():
                rounds.append(await self._round(contender, observe(contender, number)))

    @property
    def comparison(self) -> Comparison:
        """The rows that have at least one round."""
        rows = tuple(
            Row(strategy=one.strategy, concurrency=one.concurrency, rounds=tuple(rounds))
            for one, rounds in self._rounds.items()
            if rounds
        )
        return Comparison(
            targets=len(self._entries), rounds=self._settings.rounds, rows=rows, per_host=self._settings.pace.per_host
        )

    async def _round(self, contender: Contender, observe: Callable[[Result], None]) -> Round:
        results: list[Result] = []
        entries = EntryStream(self._entries, LineDefaults(), SelectionSettings(dedupe=False))
        turns = PoliteTurns(
            ListCandidates(entries), self._clock, self._settings.pace, concurrency=contender.concurrency
        )
        async with self._open_client() as client:
            flights = Flights(len(self._entries), self._clock)

            async def visit(turn: Turn) -> None:
                result = await flights.watch(_checked(turn, client))
                results.append(result)
                observe(result)

            meter = LagMeter()
            pulse = Pulse(self._clock, lambda late_s, _: meter.add(late_s, results[-1] if results else None))
            work = Work(turns=turns, visit=visit, concurrency=contender.concurrency, count=len(self._entries))
            began_at = self._clock.monotonic()
            pulse.start()
            try:
                await strategy(contender.strategy)(work)
                wall_s = self._clock.monotonic() - began_at
            finally:
                pulse.stop()
                await turns.aclose()
        return replace(_round(results, wall_s, turns.peak_in_flight), flights=tuple(flights.kept), lag=meter.lag)


async def _checked(turn: Turn, client: Client) -> Result:
    if isinstance(turn.entry, InvalidTarget):
        return unreadable(turn.index, turn.entry)
    attempt = await client.attempt(turn.entry, waited_s=turn.waited_s, watch=turn.watch, move=turn.move)
    return judged(turn.index, turn.entry, attempt)


def _round(results: Sequence[Result], wall_s: float, peak_in_flight: int) -> Round:
    in_order = sorted(results, key=lambda result: result.index)
    timed = [(result.attempt.elapsed_s, result.url) for result in in_order if result.attempt is not None]
    ok = sum(result.verdict in (Verdict.OK, Verdict.FLAKY) for result in results)
    return Round(
        wall_s=wall_s,
        latencies_s=tuple(latency_s for latency_s, _ in timed),
        slowest=max(timed)[1] if timed else None,
        peak_in_flight=peak_in_flight,
        ok=ok,
        failed=sum(result.verdict is Verdict.FAILED for result in results),
        unchecked=sum(result.verdict is Verdict.UNCHECKED for result in results),
    )
