"""A schedule neither drifts nor piles up, and spreads its turns."""

import asyncio
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.run.schedule import Schedule, offsets
from unit.fake_client import target_of
from unit.virtual_loop import now, settle, virtual

HOUR_S = 3600.0


def schedule(count: int, every_s: float) -> Schedule:
    return Schedule([(one, target_of(one)) for one in range(count)], every_s, now, random.Random(1).random)


async def turns(one: Schedule, *, until_s: float, takes_s: float = 0.0) -> list[tuple[int, float]]:
    """Run it, each target being under way for `takes_s`, and return whose turn began when."""
    begun: list[tuple[int, float]] = []
    loop = asyncio.get_running_loop()

    async def poll() -> None:
        while True:
            for candidate in await one.next_batch():
                one.begin(candidate.index)
                begun.append((candidate.index, now()))
                if takes_s:
                    loop.call_later(takes_s, one.end, candidate.index)
                else:
                    one.end(candidate.index)

    tasks = [asyncio.create_task(one.run(), name="run"), asyncio.create_task(poll(), name="poll")]
    await asyncio.sleep(until_s)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return begun


@settings(deadline=None)
@given(count=st.integers(1, 300), every_s=st.floats(0.1, 86_400), seed=st.integers())
def test_offsets_are_inside_the_interval_and_any_run_of_lines_is_spread_over_it(
    count: int, every_s: float, seed: int
) -> None:
    found = offsets(count, every_s, random.Random(seed).random)

    assert all(0 <= offset < every_s for offset in found)
    # Were they drawn at random, some interval would have a gap of ln(n)/n of it; neighbours must not meet either.
    if count >= 20:
        run = sorted(found[5:20])
        gaps = [after - before for before, after in zip(run, [*run[1:], run[0] + every_s], strict=True)]
        assert max(gaps) <= every_s * (2.7 / 15 + 1 / count)


@virtual
async def test_there_is_no_drift_over_an_hour() -> None:
    begun = await turns(schedule(7, 30.0), until_s=HOUR_S, takes_s=4.0)

    for index in range(7):
        times = [at for one, at in begun if one == index]
        assert len(times) == 120
        assert all(at == pytest.approx(times[0] + turn * 30.0, abs=1e-6) for turn, at in enumerate(times))


@virtual
async def test_a_target_that_is_under_way_is_not_asked_again_but_skipped_and_counted() -> None:
    slow = schedule(1, 10.0)

    begun = await turns(slow, until_s=100.0, takes_s=25.0)

    times = [at for _, at in begun]
    assert [after - before for before, after in pairwise(times)] == pytest.approx([30.0] * 3)
    assert slow.skipped == {0: 10 - len(times)}


@virtual
async def test_it_is_kept_as_long_as_turns_begin_before_the_next_ones_come() -> None:
    stuck = schedule(3, 10.0)
    task = asyncio.create_task(stuck.run(), name="run")
    kept = [stuck.is_kept]
    await asyncio.sleep(10.0)
    assert 0 < stuck.late_s <= 10.0
    await asyncio.sleep(10.0)
    kept.append(stuck.is_kept)

    for candidate in await stuck.next_batch():
        stuck.begin(candidate.index)
        stuck.end(candidate.index)
    assert [*kept, stuck.is_kept] == [True, False, True]

    task.cancel()
    await settle()


def test_nothing_to_watch_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing to watch"):
        Schedule([], 1.0, now)
