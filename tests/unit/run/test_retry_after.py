"""Retry-After: to the second, for the whole host, within a budget, and for nobody else."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.result import Verdict
from allup.model.settings import CheckSettings, PaceSettings, RetrySettings
from allup.run.checking import Checking
from unit.checked import checked
from unit.fake_client import FakeClient, Script, host_of, page_of, target_of, url_of
from unit.virtual_loop import virtual

HOST = "busy.test:80"
FINE = Script(latency_s=0.1)


def busy(retry_after_s: float, latency_s: float = 0.1) -> Script:
    return Script(latency_s=latency_s, status=429, retry_after_s=retry_after_s)


def gaps(client: FakeClient, host: str) -> list[float]:
    times = [at for name, at in client.visits if name == host]
    return [later - earlier for earlier, later in pairwise(times)]


@virtual
async def test_two_seconds_are_two_seconds_each_time() -> None:
    client = FakeClient({url_of(0): [busy(2), busy(2), FINE]})
    came = await checked([page_of(0, HOST, retries=2)], client, CheckSettings())
    assert all(2 <= gap <= 2.5 for gap in gaps(client, HOST))
    assert (came.verdicts, came.attempts) == ([Verdict.FLAKY], [3])


@virtual
async def test_no_other_url_of_that_host_is_asked_meanwhile_and_other_hosts_go_on() -> None:
    entries = [*[page_of(number, HOST, retries=1) for number in range(30)], *[target_of(n) for n in range(30, 40)]]
    client = FakeClient({url_of(0): [busy(2), FINE]}, otherwise=Script(latency_s=0.5))
    came = await checked(entries, client, CheckSettings(concurrency=12, pace=PaceSettings(per_host=2)))
    asked = [at for name, at in client.visits if name == HOST]
    assert [at for at in asked if 0.1 < at < 2.1] == []
    assert min(at for at in asked if at > 0.1) == pytest.approx(2.11)
    assert all(came.known_at[number] <= 0.6 for number in range(30, 40))
    assert client.peaks[HOST] == 2
    assert came.verdicts.count(Verdict.FLAKY) == 1


@virtual
async def test_all_that_were_in_flight_may_be_told_to_wait_and_the_host_waits_once() -> None:
    entries = [page_of(number, HOST, retries=1) for number in range(10)]
    client = FakeClient({url_of(number): [busy(40), FINE] for number in range(10)})
    came = await checked(entries, client, CheckSettings())
    assert came.verdicts == [Verdict.FLAKY] * 10
    assert max(came.known_at.values()) == pytest.approx(40.21)


@virtual
async def test_a_retry_after_beyond_the_budget_pauses_nobody_and_the_result_stands() -> None:
    entries = [page_of(0, HOST, retries=2), page_of(1, HOST)]
    client = FakeClient({url_of(0): busy(61)}, otherwise=FINE)
    came = await checked(entries, client, CheckSettings(pace=PaceSettings(per_host=1)))
    assert (came.verdicts, came.attempts) == ([Verdict.FAILED, Verdict.OK], [1, 1])
    assert max(came.known_at.values()) == pytest.approx(0.2)


@virtual
async def test_without_retries_nobody_is_paused() -> None:
    entries = [page_of(0, HOST, retries=0), page_of(1, HOST)]
    client = FakeClient({url_of(0): busy(2)}, otherwise=FINE)
    came = await checked(entries, client, CheckSettings(pace=PaceSettings(per_host=1)))
    assert client.asked == [url_of(0), url_of(1)]
    assert max(came.known_at.values()) == pytest.approx(0.2)


@virtual
async def test_without_a_budget_nobody_is_paused() -> None:
    client = FakeClient({url_of(0): busy(2)}, otherwise=FINE)
    told = CheckSettings(retry=RetrySettings(budget_s=0))
    came = await checked([page_of(0, HOST, retries=2)], client, told)
    assert (came.verdicts, came.attempts) == ([Verdict.FAILED], [1])


@virtual
async def test_the_budget_is_what_a_host_may_cost_a_run_and_each_host_has_its_own() -> None:
    entries = [page_of(0, HOST, retries=9), target_of(1, retries=9)]
    client = FakeClient(otherwise=busy(25))
    came = await checked(entries, client, CheckSettings(retry=RetrySettings(budget_s=60)))
    assert came.attempts == [3, 3]  # 25, 50, and a third time would be too long
    assert came.verdicts == [Verdict.FAILED] * 2


@virtual
async def test_a_pause_that_is_not_over_yet_costs_what_it_adds_only() -> None:
    entries = [page_of(0, HOST, retries=1), page_of(1, HOST, retries=1)]
    client = FakeClient({url_of(0): [busy(50, 0), FINE], url_of(1): [busy(50, 10), FINE]})
    came = await checked(entries, client, CheckSettings(retry=RetrySettings(budget_s=60)))
    assert came.verdicts == [Verdict.FLAKY] * 2
    assert client.times(url_of(0))[1] == client.times(url_of(1))[1] == pytest.approx(60.01)


@virtual
async def test_it_is_the_host_that_answered_that_is_left_alone() -> None:
    entries = [target_of(0, retries=1), page_of(1, host_of(0)), page_of(2, HOST)]
    moving = Script(latency_s=0.1, status=429, retry_after_s=2, moves=(HOST,))
    client = FakeClient({url_of(0): [moving, FINE], url_of(2): FINE}, otherwise=FINE)
    told = CheckSettings(concurrency=2, pace=PaceSettings(per_host=1))
    paused: list[list[str]] = []

    def look(run: Checking) -> None:
        asyncio.get_running_loop().call_later(1, lambda: paused.append(list(run.pauses)))

    came = await checked(entries, client, told, begun=look)
    assert paused == [[HOST]]
    assert came.known_at[1] < 1
    assert came.verdicts == [Verdict.FLAKY, Verdict.OK, Verdict.OK]


@virtual
async def test_who_is_redirected_to_a_paused_host_waits_too_and_holds_no_slot() -> None:
    scripts = {url_of(0): [busy(2), FINE], url_of(1): [Script(latency_s=0.5, moves=(HOST,))]}
    client = FakeClient(scripts, otherwise=FINE)
    entries = [page_of(0, HOST, retries=1), target_of(1), *[target_of(number) for number in range(2, 8)]]
    came = await checked(entries, client, CheckSettings(concurrency=1))
    assert came.known_at[7] < 1.5
    assert all(at == 0 or at > 2.1 for name, at in client.visits if name == HOST)
    assert came.verdicts == [Verdict.FLAKY, *[Verdict.OK] * 7]


@virtual
async def test_who_is_paused_can_be_seen_with_what_is_left_of_it() -> None:
    seen: list[dict[str, float]] = []
    client = FakeClient({url_of(0): [busy(2), FINE]}, otherwise=FINE)

    def look(run: Checking) -> None:
        for at_s in (0.05, 1.1, 2.2):
            asyncio.get_running_loop().call_later(at_s, lambda: seen.append(dict(run.pauses)))

    await checked([page_of(0, HOST, retries=1), target_of(1)], client, CheckSettings(), begun=look)
    assert seen == [{}, {HOST: pytest.approx(1.01)}, {}]


@settings(deadline=None)
@given(
    asked_s=st.lists(st.sampled_from([None, 0, 1, 2, 5, 30]), min_size=1, max_size=12),
    cap=st.integers(1, 4),
    latency_s=st.sampled_from([0, 0.25, 1]),
    budget_s=st.sampled_from([0, 3, 60]),
)
@virtual
async def test_nobody_asks_a_host_while_it_wants_to_be_left_alone(
    asked_s: list[float | None], cap: int, latency_s: float, budget_s: float
) -> None:
    entries = [page_of(number, HOST, retries=1) for number in range(len(asked_s))]
    scripts = {
        url_of(number): [Script(latency_s=latency_s, status=429, retry_after_s=seconds), Script(latency_s=latency_s)]
        for number, seconds in enumerate(asked_s)
    }
    client = FakeClient(scripts)
    told = CheckSettings(pace=PaceSettings(per_host=cap), retry=RetrySettings(budget_s=budget_s))
    came = await checked(entries, client, told)
    assert came.indexes == list(range(len(asked_s)))
    for number, seconds in enumerate(asked_s):
        if seconds is None or came.attempts[number] == 1:
            continue
        began, ended = (
            client.times(url_of(number))[0] + latency_s,
            client.times(url_of(number))[0] + latency_s + seconds,
        )
        assert [at for at in (at for _, at in client.log) if began < at < ended] == []
        assert client.times(url_of(number))[1] >= ended
