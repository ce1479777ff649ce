"""Results go over one by one, in order, each once, and no more wait than there is room for."""

import asyncio
from collections.abc import Awaitable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.result import Result, not_started
from allup.run.handover import Handover
from unit.fake_client import target_of
from unit.virtual_loop import settle, virtual


def result_of(index: int) -> Result:
    return not_started(index, target_of(index), detail="test")


def given_to(handover: Handover, index: int) -> Awaitable[None]:
    waiting = handover.give(result_of(index))
    assert waiting is not None, "there is room"
    return waiting


async def all_of(handover: Handover) -> list[int]:
    taken = []
    while (result := await handover.take()) is not None:
        taken.append(result.index)
    return taken


@virtual
async def test_where_there_is_room_nobody_waits() -> None:
    handover = Handover(3)
    assert [handover.give(result_of(index)) for index in range(3)] == [None] * 3
    handover.end()
    assert await all_of(handover) == [0, 1, 2]
    assert await handover.take() is None


@virtual
async def test_who_takes_waits_for_a_result_and_for_the_end() -> None:
    handover = Handover(1)
    taking = asyncio.create_task(all_of(handover), name="taker")
    await settle()
    assert handover.give(result_of(0)) is None
    await settle()
    assert not taking.done()
    handover.end()
    assert await taking == [0]


@virtual
async def test_who_waits_for_room_goes_before_who_comes_later() -> None:
    handover = Handover(1)
    assert handover.give(result_of(0)) is None
    waiting = [asyncio.ensure_future(given_to(handover, index)) for index in (1, 2)]
    await settle()
    taken = [await handover.take()]
    waiting.append(asyncio.ensure_future(given_to(handover, 3)))  # room was made, and it is promised
    await settle()
    taken += [await handover.take() for _ in range(3)]
    assert [one.index for one in taken if one is not None] == [0, 1, 2, 3]
    await asyncio.gather(*waiting)


@pytest.mark.parametrize("called", [False, True])
@virtual
async def test_a_giver_that_is_cancelled_leaves_its_room_to_the_next(*, called: bool) -> None:
    handover = Handover(1)
    assert handover.give(result_of(0)) is None
    first, second = (asyncio.ensure_future(given_to(handover, index)) for index in (1, 2))
    await settle()
    if called:
        assert await handover.take() == result_of(0)
    first.cancel()
    if not called:
        assert await handover.take() == result_of(0)
    await second
    assert first.cancelled()
    assert await handover.take() == result_of(2)
    assert handover.give(result_of(3)) is None


@settings(deadline=None)
@given(
    room=st.integers(1, 3),
    steps=st.lists(st.tuples(st.sampled_from(["give", "take", "cancel", "go on"]), st.integers(0, 5)), max_size=40),
)
@virtual
async def test_each_result_that_was_not_cancelled_goes_over_once(room: int, steps: list[tuple[str, int]]) -> None:
    handover = Handover(room)
    giving: list[asyncio.Task[None]] = []
    taken: list[int] = []

    async def give(index: int) -> None:
        waiting = handover.give(result_of(index))
        if waiting is not None:
            await waiting

    async def take() -> None:
        result = await handover.take()
        assert result is not None
        taken.append(result.index)

    for step, which in steps:
        if step == "give":
            giving.append(asyncio.create_task(give(len(giving)), name="giver"))
        elif step == "take" and sum(one.done() and not one.cancelled() for one in giving) > len(taken):
            await take()
        elif step == "cancel" and giving:
            giving[which % len(giving)].cancel()
        else:
            await settle()
    taking = asyncio.create_task(all_of(handover), name="taker")
    if giving:
        await asyncio.wait(giving)
    handover.end()
    taken += await taking
    assert sorted(taken) == [index for index, one in enumerate(giving) if not one.cancelled()]
