"""A client that breaks its contract: the run ends, and nobody can miss it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.attempt import Attempt
from allup.model.failure import Phase
from allup.model.result import Result
from allup.model.settings import CheckSettings, Order
from allup.model.target import Target
from allup.run.checking import Checking, checking
from allup.run.client import Client
from unit.fake_client import Boom, FakeClient, Script, target_of, targets_of, url_of
from unit.virtual_loop import CLOCK, now, virtual

TOLD = CheckSettings(concurrency=2)


async def read(run: Checking, seen: list[int] | None = None) -> None:
    async for result in run:
        if seen is not None:
            seen.append(result.index)


async def check(client: Client, count: int, told: CheckSettings = TOLD, seen: list[int] | None = None) -> None:
    async with checking(targets_of(count), told, client=client, clock=CLOCK) as run:
        await read(run, seen)


async def leave(client: Client, *, after_s: float = 0.0, error: Exception | None = None) -> None:
    """Leave with the first result."""
    async with checking(targets_of(2), TOLD, client=client, clock=CLOCK) as run:
        async for _ in run:
            await asyncio.sleep(after_s)
            if error is not None:
                raise error
            break


@settings(deadline=None)
@given(
    latencies_s=st.lists(st.integers(0, 5), min_size=1, max_size=25),
    concurrency=st.integers(1, 6),
    fatal=st.integers(0, 24),
    parting_s=st.integers(0, 2),
    order=st.sampled_from(Order),
)
@virtual
async def test_an_exception_of_the_client_is_raised_by_the_iteration_and_cleaned_up_after(
    latencies_s: list[int], concurrency: int, fatal: int, parting_s: int, order: Order
) -> None:
    fatal %= len(latencies_s)
    client = FakeClient(
        {
            url_of(number): Script(latency_s=latency_s, dies=number == fatal, parting_s=parting_s)
            for number, latency_s in enumerate(latencies_s)
        }
    )
    told = CheckSettings(concurrency=concurrency, order=order)
    seen: list[int] = []
    with pytest.raises(ExceptionGroup) as caught:
        await check(client, len(latencies_s), told, seen)
    assert [str(error) for error in caught.value.exceptions] == [url_of(fatal)]
    assert caught.group_contains(Boom)
    assert client.in_flight == 0
    assert sorted([*client.answered, *client.cancelled, url_of(fatal)]) == sorted(client.asked)
    assert fatal not in seen
    assert len(seen) == len(set(seen))


@virtual
async def test_what_was_known_before_the_exception_is_handed_on_first() -> None:
    client = FakeClient({url_of(3): Script(latency_s=5, dies=True)}, otherwise=Script(latency_s=1))
    seen: list[int] = []
    with pytest.raises(ExceptionGroup):
        await check(client, 9, TOLD, seen)
    assert seen == [0, 1, 2]


@virtual
async def test_siblings_are_cancelled_when_one_dies() -> None:
    client = FakeClient({url_of(0): Script(latency_s=1, dies=True)}, otherwise=Script(latency_s=60))
    with pytest.raises(ExceptionGroup):
        await check(client, 9, CheckSettings(concurrency=4))
    assert now() == 1.0
    # Who waits for the slot may be let in by the very end of the one that died.
    assert sorted(client.cancelled) in ([url_of(n) for n in (1, 2, 3)], [url_of(n) for n in (1, 2, 3, 4)])
    assert sorted(client.cancelled) == sorted(client.asked)[1:]


@virtual
async def test_who_catches_the_exception_inside_the_block_is_not_told_again() -> None:
    client = FakeClient({url_of(0): Script(dies=True)})
    async with checking(targets_of(1), client=client, clock=CLOCK) as run:
        with pytest.raises(ExceptionGroup):
            await read(run)


@virtual
async def test_what_goes_wrong_while_a_block_is_left_is_raised_by_the_block() -> None:
    client = FakeClient({url_of(0): Script()}, otherwise=Script(latency_s=60, dies_parting=True))
    with pytest.raises(ExceptionGroup) as caught:
        await leave(client)
    assert caught.group_contains(Boom)


@virtual
async def test_an_exception_of_the_body_comes_before_what_goes_wrong_while_it_is_left() -> None:
    client = FakeClient({url_of(0): Script()}, otherwise=Script(latency_s=60, dies_parting=True))
    with pytest.raises(LookupError):
        await leave(client, error=LookupError())


@virtual
async def test_who_leaves_after_the_run_has_died_is_told_so_by_the_block() -> None:
    client = FakeClient({url_of(1): Script(latency_s=1, dies=True)})
    with pytest.raises(ExceptionGroup) as caught:
        await leave(client, after_s=5)
    assert caught.group_contains(Boom)


@virtual
async def test_an_exception_of_the_source_is_raised_by_the_iteration() -> None:
    def broken() -> Iterator[Target]:
        yield target_of(0)
        raise LookupError("the source broke")

    with pytest.raises(ExceptionGroup) as caught:
        async with checking(
            broken(), CheckSettings(concurrency=1), client=FakeClient(otherwise=Script(latency_s=1)), clock=CLOCK
        ) as run:
            await read(run)
    assert caught.group_contains(LookupError, match="the source broke")


@virtual
async def test_an_exception_of_an_observer_is_raised_by_the_iteration() -> None:
    class Broken:
        def completed(self, _: Result) -> None:
            raise LookupError("the observer broke")

    async with checking(targets_of(3), client=FakeClient(), clock=CLOCK) as run:
        run.observe(Broken())
        with pytest.raises(ExceptionGroup) as caught:
            await read(run)
    assert caught.group_contains(LookupError, match="the observer broke")


class SelfCancelling:
    """Lets a cancellation out that nobody asked for, as a client does whose inner task was cancelled."""

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Callable[[Callable[[], Phase]], None] | None = None,
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        del target, waited_s, watch, move
        await asyncio.sleep(1)
        raise asyncio.CancelledError


@virtual
async def test_a_cancellation_that_nobody_asked_for_loses_no_entry_silently() -> None:
    with pytest.raises(BaseExceptionGroup):
        await check(SelfCancelling(), 9)
