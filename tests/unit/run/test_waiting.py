"""A wait: the right answer at the right time, by polls that keep to their schedule."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.failure import FailureKind
from allup.model.settings import PaceSettings
from allup.model.stop import Stop
from allup.model.target import Entry, Target
from allup.model.waiting import Poll, Waited, WaitSettings
from allup.run.waiting import Waiting
from unit.fake_client import (
    REFUSED,
    Boom,
    FakeClient,
    Script,
    host_of,
    invalid_of,
    page_of,
    target_of,
    targets_of,
    url_of,
)
from unit.virtual_loop import CLOCK, now, others, run_virtual, virtual

DOWN = Script(failure=REFUSED)
UP = Script()
PATIENT = WaitSettings()


async def waited(
    entries: Sequence[Entry], client: FakeClient, told: WaitSettings = PATIENT, seen: list[Poll] | None = None
) -> Waited:
    waiting = Waiting(entries, client, told, clock=CLOCK, observe=(seen if seen is not None else []).append)
    outcome = await waiting.run()
    assert others() == set(), "a task outlived the wait"
    assert client.in_flight == 0
    return outcome


def one(*scripts: Script) -> FakeClient:
    return FakeClient({url_of(0): scripts})


def in_group(number: int) -> Target:
    return replace(target_of(number), group="mirrors")


def kinds(outcome: Waited) -> list[FailureKind | None]:
    return [None if result.failure is None else result.failure.kind for result in outcome.missing]


@virtual
async def test_a_server_that_comes_up_after_three_seconds_is_ready_then() -> None:
    client = one(DOWN, DOWN, DOWN, UP)

    outcome = await waited([target_of(0)], client)

    assert (outcome.in_time, outcome.wall_s, now()) == (True, 3, 3)
    assert client.times(url_of(0)) == [0, 1, 2, 3]


@virtual
async def test_one_that_flaps_is_ready_once_it_stays() -> None:
    client = one(DOWN, UP, DOWN, UP, UP, DOWN, UP, UP, UP)
    seen: list[Poll] = []

    outcome = await waited([target_of(0)], client, replace(PATIENT, stable=3), seen)

    assert (outcome.in_time, outcome.wall_s) == (True, 8)
    assert [poll.streak for poll in seen] == [0, 1, 0, 1, 2, 0, 1, 2, 3]
    assert [poll.ready for poll in seen] == [False] * 8 + [True]


@given(
    states=st.lists(st.booleans(), min_size=1, max_size=12),
    stable=st.integers(1, 3),
    every_s=st.sampled_from([0.1, 1, 7]),
    latency=st.integers(0, 3),
)
@settings(deadline=None, max_examples=60)
def test_the_answer_comes_with_the_poll_that_makes_it_true(
    states: list[bool], stable: int, every_s: float, latency: int
) -> None:
    latency_s = latency * every_s / 4
    client = one(*(replace(UP if up else DOWN, latency_s=latency_s) for up in states))
    for_s = (len(states) - 1) * every_s + latency_s + every_s / 8
    told = WaitSettings(every_s=every_s, for_s=for_s, stable=stable)

    outcome = run_virtual(waited([target_of(0)], client, told))

    runs = [all(states[at - stable + 1 : at + 1]) and at >= stable - 1 for at in range(len(states))]
    assert outcome.in_time is any(runs)
    ended_at = runs.index(True) * every_s + latency_s if any(runs) else for_s
    assert outcome.wall_s == pytest.approx(ended_at)


@virtual
async def test_only_what_is_not_ready_yet_is_polled() -> None:
    client = FakeClient({url_of(0): UP, url_of(1): [DOWN, DOWN, UP]})

    outcome = await waited(targets_of(2), client)

    assert (outcome.in_time, outcome.missing, outcome.ready_count) == (True, (), 2)
    assert [len(client.times(url_of(number))) for number in range(2)] == [1, 3]


@virtual
async def test_a_poll_that_takes_longer_than_the_interval_skips_ticks_and_keeps_the_schedule() -> None:
    client = one(Script(latency_s=2.5, status=503), Script(latency_s=0.2, status=503), UP)

    await waited([target_of(0)], client)

    assert client.times(url_of(0)) == [0, 3, 4]


@virtual
async def test_one_poll_is_one_attempt_whatever_the_retries() -> None:
    client = one(DOWN, DOWN, UP)

    await waited([target_of(0, retries=9)], client)

    assert client.times(url_of(0)) == [0, 1, 2]


@virtual
async def test_a_retry_after_stretches_the_schedule_for_its_host_and_for_nobody_else() -> None:
    busy = Script(status=503, retry_after_s=3.5)
    client = FakeClient({url_of(0): [busy, DOWN, UP], url_of(1): [DOWN] * 5 + [UP]})

    await waited(targets_of(2), client)

    assert client.times(url_of(0)) == pytest.approx([0, 3.51, 4])
    assert client.times(url_of(1)) == [0, 1, 2, 3, 4, 5]


@virtual
async def test_what_is_not_ready_in_time_is_told_with_its_last_reason() -> None:
    client = FakeClient({url_of(0): UP, url_of(1): [DOWN, Script(status=503)], url_of(2): Script(latency_s=99)})

    outcome = await waited(targets_of(3), client, replace(PATIENT, for_s=9.5))

    assert (outcome.in_time, outcome.wall_s, outcome.ready_count, outcome.count) == (False, 9.5, 1, 3)
    assert kinds(outcome) == [FailureKind.STATUS, FailureKind.DEADLINE]
    assert [result.url for result in outcome.missing] == [url_of(1), url_of(2)]
    assert client.cancelled == [url_of(2)]


@virtual
async def test_what_never_got_its_turn_is_told_so() -> None:
    client = FakeClient(otherwise=Script(latency_s=99))

    outcome = await waited(targets_of(2), client, replace(PATIENT, for_s=10, concurrency=1))

    assert kinds(outcome) == [FailureKind.DEADLINE, FailureKind.NOT_STARTED]


@virtual
async def test_one_of_a_group_is_enough_and_the_others_are_left_alone() -> None:
    client = FakeClient({url_of(0): DOWN, url_of(1): [DOWN, UP], url_of(2): [DOWN, DOWN, DOWN, UP]})

    outcome = await waited([in_group(0), in_group(1), target_of(2)], client)

    assert (outcome.in_time, outcome.wall_s, outcome.count) == (True, 3, 2)
    assert len(client.times(url_of(0))) <= 2
    assert len(client.times(url_of(1))) == 2


@virtual
async def test_what_is_in_flight_when_all_is_ready_is_called_off() -> None:
    client = FakeClient({url_of(0): Script(latency_s=30), url_of(1): Script(latency_s=1)})

    outcome = await waited([in_group(0), in_group(1)], client)

    assert (outcome.in_time, now(), client.cancelled) == (True, 1, [url_of(0)])


@virtual
async def test_any_one_is_enough_where_that_is_asked() -> None:
    client = FakeClient({url_of(1): [DOWN, DOWN, UP]}, otherwise=DOWN)

    outcome = await waited([invalid_of(0), *targets_of(3)[1:]], client, replace(PATIENT, any_ready=True))

    assert (outcome.in_time, outcome.wall_s, outcome.ready_count) == (True, 2, 1)


@pytest.mark.parametrize(("any_ready", "entries"), [(False, [target_of(0), invalid_of(1)]), (True, [invalid_of(0)])])
def test_a_line_that_cannot_be_read_is_not_waited_for(*, any_ready: bool, entries: list[Entry]) -> None:
    client = FakeClient()

    outcome = run_virtual(waited(entries, client, replace(PATIENT, any_ready=any_ready)))

    assert (outcome.in_time, outcome.wall_s, client.asked) == (False, 0, [])
    assert FailureKind.INVALID_TARGET in kinds(outcome)


@virtual
async def test_caps_hold() -> None:
    pages = [page_of(number, host_of(0)) for number in range(6)]
    client = FakeClient(otherwise=[Script(latency_s=0.1, status=503), Script(latency_s=0.1)])

    await waited([*pages, *targets_of(20)[6:]], client, replace(PATIENT, concurrency=4, pace=PaceSettings(per_host=2)))

    assert (client.peak, client.peaks[host_of(0)]) == (4, 2)


@virtual
async def test_a_stop_ends_it_and_tells_what_is_missing() -> None:
    waiting = Waiting(targets_of(2), FakeClient({url_of(0): UP}, otherwise=DOWN), PATIENT, clock=CLOCK)
    asyncio.get_running_loop().call_later(2.5, waiting.stop, Stop.INTERRUPT)

    outcome = await waiting.run()

    assert (now(), outcome.stop, outcome.in_time) == (2.5, Stop.INTERRUPT, False)
    assert kinds(outcome) == [FailureKind.CONNECT_REFUSED]


@virtual
async def test_a_cancellation_from_outside_passes_and_leaves_nothing_behind() -> None:
    client = FakeClient(otherwise=Script(latency_s=60, parting_s=1))
    waiting = asyncio.create_task(Waiting(targets_of(3), client, PATIENT, clock=CLOCK).run(), name="waiting")
    await asyncio.sleep(1)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert len(client.cancelled) == 3
    assert others() == set()


def test_what_no_client_should_raise_ends_the_wait() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        run_virtual(waited(targets_of(2), FakeClient({url_of(0): Script(latency_s=1, dies=True)}, otherwise=DOWN)))

    assert raised.group_contains(Boom)
