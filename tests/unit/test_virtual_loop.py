"""The test instrument itself: time that jumps, and what it refuses to let pass."""

import asyncio
import time

import pytest

from unit.virtual_loop import CLOCK, EPOCH, Stuck, now, run_virtual, virtual


@virtual
async def test_virtual_time_is_exact() -> None:
    for _ in range(1000):
        await asyncio.sleep(3600)
    assert now() == 3_600_000.0


def test_an_hour_costs_nothing() -> None:
    began_at = time.perf_counter()
    run_virtual(asyncio.sleep(1e9))
    assert time.perf_counter() - began_at < 5


@virtual
async def test_time_stands_still_while_something_is_ready() -> None:
    for _ in range(100):
        await asyncio.sleep(0)
    assert now() == 0.0


@virtual
async def test_timers_go_off_in_their_order() -> None:
    order: list[int] = []

    async def note(after_s: int) -> None:
        await asyncio.sleep(after_s)
        order.append(after_s)

    await asyncio.gather(*(note(after_s) for after_s in (3, 1, 2)))
    assert order == [1, 2, 3]
    assert now() == 3.0


@virtual
async def test_a_timeout_goes_off_at_its_moment() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2.5):
            await asyncio.sleep(1000)
    assert now() == 2.5


@virtual
async def test_both_hands_of_the_clock_follow_the_loop() -> None:
    await asyncio.sleep(7)
    assert CLOCK.monotonic() == 7.0
    assert CLOCK.wall() == EPOCH + 7.0


def test_a_deadlock_is_an_error_at_once() -> None:
    with pytest.raises(Stuck):
        run_virtual(asyncio.Event().wait())


def test_a_task_that_is_left_behind_is_an_error() -> None:
    async def careless() -> None:
        kept.append(asyncio.create_task(asyncio.sleep(5), name="forgotten"))

    kept: list[asyncio.Task[None]] = []
    with pytest.raises(AssertionError, match="forgotten"):
        run_virtual(careless())


def test_an_exception_that_nobody_saw_is_an_error() -> None:
    async def fail() -> None:
        raise LookupError

    async def careless() -> None:
        await asyncio.wait([asyncio.create_task(fail(), name="unseen")])

    with pytest.raises(AssertionError, match="never retrieved"):
        run_virtual(careless())
