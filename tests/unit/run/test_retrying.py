"""Whether a target is tried again, and when."""

from dataclasses import replace
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.attempt import Attempt
from allup.model.failure import Failure
from allup.model.result import Result, Verdict, judged, unreadable
from allup.model.retry_on import RetryOn
from allup.model.settings import CheckSettings, PaceSettings, RetrySettings
from allup.run.backoff import FIRST_S, LONGEST_S, Backoff
from allup.run.retrying import Retry, Retrying
from unit.checked import checked
from unit.fake_client import (
    REFUSED,
    RESET,
    FakeClient,
    Script,
    host_of,
    invalid_of,
    page_of,
    target_of,
    targets_of,
    url_of,
)
from unit.virtual_loop import now, virtual

BUSY = Script(latency_s=1, status=503)
FINE = Script(latency_s=1)
LATEST = Retrying(settings=RetrySettings(), backoff=Backoff(draw=lambda: 1.0))


def result_of(
    *,
    status: int = 503,
    failure: Failure | None = None,
    retries: int = 2,
    attempts: int = 1,
    retry_after_s: float | None = None,
) -> Result:
    attempt = Attempt(
        started_at=0.0, elapsed_s=0.1, method="GET", status=status, failure=failure, retry_after_s=retry_after_s
    )
    return judged(0, target_of(0, retries=retries), attempt, attempts=attempts)


@settings(deadline=None)
@given(draw=st.floats(0, 1), attempts=st.integers(1, 1000))
def test_a_backoff_is_anything_from_nothing_to_a_doubling_bound(draw: float, attempts: int) -> None:
    wait_s = Backoff(draw=lambda: draw).wait_s(attempts)
    assert 0 <= wait_s <= min(LONGEST_S, FIRST_S * 2.0 ** (attempts - 1))
    assert wait_s == draw * Backoff(draw=lambda: 1.0).wait_s(attempts)


def test_a_backoff_doubles_up_to_its_longest() -> None:
    backoff = Backoff(draw=lambda: 1.0)
    assert [backoff.wait_s(attempts) for attempts in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_waits_are_spread_over_all_of_the_jitter() -> None:
    waits = [Backoff().wait_s(1) for _ in range(1_000)]
    assert min(waits) < 0.05
    assert max(waits) > 0.45
    assert 0.2 < sum(waits) / 1_000 < 0.3


def test_what_passes_is_tried_again_as_often_as_the_target_says() -> None:
    waits = [LATEST.retry(result_of(attempts=attempts), paused_for_s=0) for attempts in (1, 2, 3)]
    assert waits == [Retry(after_s=0.5), Retry(after_s=1.0), None]
    assert LATEST.retry(result_of(retries=0), paused_for_s=0) is None


@pytest.mark.parametrize(
    "result",
    [
        result_of(status=200),
        result_of(status=404),
        result_of(status=501),
        result_of(failure=REFUSED),
        unreadable(0, invalid_of(0)),
    ],
    ids=["an answer as expected", "a 404", "a 501", "a definite failure", "no target"],
)
def test_what_does_not_pass_is_not_tried_again(result: Result) -> None:
    assert LATEST.retry(result, paused_for_s=0) is None


def test_what_a_server_asks_for_is_waited_by_its_whole_host_to_the_second() -> None:
    retry = LATEST.retry(result_of(status=429, retry_after_s=2), paused_for_s=0)
    assert retry is not None
    assert retry.after_s == retry.pause_s
    assert 2 < retry.after_s < 2.5


@pytest.mark.parametrize(("spent_s", "asked_s", "retries"), [(0, 60, 1), (0, 61, 0), (50, 10, 1), (50, 11, 0)])
def test_a_retry_after_beyond_the_budget_ends_the_attempts(spent_s: float, asked_s: float, retries: int) -> None:
    result = result_of(status=429, retry_after_s=asked_s)
    assert (LATEST.retry(result, paused_for_s=spent_s) is not None) == retries


def test_which_failures_are_tried_again_is_the_settings_to_say() -> None:
    only_404 = replace(LATEST, settings=RetrySettings(on=RetryOn.parse("404")))
    assert only_404.retry(result_of(status=404), paused_for_s=0) is not None
    assert only_404.retry(result_of(status=503), paused_for_s=0) is None


@virtual
async def test_success_after_a_retry_is_flaky_and_counts_its_attempts() -> None:
    scripts = {url_of(0): [BUSY, FINE], url_of(1): [BUSY, BUSY, FINE], url_of(2): [BUSY] * 3, url_of(3): [FINE]}
    client = FakeClient(scripts)
    came = await checked(targets_of(4, retries=2), client, CheckSettings())
    assert came.verdicts == [Verdict.FLAKY, Verdict.FLAKY, Verdict.FAILED, Verdict.OK]
    assert came.attempts == [2, 3, 3, 1]
    assert len(client.asked) == 2 + 3 + 3 + 1


@pytest.mark.parametrize("retries", [0, 1, 5])
@virtual
async def test_a_target_is_asked_once_and_again_for_each_retry_of_its_own(retries: int) -> None:
    client = FakeClient(otherwise=Script(failure=RESET))
    came = await checked([target_of(0, retries=retries), target_of(1, retries=1)], client, CheckSettings())
    assert client.asked.count(url_of(0)) == came.attempts[0] == retries + 1
    assert came.attempts[1] == 2
    assert came.verdicts == [Verdict.FAILED] * 2


@virtual
async def test_each_retry_comes_within_its_jitter() -> None:
    client = FakeClient(otherwise=Script(status=503))
    await checked(targets_of(50, retries=3), client, CheckSettings())
    for number in range(50):
        times = client.times(url_of(number))
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert all(0 <= gap <= bound for gap, bound in zip(gaps, (0.5, 1, 2), strict=True))


@virtual
async def test_a_backoff_holds_no_slot_neither_a_global_one_nor_its_hosts() -> None:
    entries = [page_of(0, host_of(0), retries=1), page_of(1, host_of(0)), target_of(2)]
    client = FakeClient({url_of(0): [BUSY, FINE]}, otherwise=Script(latency_s=0.1))
    told = CheckSettings(concurrency=1, pace=PaceSettings(per_host=1))
    with patch("allup.run.backoff.random.random", return_value=1.0), patch.object(Backoff, "wait_s", lambda *_: 9.0):
        came = await checked(entries, client, told)
    assert client.log == [(url_of(0), 0.0), (url_of(1), 1.0), (url_of(2), 1.1), (url_of(0), 10.0)]
    assert came.verdicts == [Verdict.FLAKY, Verdict.OK, Verdict.OK]


@virtual
async def test_a_retry_goes_to_the_back_of_its_hosts_line() -> None:
    entries = [page_of(number, host_of(0), retries=1) for number in range(5)]
    client = FakeClient({url_of(0): [BUSY, FINE]}, otherwise=FINE)
    with patch.object(Backoff, "wait_s", lambda *_: 0.5):
        await checked(entries, client, CheckSettings(pace=PaceSettings(per_host=1)))
    assert client.asked == [url_of(number) for number in (0, 1, 2, 3, 4, 0)]


@virtual
async def test_the_time_that_a_retry_waited_for_its_turn_is_counted_from_when_it_was_due() -> None:
    entries = [page_of(0, host_of(0), retries=1), page_of(1, host_of(0))]
    client = FakeClient({url_of(0): [BUSY, FINE]}, otherwise=Script(latency_s=10))
    with patch.object(Backoff, "wait_s", lambda *_: 2.0):
        await checked(entries, client, CheckSettings(pace=PaceSettings(per_host=1)))
    assert client.waited[url_of(0)] == 8.0  # due at 3, let in at 11


@settings(deadline=None)
@given(
    fails=st.lists(st.integers(0, 4), min_size=1, max_size=15),
    retries=st.integers(0, 3),
    concurrency=st.integers(1, 4),
)
@virtual
async def test_a_target_that_fails_n_times_is_what_its_retries_make_of_it(
    fails: list[int], retries: int, concurrency: int
) -> None:
    scripts = {url_of(number): [*[BUSY] * times, FINE] for number, times in enumerate(fails)}
    client = FakeClient(scripts)
    came = await checked(targets_of(len(fails), retries=retries), client, CheckSettings(concurrency=concurrency))
    expected = [Verdict.OK if times == 0 else Verdict.FLAKY if times <= retries else Verdict.FAILED for times in fails]
    assert came.verdicts == expected
    assert came.attempts == [min(times, retries) + 1 for times in fails]
    assert client.peak <= concurrency


@virtual
async def test_an_ordered_stream_waits_for_a_retry_and_nobody_else_does() -> None:
    client = FakeClient({url_of(0): [BUSY, FINE]}, otherwise=FINE)
    with patch.object(Backoff, "wait_s", lambda *_: 100.0):
        came = await checked(targets_of(200, retries=1), client, CheckSettings(concurrency=50))
    assert came.indexes == list(range(200))
    assert max(at for index, at in came.known_at.items() if index) < 6
    assert now() == came.known_at[0] == 102.0
