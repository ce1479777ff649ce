"""The caps, for every strategy: in all and for each host, whatever happens."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.selection import SelectionSettings
from allup.model.settings import PaceSettings, Strategy
from allup.run.candidate import ListCandidates
from allup.run.fanout import Work
from allup.run.polite import PoliteTurns
from allup.run.strategies import strategy
from allup.run.turns import Turn
from unit.fake_client import Boom, host_of, page_of
from unit.virtual_loop import CLOCK, now, others, virtual


@dataclass(frozen=True, kw_only=True)
class Call:
    """What one visit does: its own host, those that it moves to, `latency_s` at each, and whether it dies then."""

    host: int
    latency_s: int = 1
    moves: Sequence[int] = ()
    dies: bool = False


@dataclass
class Spy:
    """Visits, and never lets more be at a host, or anywhere, than may be."""

    calls: Sequence[Call]
    per_host: int | None
    cap: int
    at: Counter[int] = field(default_factory=Counter)
    peak: int = 0
    host_peaks: dict[int, int] = field(default_factory=dict)
    done: list[int] = field(default_factory=list)

    async def __call__(self, turn: Turn) -> None:
        call = self.calls[turn.index]
        await self._stay(call.host, call.latency_s)
        for host in call.moves:
            await turn.move(host_of(host))
            await self._stay(host, call.latency_s)
        if call.dies:
            raise Boom(str(turn.index))
        self.done.append(turn.index)

    async def _stay(self, host: int, latency_s: int) -> None:
        self.at[host] += 1
        self.peak = max(self.peak, self.at.total())
        self.host_peaks[host] = max(self.host_peaks.get(host, 0), self.at[host])
        assert self.at.total() <= self.cap
        assert self.per_host is None or self.at[host] <= self.per_host
        try:
            await asyncio.sleep(latency_s)
        finally:
            self.at[host] -= 1

    def work(self, concurrency: int) -> Work:
        entries = [page_of(number, host_of(call.host)) for number, call in enumerate(self.calls)]
        stream = EntryStream(entries, LineDefaults(), SelectionSettings(dedupe=False))
        turns = PoliteTurns(
            ListCandidates(stream), CLOCK, PaceSettings(per_host=self.per_host), concurrency=concurrency
        )
        return Work(turns=turns, visit=self, concurrency=concurrency, count=len(entries))


CALLS = st.lists(
    st.builds(
        Call,
        host=st.integers(0, 2),
        latency_s=st.integers(0, 3),
        moves=st.one_of(st.just(()), st.tuples(st.integers(0, 3))),
    ),
    max_size=20,
)
CAPS = {"per_host": st.sampled_from([None, 1, 2, 3]), "concurrency": st.integers(1, 6)}


async def ended(choice: Strategy, work: Work, *, after_s: float | None = None) -> None:
    """Run to the end, or until it is cancelled; nothing is left behind either way."""
    task = asyncio.ensure_future(strategy(choice)(work))
    await asyncio.wait([task], timeout=after_s)
    task.cancel()
    await asyncio.wait([task])
    assert isinstance(work.turns, PoliteTurns)
    await work.turns.aclose()
    assert others() == set()
    assert work.turns.in_flight == {}
    if not task.cancelled():
        task.result()


@pytest.mark.parametrize("choice", Strategy)
@settings(deadline=None)
@given(calls=CALLS, **CAPS)
def test_no_cap_is_ever_passed_and_everybody_has_a_turn(
    choice: Strategy, calls: list[Call], per_host: int | None, concurrency: int
) -> None:
    @virtual
    async def run() -> None:
        spy = Spy(calls, per_host, 1 if choice is Strategy.SEQUENTIAL else concurrency)
        await ended(choice, spy.work(concurrency))
        assert sorted(spy.done) == list(range(len(calls)))

    run()


@pytest.mark.parametrize("choice", Strategy)
@settings(deadline=None)
@given(calls=CALLS.filter(bool), fatal=st.integers(0, 19), **CAPS)
def test_no_cap_is_passed_when_a_visit_dies(
    choice: Strategy, calls: list[Call], fatal: int, per_host: int | None, concurrency: int
) -> None:
    fatal %= len(calls)
    one = calls[fatal]
    calls = [
        *calls[:fatal],
        Call(host=one.host, latency_s=one.latency_s, moves=one.moves, dies=True),
        *calls[fatal + 1 :],
    ]

    @virtual
    async def run() -> None:
        spy = Spy(calls, per_host, concurrency)
        with pytest.raises((Boom, ExceptionGroup)):
            await ended(choice, spy.work(concurrency))
        assert spy.at.total() == 0

    run()


@pytest.mark.parametrize("choice", Strategy)
@settings(deadline=None)
@given(calls=CALLS, after_s=st.integers(0, 8), **CAPS)
def test_no_cap_is_passed_when_all_are_cancelled(
    choice: Strategy, calls: list[Call], after_s: int, per_host: int | None, concurrency: int
) -> None:
    @virtual
    async def run() -> None:
        spy = Spy(calls, per_host, concurrency)
        await ended(choice, spy.work(concurrency), after_s=after_s)
        assert spy.at.total() == 0
        assert now() <= after_s or len(spy.done) == len(calls)

    run()


@pytest.mark.parametrize("choice", [choice for choice in Strategy if choice is not Strategy.SEQUENTIAL])
@virtual
async def test_both_caps_are_reached_where_there_is_enough_to_do(choice: Strategy) -> None:
    spy = Spy([*[Call(host=0)] * 12, *[Call(host=1)] * 12], per_host=3, cap=5)
    await ended(choice, spy.work(5))
    assert spy.peak == 5
    assert spy.host_peaks == {0: 3, 1: 3}


@pytest.mark.parametrize("choice", [choice for choice in Strategy if choice is not Strategy.SEQUENTIAL])
@virtual
async def test_without_a_limit_for_hosts_one_host_gets_all(choice: Strategy) -> None:
    spy = Spy([Call(host=0)] * 12, per_host=None, cap=6)
    await ended(choice, spy.work(6))
    assert spy.host_peaks == {0: 6}
    assert now() == 2.0
