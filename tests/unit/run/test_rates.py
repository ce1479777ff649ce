"""How often: evenly spaced, to the moment, and no burst makes up for a pause."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.settings import CheckSettings, PaceSettings
from allup.model.target import Entry
from allup.run.rate import Rate
from unit.checked import checked
from unit.fake_client import FakeClient, Script, host_of, invalid_of, page_of, targets_of
from unit.virtual_loop import virtual


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@settings(deadline=None)
@given(steps_s=st.lists(st.floats(0, 10), max_size=50), interval_s=st.floats(0.001, 5))
def test_a_rate_is_never_exceeded_over_any_stretch_of_time(steps_s: list[float], interval_s: float) -> None:
    clock = Hands()
    rate = Rate(interval_s, clock)
    taken: list[float] = []
    for step_s in steps_s:
        clock.at += step_s
        if rate.wait_s <= 0:
            rate.take()
            taken.append(clock.at)
    assert all(later - earlier >= interval_s * 0.999_999 for earlier, later in pairwise(taken))


def test_the_first_turn_waits_for_nothing_and_the_next_for_the_interval() -> None:
    clock = Hands()
    rate = Rate(2.0, clock)
    assert rate.wait_s == 0
    rate.take()
    assert rate.wait_s == 2.0
    clock.at += 0.5
    assert rate.wait_s == 1.5


@virtual
async def test_a_global_rate_holds_to_the_moment() -> None:
    client = FakeClient(otherwise=Script(latency_s=3))
    await checked(targets_of(20), client, CheckSettings(pace=PaceSettings(rate_per_s=4)))
    assert [at for _, at in client.log] == [number / 4 for number in range(20)]


@virtual
async def test_a_rate_of_a_host_holds_to_the_moment_and_for_that_host_only() -> None:
    entries = [page_of(number, host_of(number % 2)) for number in range(20)]
    client = FakeClient(otherwise=Script(latency_s=3))
    await checked(entries, client, CheckSettings(pace=PaceSettings(per_host_rate_per_s=2)))
    for host in (0, 1):
        assert [at for name, at in client.visits if name == host_of(host)] == [number / 2 for number in range(10)]


@virtual
async def test_no_burst_makes_up_for_a_pause() -> None:
    client = FakeClient(otherwise=Script(latency_s=10))
    await checked(targets_of(6), client, CheckSettings(concurrency=2, pace=PaceSettings(rate_per_s=1)))
    assert [at for _, at in client.log] == [0.0, 1.0, 10.0, 11.0, 20.0, 21.0]


@virtual
async def test_a_redirect_to_a_host_counts_in_that_hosts_rate() -> None:
    entries = [page_of(number, host_of(number)) for number in range(4)]
    client = FakeClient(otherwise=Script(moves=("to.test:80",)))
    await checked(entries, client, CheckSettings(pace=PaceSettings(per_host_rate_per_s=2)))
    assert [at for name, at in client.visits if name == "to.test:80"] == [0.0, 0.5, 1.0, 1.5]


@virtual
async def test_a_line_that_is_no_target_uses_up_no_rate() -> None:
    client = FakeClient()
    entries: list[Entry] = [invalid_of(0), invalid_of(1), *targets_of(2)]
    await checked(entries, client, CheckSettings(pace=PaceSettings(rate_per_s=1)))
    assert [at for _, at in client.log] == [0.0, 1.0]


@settings(deadline=None)
@given(
    hosts=st.lists(st.integers(0, 3), max_size=25),
    latency_s=st.sampled_from([0, 0.3, 2]),
    rate=st.sampled_from([None, 1, 3, 7.3]),
    host_rate=st.sampled_from([None, 0.5, 2, 1.7]),
    concurrency=st.integers(1, 5),
)
@virtual
async def test_rates_hold_together_with_everything_else(
    hosts: list[int], latency_s: float, rate: float | None, host_rate: float | None, concurrency: int
) -> None:
    entries = [page_of(number, host_of(host)) for number, host in enumerate(hosts)]
    client = FakeClient(otherwise=Script(latency_s=latency_s))
    pace = PaceSettings(per_host=2, rate_per_s=rate, per_host_rate_per_s=host_rate)
    came = await checked(entries, client, CheckSettings(concurrency=concurrency, pace=pace))
    assert came.indexes == list(range(len(hosts)))
    assert_spaced([at for _, at in client.log], rate)
    for host in set(hosts):
        assert_spaced([at for name, at in client.visits if name == host_of(host)], host_rate)


def assert_spaced(times: list[float], rate: float | None) -> None:
    for earlier, later in pairwise(times):
        assert later - earlier >= (0 if rate is None else 1 / rate - 1e-6)


@pytest.mark.parametrize("pace", [PaceSettings(rate_per_s=1e-3), PaceSettings(per_host_rate_per_s=1e-3)])
@virtual
async def test_who_leaves_while_a_rate_makes_everybody_wait_leaves_no_timer(pace: PaceSettings) -> None:
    reading = asyncio.create_task(
        checked([page_of(number, host_of(0)) for number in range(3)], FakeClient(), CheckSettings(pace=pace)),
        name="reader",
    )
    await asyncio.sleep(10)
    reading.cancel()
    await asyncio.wait([reading])
    scheduled = getattr(asyncio.get_running_loop(), "_scheduled")  # noqa: B009 - asyncio's own heap, untyped
    assert [timer for timer in scheduled if not timer.cancelled()] == []
