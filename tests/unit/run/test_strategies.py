"""The four ways to run many awaitables: the same results, the same cap, the same manners."""

import asyncio
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
from allup.run.fanout import Work, fan_out
from allup.run.polite import PoliteTurns
from allup.run.strategies import sequential, strategy
from allup.run.turns import Turn
from unit.fake_client import Boom, greedy_wall_s, host_of, targets_of
from unit.virtual_loop import CLOCK, now, others, virtual

CONCURRENT = [choice for choice in Strategy if choice is not Strategy.SEQUENTIAL]
LATENCIES = st.lists(st.integers(0, 5), min_size=1, max_size=20)


@dataclass
class Visits:
    """Visits the n-th turn for the n-th latency; `fatal` ones die then; all take `parting_s` to end when cancelled."""

    latencies_s: Sequence[float]
    fatal: Sequence[int] = ()
    parting_s: float = 0.0
    begun: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    in_flight: int = 0
    peak: int = 0

    async def __call__(self, turn: Turn) -> None:
        self.begun.append(turn.index)
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await asyncio.sleep(self.latencies_s[turn.index])
        except asyncio.CancelledError:
            await asyncio.sleep(self.parting_s)
            self.cancelled.append(turn.index)
            raise
        finally:
            self.in_flight -= 1
        if turn.index in self.fatal:
            raise Boom(str(turn.index))
        self.done.append(turn.index)

    def work(self, concurrency: int) -> Work:
        return Work(turns=self.turns(concurrency), visit=self, concurrency=concurrency, count=len(self.latencies_s))

    def turns(self, concurrency: int) -> PoliteTurns:
        entries = EntryStream(targets_of(len(self.latencies_s)), LineDefaults(), SelectionSettings(dedupe=False))
        return PoliteTurns(ListCandidates(entries), CLOCK, PaceSettings(), concurrency=concurrency)


def only_error(error: BaseException) -> BaseException:
    """The one exception in `error`, whether in a group or bare."""
    if isinstance(error, BaseExceptionGroup):
        (inner,) = error.exceptions
        return only_error(inner)
    return error


@pytest.mark.parametrize("choice", Strategy)
@settings(deadline=None)
@given(latencies_s=LATENCIES, concurrency=st.integers(1, 6))
def test_every_turn_is_visited_once_within_the_cap_and_the_schedule(
    choice: Strategy, latencies_s: list[int], concurrency: int
) -> None:
    cap = 1 if choice is Strategy.SEQUENTIAL else concurrency

    @virtual
    async def run() -> None:
        visits = Visits(latencies_s)
        await strategy(choice)(visits.work(concurrency))
        assert visits.begun == list(range(len(latencies_s)))
        assert sorted(visits.done) == visits.begun
        assert 0 < visits.peak <= cap
        assert now() == greedy_wall_s(latencies_s, cap)

    run()


@pytest.mark.parametrize("choice", CONCURRENT)
@virtual
async def test_the_cap_is_reached(choice: Strategy) -> None:
    visits = Visits([1] * 20)
    await strategy(choice)(visits.work(7))
    assert visits.peak == 7
    assert now() == 3.0


@virtual
async def test_sequential_takes_the_sum() -> None:
    visits = Visits([1, 2, 3])
    await sequential(visits.work(99))
    assert visits.done == [0, 1, 2]
    assert now() == 6.0


@pytest.mark.parametrize("choice", CONCURRENT)
@virtual
async def test_a_slow_one_takes_one_place_only(choice: Strategy) -> None:
    visits = Visits([10, *[1] * 10])
    await strategy(choice)(visits.work(2))
    assert now() == 10.0


@pytest.mark.parametrize("choice", Strategy)
@settings(deadline=None)
@given(
    latencies_s=LATENCIES, concurrency=st.integers(1, 6), fatal=st.integers(0, 19), parting_s=st.sampled_from([0, 0, 2])
)
def test_a_visit_that_dies_ends_all_of_them_and_is_what_is_raised(
    choice: Strategy, latencies_s: list[int], concurrency: int, fatal: int, parting_s: int
) -> None:
    fatal %= len(latencies_s)

    @virtual
    async def run() -> None:
        visits = Visits(latencies_s, fatal=[fatal], parting_s=parting_s)
        with pytest.raises((Boom, BaseExceptionGroup)) as caught:
            await strategy(choice)(visits.work(concurrency))
        error = only_error(caught.value)
        assert type(error) is Boom
        assert str(error) == str(fatal)
        assert visits.in_flight == 0
        assert others() == set()
        assert sorted([*visits.done, *visits.cancelled, fatal]) == sorted(visits.begun)

    run()


@pytest.mark.parametrize("choice", CONCURRENT)
@virtual
async def test_siblings_of_one_that_dies_are_cancelled_at_once(choice: Strategy) -> None:
    visits = Visits([1, 60, 60, 60], fatal=[0])
    with pytest.raises((Boom, BaseExceptionGroup)):
        await strategy(choice)(visits.work(3))
    assert now() == 1.0
    # The gathered task that waits for the slot may be let in by the very end of the one that died.
    assert visits.begun in ([0, 1, 2], [0, 1, 2, 3])
    assert sorted(visits.cancelled) == visits.begun[1:]


@pytest.mark.parametrize("choice", Strategy)
@settings(deadline=None)
@given(latencies_s=LATENCIES, concurrency=st.integers(1, 6), at_s=st.integers(0, 8), steps=st.integers(0, 5))
def test_a_cancellation_reaches_all_and_is_not_swallowed(
    choice: Strategy, latencies_s: list[int], concurrency: int, at_s: int, steps: int
) -> None:
    @virtual
    async def run() -> None:
        visits = Visits(latencies_s)
        task = asyncio.create_task(_awaited(choice, visits.work(concurrency)), name="strategy")
        await asyncio.wait([task], timeout=at_s)
        for _ in range(steps):
            await asyncio.sleep(0)
        ended = task.done()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled() or ended or len(visits.done) == len(latencies_s)
        assert others() == set()
        assert visits.in_flight == 0
        assert sorted([*visits.done, *visits.cancelled]) == sorted(visits.begun)

    run()


async def _awaited(choice: Strategy, work: Work) -> None:
    await strategy(choice)(work)


@pytest.mark.parametrize("choice", Strategy)
@virtual
async def test_a_cancelled_strategy_waits_for_the_clean_up_and_begins_nothing(choice: Strategy) -> None:
    visits = Visits([60] * 9, parting_s=4)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(10):
            await strategy(choice)(visits.work(3))
    width = 1 if choice is Strategy.SEQUENTIAL else 3
    assert now() == 14.0
    assert visits.begun == sorted(visits.cancelled) == list(range(width))


@pytest.mark.parametrize("choice", Strategy)
def test_two_that_die_at_the_same_moment_are_both_seen(choice: Strategy) -> None:
    @virtual
    async def run() -> None:
        visits = Visits([1, 1, 60], fatal=[0, 1])
        with pytest.raises((Boom, BaseExceptionGroup)):
            await strategy(choice)(visits.work(3))

    run()


@pytest.mark.parametrize("choice", CONCURRENT)
@virtual
async def test_tasks_are_named_after_their_strategy(choice: Strategy) -> None:
    task = asyncio.create_task(_awaited(choice, Visits([1] * 4).work(2)), name="strategy")
    await asyncio.sleep(0.5)
    names = {one.get_name() for one in others()} - {"strategy"}
    prefix = {Strategy.GATHER: "allup-gather", Strategy.WAIT: "allup-wait", Strategy.TASKGROUP: "allup-worker"}[choice]
    assert names
    assert all(name.startswith(prefix) for name in names)
    await task


@pytest.mark.parametrize("choice", Strategy)
@virtual
async def test_no_turn_at_all_is_no_work(choice: Strategy) -> None:
    visits = Visits([])
    await strategy(choice)(visits.work(3))
    assert visits.begun == []


@virtual
async def test_a_fan_out_needs_no_count() -> None:
    visits = Visits([1] * 10)
    await fan_out(Work(turns=visits.turns(4), visit=visits, concurrency=4))
    assert sorted(visits.done) == list(range(10))
    assert now() == 3.0


@virtual
async def test_the_event_loop_goes_round_between_two_visits_of_a_worker() -> None:
    rounds = 0
    begun_in: set[tuple[str, int]] = set()

    async def count() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async def visit(turn: Turn) -> None:
        begun_in.add((turn.task_name, rounds))

    counting = asyncio.create_task(count(), name="rounds")
    await fan_out(Work(turns=Visits([0] * 5).turns(1), visit=visit, concurrency=1))
    counting.cancel()
    assert len(begun_in) == 5


@pytest.mark.parametrize("choice", Strategy)
@virtual
async def test_a_turn_is_released_before_anything_else_happens_since_its_entry_may_come_back_at_once(
    choice: Strategy,
) -> None:
    turns = Visits([0] * 20).turns(7)
    visited: list[int] = []
    unreleased: list[int] = []

    async def visit(turn: Turn) -> None:
        visited.append(turn.index)
        if visited.count(turn.index) == 1:
            turns.retry(turn.candidate, host_of(0), after_s=0)
        asyncio.get_running_loop().call_soon(
            lambda: unreleased.extend([turn.index] * (turn in turns.in_flight.values()))
        )

    await strategy(choice)(Work(turns=turns, visit=visit, concurrency=7, count=40))
    assert sorted(visited) == sorted([*range(20), *range(20)])
    assert unreleased == []


@virtual
async def test_no_more_workers_are_created_than_there_are_turns_but_for_one_that_waits() -> None:
    task = asyncio.create_task(fan_out(Visits([1, 1]).work(1000)), name="fan-out")
    await asyncio.sleep(0.5)
    assert len(others()) == 1 + 2 + 1
    await task


@virtual
async def test_a_turn_is_released_whatever_came_of_it() -> None:
    visits = Visits([1, 1, 60], fatal=[1])
    work = visits.work(3)
    with pytest.raises(ExceptionGroup):
        await fan_out(work)
    assert isinstance(work.turns, PoliteTurns)
    assert len(work.turns.in_flight) == 0
    assert work.turns.peak_in_flight == 3
