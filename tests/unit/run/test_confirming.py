"""The pass at the end: after a cool-down, slowly, over what failed in passing."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.result import Verdict
from allup.model.settings import CheckSettings, Order, PaceSettings
from allup.model.stop import Stop
from allup.run.checking import Checking
from allup.run.engine import COOL_DOWN_S
from unit.checked import checked
from unit.fake_client import RESET, FakeClient, Script, host_of, invalid_of, page_of, target_of, targets_of, url_of
from unit.virtual_loop import now, virtual

BUSY = Script(latency_s=1, status=503)
FINE = Script(latency_s=1)
CONFIRM = CheckSettings(confirm=True)


@virtual
async def test_what_failed_in_passing_is_tried_once_more_after_a_cool_down() -> None:
    client = FakeClient({url_of(0): [BUSY, FINE], url_of(1): BUSY}, otherwise=FINE)
    came = await checked(targets_of(3), client, CONFIRM)
    assert came.verdicts == [Verdict.FLAKY, Verdict.FAILED, Verdict.OK]
    assert came.attempts == [2, 2, 1]
    assert client.times(url_of(0)) == [0.0, 1 + COOL_DOWN_S]


@virtual
async def test_attempts_of_both_passes_are_counted() -> None:
    client = FakeClient(otherwise=Script(failure=RESET))
    came = await checked([target_of(0, retries=2)], client, CONFIRM)
    assert (came.verdicts, came.attempts) == ([Verdict.FAILED], [4])


@virtual
async def test_what_is_definite_is_not_tried_again() -> None:
    client = FakeClient({url_of(0): Script(status=404)})
    came = await checked([target_of(0), invalid_of(1)], client, CONFIRM)
    assert came.attempts == [1, 0]
    assert now() == 0.0


@virtual
async def test_a_run_in_which_nothing_failed_waits_for_no_cool_down() -> None:
    await checked(targets_of(3), FakeClient(otherwise=FINE), CONFIRM)
    assert now() == 1.0


@virtual
async def test_the_pass_is_slow_one_a_host_and_five_in_all() -> None:
    entries = [*[page_of(number, host_of(0)) for number in range(5)], *[target_of(n) for n in range(5, 25)]]
    client = FakeClient(otherwise=BUSY)
    await checked(entries, client, CONFIRM)
    second = sorted(at for at in (at for _, at in client.log) if at > COOL_DOWN_S)
    assert len(second) == 25
    assert max(second.count(at) for at in second) == 5
    first_host = [at for name, at in client.visits if name == host_of(0) and at > COOL_DOWN_S]
    assert len(set(first_host)) == 5


@virtual
async def test_the_pass_keeps_the_rates_that_were_asked_for() -> None:
    client = FakeClient(otherwise=Script(status=503))
    await checked(targets_of(4), client, CheckSettings(confirm=True, pace=PaceSettings(rate_per_s=0.5)))
    second = [client.times(url_of(number))[1] for number in range(4)]
    assert [later - earlier for earlier, later in pairwise(second)] == [2.0] * 3


@virtual
async def test_the_peak_is_that_of_the_whole_run() -> None:
    peaks: list[Checking] = []
    await checked(targets_of(20), FakeClient(otherwise=BUSY), CONFIRM, begun=peaks.append)
    assert peaks[0].summary.peak_in_flight == 20


@virtual
async def test_a_low_concurrency_holds_in_the_pass_too() -> None:
    client = FakeClient(otherwise=BUSY)
    await checked(targets_of(6), client, CheckSettings(confirm=True, concurrency=2))
    assert client.peak == 2


@pytest.mark.parametrize("order", Order)
@virtual
async def test_an_ordered_stream_waits_for_the_pass_and_completion_order_does_not(order: Order) -> None:
    client = FakeClient({url_of(1): [BUSY, FINE]}, otherwise=FINE)
    came = await checked(targets_of(4), client, CheckSettings(confirm=True, order=order))
    assert sorted(came.indexes[:3]) == ([0, 1, 2] if order is Order.LIST else [0, 2, 3])
    assert came.indexes[3] == (3 if order is Order.LIST else 1)
    assert [came.known_at[index] for index in range(4)] == [1.0, 7.0, 1.0, 1.0]


@pytest.mark.parametrize("at_s", [0.5, 3.0, 6.5, 7.5])
@pytest.mark.parametrize("reason", Stop)
@virtual
async def test_a_stop_before_or_within_the_pass_loses_nobody(at_s: float, reason: Stop) -> None:
    def stop_later(run: Checking) -> None:
        asyncio.get_running_loop().call_later(at_s, run.stop, reason)

    client = FakeClient(otherwise=BUSY)
    came = await checked(targets_of(12), client, CheckSettings(confirm=True, grace_s=0), begun=stop_later)
    assert came.indexes == list(range(12))
    assert now() == at_s
    if at_s == 3.0:  # in the cool-down: what failed has failed
        assert came.verdicts == [Verdict.FAILED] * 12
    if at_s == 6.5:  # five are in flight again
        assert (came.verdicts.count(Verdict.UNCHECKED), came.verdicts.count(Verdict.FAILED)) == (5, 7)


@virtual
async def test_a_failure_counts_towards_the_most_once_it_is_confirmed() -> None:
    client = FakeClient({url_of(0): [BUSY, FINE]}, otherwise=BUSY)
    runs: list[Checking] = []
    told = CheckSettings(confirm=True, max_failures=2)
    came = await checked(targets_of(3), client, told, begun=runs.append)
    assert came.verdicts == [Verdict.FLAKY, Verdict.FAILED, Verdict.FAILED]
    assert runs[0].stopped_by is Stop.FAILURES


@settings(deadline=None)
@given(
    fails=st.lists(st.integers(0, 3), max_size=25),
    retries=st.integers(0, 1),
    order=st.sampled_from(Order),
    concurrency=st.integers(1, 8),
)
@virtual
async def test_every_target_comes_out_once_as_its_attempts_were(
    fails: list[int], retries: int, order: Order, concurrency: int
) -> None:
    scripts = {url_of(number): [*[BUSY] * times, FINE] for number, times in enumerate(fails)}
    told = CheckSettings(confirm=True, order=order, concurrency=concurrency)
    came = await checked(targets_of(len(fails), retries=retries), FakeClient(scripts), told)
    by_index = sorted(came.results, key=lambda result: result.index)
    assert [result.attempts for result in by_index] == [min(times, retries + 1) + 1 for times in fails]
    failed = [result.index for result in by_index if result.verdict is Verdict.FAILED]
    assert failed == [number for number, times in enumerate(fails) if times > retries + 1]
    if order is Order.LIST:
        assert came.indexes == list(range(len(fails)))


@virtual
async def test_a_consumer_that_leaves_in_the_cool_down_leaves_nothing_behind() -> None:
    reading = asyncio.create_task(checked(targets_of(3), FakeClient(otherwise=BUSY), CONFIRM), name="reader")
    await asyncio.sleep(3)
    reading.cancel()
    await asyncio.wait([reading])
    assert reading.cancelled()
    assert now() == 3.0
