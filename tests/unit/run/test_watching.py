"""An hour of watching is, poll by poll, what its script says."""

import asyncio
import gc
import random
import tracemalloc
from dataclasses import replace
from itertools import pairwise

import pytest

from allup.model.attempt import Attempt
from allup.model.result import Verdict
from allup.model.settings import PaceSettings
from allup.model.state import Standpoint, State
from allup.model.target import Target
from allup.model.watch_settings import WatchSettings
from allup.run.watching import QUEUE, Watching
from unit.fake_client import Boom, FakeClient, Script, invalid_of, page_of, target_of, url_of
from unit.virtual_loop import CLOCK, EPOCH, now, virtual
from unit.watched_hour import expected, scripted, targets, watched

HOUR_S = 3600.0
SETTINGS = WatchSettings(every_s=30.0, confirm_after=3)


@virtual
async def test_an_hour_is_what_its_script_says() -> None:
    draw = random.Random(7)
    scripts = ["".join(draw.choices("++++++--?", k=120)) for _ in range(12)]
    client = scripted(scripts)

    watch, polls = await watched(targets(12), client, SETTINGS, for_s=HOUR_S + 1)

    for number, (one, script) in enumerate(zip(watch.targets, scripts, strict=True)):
        came = [poll for poll in polls if poll.result.index == number]
        seen = script[: len(came)]
        assert 119 <= len(came) <= 121
        told = [poll.transition for poll in came if poll.transition is not None]
        assert [(change.before, change.after) for change in told] == expected(seen, 3)
        known = seen.replace("?", "")
        assert one.availability == known.count("+") / len(known)
        assert one.polls[Verdict.UNCHECKED] == seen.count("?")
        assert all(after - before == pytest.approx(30.0) for before, after in pairs(client.times(url_of(number))))
    assert sum(watch.schedule.skipped.values()) == 0


def pairs(times: list[float]) -> list[tuple[float, float]]:
    return list(pairwise(times))


@virtual
async def test_the_polls_of_an_interval_are_spread_over_it() -> None:
    client = FakeClient()

    await watched(targets(100), client, SETTINGS, for_s=31.0)

    tenths = [sum(at // 3 == tenth for _, at in client.log) for tenth in range(10)]
    assert all(7 <= count <= 13 for count in tenths), tenths


@virtual
async def test_no_target_is_asked_twice_at_once_however_slow_it_is() -> None:
    draw = random.Random(3)
    slow = {url_of(n): [Script(latency_s=draw.uniform(0, 95)) for _ in range(130)] for n in range(20)}
    client = FakeClient(slow)

    watch, _ = await watched(targets(20), client, replace(SETTINGS, concurrency=7), for_s=HOUR_S)

    assert max(client.peaks.values()) == 1
    asked = len(client.log)
    assert asked + sum(watch.schedule.skipped.values()) == pytest.approx(20 * 120, abs=2 * 20)
    assert client.peak <= 7


@virtual
async def test_a_poll_is_one_attempt_without_retries_and_heeds_no_retry_after() -> None:
    client = FakeClient(otherwise=Script(status=503, retry_after_s=300.0))

    await watched([target_of(0, retries=5)], client, SETTINGS, for_s=300.0)

    assert len(client.log) == 10


@virtual
async def test_a_host_has_no_more_in_flight_than_it_may() -> None:
    pages = [page_of(number, "one.test:80") for number in range(30)]
    client = FakeClient(otherwise=Script(latency_s=4.0))

    watch, _ = await watched(pages, client, replace(SETTINGS, pace=PaceSettings(per_host=2)), for_s=HOUR_S)

    assert client.peaks == {"one.test:80": 2}
    assert sum(watch.schedule.skipped.values()) > 0


@virtual
async def test_a_schedule_that_the_pace_does_not_allow_is_not_kept() -> None:
    kept: list[bool] = []
    told = replace(SETTINGS, pace=PaceSettings(rate_per_s=0.1))

    await watched(targets(10), FakeClient(), told, for_s=200.0, seen=lambda watch: kept.append(watch.schedule.is_kept))
    await watched(targets(2), FakeClient(), told, for_s=200.0, seen=lambda watch: kept.append(watch.schedule.is_kept))

    assert kept == [False, True]


@virtual
async def test_a_line_that_is_no_target_is_told_first_and_never_asked() -> None:
    client = FakeClient()

    watch, polls = await watched([invalid_of(0), target_of(1)], client, SETTINGS, for_s=61.0)

    first = polls[0].transition
    assert first is not None
    assert (first.after, first.result.url, first.at) == (State.DOWN, "line 0", EPOCH)
    assert set(client.asked) == {url_of(1)}
    assert [one.state for one in watch.targets] == [State.DOWN, State.UP]


@virtual
async def test_a_change_says_how_its_group_stands_then() -> None:
    pair = [replace(target_of(number), group="mirrors") for number in range(2)]
    client = scripted(["+---", "+++---"])

    watch, polls = await watched(pair, client, SETTINGS, for_s=190.0)

    changes = [poll.transition for poll in polls if poll.transition is not None]
    assert [(one.after, one.group_state) for one in changes][-2:] == [("down", "up"), ("down", "down")]
    assert watch.groups == {"mirrors": State.DOWN}


@virtual
async def test_it_goes_on_from_where_it_was() -> None:
    before = {0: Standpoint(state=State.DOWN, since=5.0), 1: Standpoint(state=State.UP, since=6.0)}

    watch, polls = await watched(targets(2), scripted(["---", "+++"]), SETTINGS, for_s=100.0, standpoints=before)

    assert [poll.transition for poll in polls if poll.transition] == []
    assert [one.since for one in watch.targets] == [5.0, 6.0]


@virtual
async def test_what_is_in_flight_at_its_end_is_dropped() -> None:
    client = FakeClient(otherwise=Script(latency_s=1e6))

    await watched(targets(5), client, SETTINGS, for_s=40.0)

    assert (len(client.cancelled), client.in_flight) == (5, 0)


@virtual
async def test_what_a_client_raises_is_raised_to_whoever_waits() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        await watched(targets(3), FakeClient(otherwise=Script(dies=True)), SETTINGS, for_s=100.0)

    assert raised.group_contains(Boom)


@virtual
async def test_a_consumer_that_does_not_come_holds_a_bounded_number_of_polls() -> None:
    client = FakeClient()
    async with Watching(targets(3), client, SETTINGS, clock=CLOCK) as watch:
        await asyncio.sleep(HOUR_S)
        assert len(client.log) == QUEUE + 3
        assert not watch.schedule.is_kept or sum(watch.schedule.skipped.values()) > 0


@virtual
async def test_it_is_iterated_over_inside_of_its_block() -> None:
    with pytest.raises(RuntimeError, match="enter it"):
        async for _ in Watching(targets(1), FakeClient(), SETTINGS, clock=CLOCK):
            pass


class Terse:
    """A client that keeps nothing."""

    async def attempt(self, target: Target, **_: object) -> Attempt:
        await asyncio.sleep(0.2)
        return Attempt(
            started_at=EPOCH,
            elapsed_s=now() % 1,
            method=target.request.method,
            status=200 if now() % 700 < 350 else 500,
        )


@virtual
async def test_memory_does_not_grow_with_time() -> None:
    sizes: list[int] = []

    async def measure() -> None:
        while True:
            await asyncio.sleep(HOUR_S)
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])

    async with Watching(targets(3), Terse(), SETTINGS, clock=CLOCK) as watch:
        measuring = asyncio.create_task(measure(), name="measure")
        tracemalloc.start()
        async for _ in watch:
            if len(sizes) == 3:
                break
        tracemalloc.stop()
        measuring.cancel()

    assert sizes[2] - sizes[0] < 20_000, sizes
