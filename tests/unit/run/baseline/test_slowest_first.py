"""What took longest begins first: the run takes what the best schedule takes, and no rule of manners is broken."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.past import Known
from allup.model.selection import SelectionSettings
from allup.model.settings import CheckSettings, FailOn, Order, PaceSettings
from allup.model.stop import Stop
from allup.model.target import Entry
from allup.model.usage import UsageError
from allup.model.verdict import Verdict
from allup.run.baseline import slowest_first
from allup.run.baseline.baseline import Baseline
from allup.run.baseline.slowest_first import PATIENCE_S, SlowestFirst
from allup.run.candidate import Candidate
from allup.run.checking import checking
from unit.fake_client import (
    FakeClient,
    Script,
    client_of,
    greedy_wall_s,
    invalid_of,
    page_of,
    target_of,
    targets_of,
    url_of,
)
from unit.virtual_loop import CLOCK, now, virtual

LATENCIES = st.lists(st.integers(1, 40), min_size=1, max_size=40)


def baseline_of(latencies_s: Sequence[float]) -> Baseline:
    baseline = Baseline()
    for number, latency_s in enumerate(latencies_s):
        baseline.add(url_of(number), None, None, Known(verdict=Verdict.OK, elapsed_s=latency_s))
    return baseline


def told(concurrency: int, *, order: Order = Order.COMPLETION, per_host: int | None = None) -> CheckSettings:
    return CheckSettings(
        concurrency=concurrency,
        order=order,
        pace=PaceSettings(per_host=per_host),
        selection=SelectionSettings(dedupe=False),
    )


async def wall_s(entries: list[Entry], client: FakeClient, settings: CheckSettings, baseline: Baseline | None) -> float:
    began_at = now()
    async with checking(entries, settings, client=client, clock=CLOCK, baseline=baseline) as run:
        indexes = [result.index async for result in run]
    assert sorted(indexes) == list(range(len(entries)))
    return now() - began_at


@settings(deadline=None)
@given(latencies_s=LATENCIES, concurrency=st.integers(1, 8))
@virtual
async def test_the_run_takes_what_the_schedule_by_the_longest_first_takes(
    latencies_s: list[int], concurrency: int
) -> None:
    client = client_of(latencies_s)
    took_s = await wall_s([*targets_of(len(latencies_s))], client, told(concurrency), baseline_of(latencies_s))
    assert took_s == pytest.approx(greedy_wall_s(sorted(latencies_s, reverse=True), concurrency), abs=1e-4)
    lower_bound = max(*latencies_s, sum(latencies_s) / concurrency, 0)
    assert took_s <= lower_bound * (4 / 3) + max(latencies_s) / 3 + 1e-4
    assert client.peak <= concurrency


@virtual
async def test_a_long_one_at_the_end_of_the_list_is_not_what_the_run_waits_for() -> None:
    latencies_s = [1.0] * 40 + [10.0]
    entries: list[Entry] = [*targets_of(41)]
    baseline = baseline_of(latencies_s)
    assert await wall_s(entries, client_of(latencies_s), told(5), None) == pytest.approx(18, abs=1e-3)
    assert await wall_s(entries, client_of(latencies_s), told(5), baseline) == pytest.approx(10, abs=1e-3)
    listed = told(5, order=Order.LIST)
    assert await wall_s(entries, client_of(latencies_s), listed, baseline) == pytest.approx(18, abs=1e-3)


@virtual
async def test_what_the_baseline_does_not_know_goes_first_and_lines_that_are_none_cost_nothing() -> None:
    latencies_s = [1.0, 3.0, 2.0]
    client = client_of([*latencies_s, 9.0])
    entries: list[Entry] = [*targets_of(4), invalid_of(4)]
    await wall_s(entries, client, told(1), baseline_of(latencies_s))
    assert client.asked == [url_of(number) for number in (3, 1, 2, 0)]


@settings(deadline=None)
@given(hosts=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), min_size=1, max_size=30))
@virtual
async def test_the_limit_of_a_host_holds_and_the_longest_that_may_go_goes(hosts: list[tuple[int, int]]) -> None:
    entries: list[Entry] = [page_of(number, f"h{host}:80") for number, (host, _) in enumerate(hosts)]
    client = client_of([latency_s for _, latency_s in hosts])
    await wall_s(entries, client, told(3, per_host=1), baseline_of([latency_s for _, latency_s in hosts]))
    assert max(client.peaks.values()) == 1
    for host, _ in hosts:
        its = [hosts[number][1] for number, (one, _) in enumerate(hosts) if one == host]
        numbers = [number for number, (one, _) in enumerate(hosts) if one == host]
        asked = [hosts[number][1] for url in client.asked for number in numbers if url == url_of(number)]
        assert asked == sorted(its, reverse=True)


@virtual
async def test_where_hosts_take_turns_the_longest_of_all_goes_first() -> None:
    # Both hosts have a backlog, and one global slot: who is next is decided between the hosts.
    latencies_s = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    entries: list[Entry] = [page_of(number, f"h{number // 3}:80") for number in range(6)]
    client = client_of(latencies_s)
    await wall_s(entries, client, told(1, per_host=1), baseline_of(latencies_s))
    assert client.asked == [url_of(number) for number in (5, 4, 3, 2, 1, 0)]


@virtual
async def test_nobody_waits_for_a_list_that_is_slow() -> None:
    async def slowly() -> AsyncIterator[Entry]:
        for number in range(4):
            yield target_of(number)
            await asyncio.sleep(100)

    client = client_of([1.0, 2.0, 3.0, 4.0])
    async with checking(slowly(), told(5), client=client, clock=CLOCK, baseline=baseline_of([1, 2, 3, 4])) as run:
        known_at = [now() async for _ in run]
    assert known_at == pytest.approx([1, 102, 203, 304], abs=PATIENCE_S + 1e-3)


@virtual
async def test_a_run_that_is_stopped_has_every_target_and_leaves_no_task_behind() -> None:
    async def endless() -> AsyncIterator[Entry]:
        for number in range(1_000):
            yield target_of(number)
            await asyncio.sleep(0.01)

    client = client_of([1.0] * 5)
    async with checking(endless(), told(5), client=client, clock=CLOCK, baseline=baseline_of([1.0] * 5)) as run:
        asyncio.get_running_loop().call_later(0.255, run.stop, Stop.DEADLINE)
        indexes = [result.index async for result in run]
        assert sorted(indexes) == list(range(len(indexes)))
        assert run.summary.changes is not None
        assert run.summary.changes.gone is None


class Counted:
    """Candidates in batches of 7 that count how many were taken."""

    def __init__(self, count: int) -> None:
        self.taken = 0
        self._count = count

    async def next_batch(self) -> Iterator[Candidate] | None:
        return self._some() if self.taken < self._count else None

    def stop(self) -> None:
        """Nothing to stop."""

    def _some(self) -> Iterator[Candidate]:
        for _ in range(min(7, self._count - self.taken)):
            self.taken += 1
            yield Candidate(self.taken - 1, target_of(self.taken - 1))


@virtual
async def test_a_list_is_sorted_a_window_at_a_time_and_read_no_further() -> None:
    counted = Counted(250)
    with patch.object(slowest_first, "WINDOW", 100):
        windows = SlowestFirst(counted, baseline_of(range(250)), concurrency=5)
        for first in (0, 100, 200):
            batch = await windows.next_batch()
            assert batch is not None
            assert counted.taken == min(250, first + 100)
            candidates = list(batch)
            assert [one.index for one in candidates] == list(range(min(250, first + 100) - 1, first - 1, -1))
            assert [one.rank for one in candidates] == list(range(first, min(250, first + 100)))
        assert await windows.next_batch() is None
        assert await windows.next_batch() is None


@virtual
async def test_of_a_long_list_and_many_at_once_every_other_one_is_the_slowest_so_that_answers_come_evenly() -> None:
    count, concurrency = 1_000, 50
    drawn = random.Random(3)
    latencies_s = [drawn.lognormvariate(-2, 0.8) for _ in range(count)]
    client = client_of(latencies_s)
    entries: list[Entry] = [*targets_of(count)]
    took_s = await wall_s(entries, client, told(concurrency), baseline_of(latencies_s))
    shortest_s = max(*latencies_s, sum(latencies_s) / concurrency)
    in_order_s = greedy_wall_s(latencies_s, concurrency)
    assert took_s < shortest_s + (in_order_s - shortest_s) / 10
    slowest = sorted(range(count), key=latencies_s.__getitem__, reverse=True)
    assert client.asked[:2] == [url_of(slowest[0]), url_of(0)]
    ranks = {url_of(number): rank for rank, number in enumerate(slowest)}
    first_half = [ranks[url] for url in client.asked[: count // 2]]
    assert {*range(count // 4)} <= {*first_half}
    assert sum(rank > count / 2 for rank in first_half) > count / 10


@virtual
async def test_to_fail_on_what_is_new_takes_a_baseline() -> None:
    with pytest.raises(UsageError, match="takes a baseline"):
        async with checking([], CheckSettings(fail_on=FailOn.NEW), client=FakeClient(), clock=CLOCK):
            pass


@virtual
async def test_only_what_is_new_counts_for_an_early_end() -> None:
    baseline = Baseline()
    for number in range(5):
        baseline.add(url_of(number), None, None, Known(verdict=Verdict.FAILED))
    settings = CheckSettings(concurrency=1, fail_on=FailOn.NEW, max_failures=1)
    client = FakeClient({url_of(number): Script(status=404) for number in (0, 1, 2, 3, 4, 7)})
    async with checking(targets_of(10), settings, client=client, clock=CLOCK, baseline=baseline) as run:
        verdicts = [result.verdict async for result in run]
    assert run.stopped_by is Stop.FAILURES
    assert verdicts[:8] == [Verdict.FAILED] * 5 + [Verdict.OK] * 2 + [Verdict.FAILED]
    assert set(verdicts[8:]) == {Verdict.UNCHECKED}
