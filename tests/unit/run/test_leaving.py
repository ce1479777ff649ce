"""Who leaves the block early, however, leaves nothing behind, and exceptions pass as they are (PEP 789)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum, auto
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allup.model.settings import CheckSettings, Order
from allup.model.stop import Stop
from allup.run.checking import Checking, checking
from unit.fake_client import FakeClient, Script, client_of, targets_of, url_of
from unit.virtual_loop import CLOCK, now, settle, virtual

LATENCIES = st.lists(st.integers(0, 5), min_size=1, max_size=25)


class Manner(Enum):
    """How a consumer leaves."""

    BREAK = auto()
    RAISE = auto()
    CANCELLED = auto()


class Enough(Exception):
    """The consumer's own."""


@dataclass(frozen=True, kw_only=True)
class Exit:
    """Read `after` results, `pause_s` each, and leave."""

    manner: Manner
    after: int = 1
    pause_s: float = 1

    async def leave(self, client: FakeClient, count: int, told: CheckSettings) -> int:
        """Return how many results were read."""
        read = 0
        async with checking(targets_of(count), told, client=client, clock=CLOCK) as run:
            async for _ in run:
                read += 1
                await asyncio.sleep(self.pause_s)
                if read < self.after:
                    continue
                match self.manner:
                    case Manner.BREAK:
                        break
                    case Manner.RAISE:
                        raise Enough
                    case Manner.CANCELLED:
                        await asyncio.sleep(1e9)
        return read

    async def take(self, client: FakeClient, count: int, told: CheckSettings) -> None:
        """Leave, and see to it that it ends as it should: a return, the consumer's exception, or a cancellation."""
        leaving = asyncio.create_task(self.leave(client, count, told), name="consumer")
        await asyncio.wait([leaving], timeout=1000)
        leaving.cancel()
        await asyncio.wait([leaving])
        if leaving.cancelled():
            assert self.manner is Manner.CANCELLED
        elif (error := leaving.exception()) is not None:
            assert self.manner is Manner.RAISE
            assert type(error) is Enough
        else:
            assert self.manner is Manner.BREAK or leaving.result() < self.after


EXITS = st.builds(Exit, manner=st.sampled_from(Manner), after=st.integers(1, 30), pause_s=st.integers(0, 2))
SETTINGS = st.builds(CheckSettings, concurrency=st.integers(1, 6), order=st.sampled_from(Order))


@settings(deadline=None, max_examples=200)
@given(latencies_s=LATENCIES, told=SETTINGS, way=EXITS)
@virtual
async def test_an_early_exit_leaves_no_task_and_no_request_behind(
    latencies_s: list[int], told: CheckSettings, way: Exit
) -> None:
    client = client_of(latencies_s)
    await way.take(client, len(latencies_s), told)
    assert client.in_flight == 0


@pytest.mark.parametrize("manner", Manner)
@virtual
async def test_an_early_exit_ends_also_where_results_have_piled_up(manner: Manner) -> None:
    client = FakeClient()
    await Exit(manner=manner).take(client, 1000, CheckSettings(concurrency=10))
    assert client.in_flight == 0


@settings(deadline=None)
@given(latencies_s=LATENCIES, told=SETTINGS, way=EXITS, queue=st.integers(1, 4))
@example(latencies_s=[0] * 9, told=CheckSettings(), way=Exit(manner=Manner.BREAK), queue=1)
@virtual
async def test_an_early_exit_ends_however_many_results_wait(
    latencies_s: list[int], told: CheckSettings, way: Exit, queue: int
) -> None:
    client = client_of(latencies_s)
    with patch("allup.run.checking.QUEUE", queue):
        await way.take(client, len(latencies_s), told)
    assert client.in_flight == 0


@virtual
async def test_a_consumer_may_leave_after_it_stopped_the_run_though_thousands_wait() -> None:
    async with checking(targets_of(1000), client=FakeClient(otherwise=Script(latency_s=1)), clock=CLOCK) as run:
        run.stop(Stop.INTERRUPT)
        await asyncio.sleep(1)


@virtual
async def test_a_block_that_is_never_iterated_over_ends() -> None:
    client = FakeClient(otherwise=Script(latency_s=60))
    async with checking(targets_of(50), CheckSettings(concurrency=5), client=client, clock=CLOCK):
        await asyncio.sleep(1)
    assert now() == 1.0
    assert sorted(client.cancelled) == [url_of(number) for number in range(5)]


@virtual
async def test_the_block_ends_when_the_last_attempt_has_cleaned_up() -> None:
    client = FakeClient({url_of(0): Script(latency_s=1)}, otherwise=Script(latency_s=60, parting_s=3))
    async with checking(targets_of(9), CheckSettings(concurrency=4), client=client, clock=CLOCK) as run:
        async for _ in run:
            break
    assert now() == 4.0
    assert client.in_flight == 0


async def read(run: Checking) -> list[int]:
    return [result.index async for result in run]


@virtual
async def test_an_exception_in_the_body_is_raised_as_itself() -> None:
    error = Enough("as it is")

    async def raise_it() -> None:
        async with checking(targets_of(50), client=FakeClient(otherwise=Script(latency_s=1)), clock=CLOCK) as run:
            async for _ in run:
                raise error

    with pytest.raises(Enough) as caught:
        await raise_it()
    assert caught.value is error
    assert error.__cause__ is None


@virtual
async def test_a_timeout_around_the_block_is_a_timeout() -> None:
    client = FakeClient(otherwise=Script(latency_s=60))

    async def be_late() -> None:
        async with asyncio.timeout(10), checking(targets_of(5), client=client, clock=CLOCK) as run:
            await read(run)

    with pytest.raises(TimeoutError):
        await be_late()
    assert now() == 10.0
    assert client.in_flight == 0


@virtual
async def test_a_timeout_inside_the_block_ends_the_reading_and_nothing_else() -> None:
    client = client_of([1, 60])
    async with checking(targets_of(2), CheckSettings(order=Order.COMPLETION), client=client, clock=CLOCK) as run:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(read(run), 10)
        await settle()
        assert client.in_flight == 1
    assert client.cancelled == [url_of(1)]


@virtual
async def test_a_task_group_in_the_body_keeps_its_own_cancellations() -> None:
    """What PEP 789 is about: a scope that is suspended in a generator cancels whoever happens to run."""

    async def fail_in_a_group() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(60), name="cancelled with its sibling")
            raise Enough

    seen: list[int] = []
    async with checking(targets_of(6), CheckSettings(concurrency=2), client=client_of([1] * 6), clock=CLOCK) as run:
        async for result in run:
            with pytest.raises(ExceptionGroup):
                await fail_in_a_group()
            seen.append(result.index)
    assert seen == list(range(6))


@virtual
async def test_a_source_that_is_still_awaited_is_let_go_of() -> None:
    async def never_again() -> AsyncIterator[str]:
        yield url_of(0)
        await asyncio.sleep(1e9)

    client = FakeClient(otherwise=Script(latency_s=1))
    async with checking(never_again(), client=client, clock=CLOCK) as run:
        async for _ in run:
            break
