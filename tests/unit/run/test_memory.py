"""Memory and back pressure: what waits, waits in bounds, however long the list and slow the reader."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.attempt import Attempt
from allup.model.failure import Phase
from allup.model.result import Result
from allup.model.selection import SelectionSettings
from allup.model.settings import CheckSettings, Order
from allup.model.target import Target
from allup.run.checking import QUEUE, Checking, checking
from allup.run.ordering import WINDOW
from unit.fake_client import FakeClient, Script, target_of, targets_of, url_of
from unit.virtual_loop import CLOCK, virtual


def alive(kind: type) -> int:
    """Count the instances of `kind` that the garbage collector knows."""
    return sum(type(thing) is kind for thing in gc.get_objects())


def endless(count: int) -> Iterator[Target]:
    return (target_of(number) for number in range(count))


class Instant:
    """A client that remembers nothing, so that what is counted is the run's own."""

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Callable[[Callable[[], Phase]], None] | None = None,
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        del target, waited_s, watch, move
        await asyncio.sleep(0)
        return Attempt(started_at=0.0, elapsed_s=0.0, method="GET", status=200)


async def _indexes(run: Checking) -> list[int]:
    return [result.index async for result in run]


@settings(deadline=None, max_examples=25)
@given(concurrency=st.integers(1, 50), order=st.sampled_from(Order), latency_s=st.integers(0, 3))
@virtual
async def test_no_target_gets_its_turn_while_enough_results_wait_for_a_slow_consumer(
    concurrency: int, order: Order, latency_s: int
) -> None:
    client = FakeClient(otherwise=Script(latency_s=latency_s))
    told = CheckSettings(concurrency=concurrency, order=order)
    # In list order some of those that were read may still wait for one that began with them.
    at_once = concurrency if order is Order.COMPLETION else 2 * concurrency
    async with checking(targets_of(500), told, client=client, clock=CLOCK) as run:
        read = 0
        async for _ in run:
            read += 1
            if read in {1, 100}:
                await asyncio.sleep(1_000)
                assert len(client.asked) <= read + QUEUE + at_once
                assert run.summary.tally.total >= min(500, read + QUEUE)
    assert read == 500


@pytest.mark.parametrize("order", Order)
@virtual
async def test_a_long_list_keeps_a_bounded_number_of_targets_and_results_alive(order: Order) -> None:
    count, concurrency = 20_000, 50
    results_before, targets_before = alive(Result), alive(Target)
    told = CheckSettings(concurrency=concurrency, order=order)
    async with checking(endless(count), told, client=Instant(), clock=CLOCK) as run:
        read = 0
        async for _ in run:
            read += 1
            if read % 5_000 == 1:
                assert alive(Result) - results_before <= 2 * (QUEUE + concurrency)
                assert alive(Target) - targets_before <= 2 * (QUEUE + concurrency)
    assert read == count
    assert run.summary.tally.total == count


@virtual
async def test_results_behind_a_slow_first_target_stay_bounded_in_memory() -> None:
    count, concurrency = 10_000, 50
    results_before = alive(Result)
    client = FakeClient({url_of(0): Script(latency_s=1000)})
    told = CheckSettings(concurrency=concurrency, selection=SelectionSettings(dedupe=False))
    async with checking(endless(count), told, client=client, clock=CLOCK) as run:
        reading = asyncio.create_task(_indexes(run), name="reader")
        await asyncio.sleep(999)
        assert run.summary.tally.total == count - 1
        assert alive(Result) - results_before <= WINDOW + QUEUE + concurrency
        assert await reading == list(range(count))


@virtual
async def test_while_those_behind_a_slow_target_are_handed_on_others_get_their_turn() -> None:
    count, turns = 5_000, 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    client = FakeClient({url_of(0): Script(latency_s=1000)})
    async with checking(endless(count), CheckSettings(), client=client, clock=CLOCK) as run:
        results = aiter(run)
        assert (await anext(results)).index == 0
        assert run.summary.tally.total == count
        task = asyncio.create_task(others(), name="others")
        handed_on = [result.index async for result in results]
        task.cancel()
    assert handed_on == list(range(1, count))
    assert turns >= count // 20
