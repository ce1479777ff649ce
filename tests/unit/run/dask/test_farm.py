"""A run over workers that come and go: every entry once, and the truth about each."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.attempt import Attempt
from allup.model.failure import FailureKind, Phase
from allup.model.result import Result, Verdict
from allup.model.settings import CheckSettings, PaceSettings
from allup.model.stop import Stop
from allup.model.target import Entry, Target
from allup.model.usage import UsageError
from allup.run.checking import Checking
from allup.run.dask.farm import Farm
from allup.run.dask.shift import LEASE_S
from unit.fake_client import RESET, FakeClient, Script, host_of, invalid_of, page_of, targets_of, url_of
from unit.run.dask.fake_cluster import FakeCluster
from unit.virtual_loop import CLOCK, virtual

LASTING = FakeClient(otherwise=Script(latency_s=3600))


async def run(
    entries: Iterable[Entry],
    cluster: FakeCluster,
    told: CheckSettings | None = None,
    *,
    meanwhile: Callable[[Checking], object] | None = None,
    after_s: float = 0.0,
) -> tuple[list[Result], Checking]:
    """Check `entries`; `meanwhile` is called with the run after `after_s`."""
    came: list[Result] = []
    stream = EntryStream(entries, LineDefaults())
    async with Checking(stream, partial(Farm, cluster=cluster), told or CheckSettings(), clock=CLOCK) as checking:
        if meanwhile is not None:
            asyncio.get_running_loop().call_later(after_s, meanwhile, checking)
        came.extend([result async for result in checking])
    await asyncio.sleep(LEASE_S + 2)  # until workers that hear of nobody have given up
    return came, checking


def kinds(results: Iterable[Result]) -> list[FailureKind | None]:
    return [None if result.failure is None else result.failure.kind for result in results]


@virtual
async def test_all_are_checked_once_and_in_order() -> None:
    client = FakeClient(otherwise=Script(latency_s=1))
    entries: list[Entry] = [*targets_of(30), invalid_of(30)]
    results, checking = await run(entries, FakeCluster(client, "a", "b", "c"))
    assert [result.entry for result in results] == entries
    assert [result.verdict for result in results] == [Verdict.OK] * 30 + [Verdict.FAILED]
    assert sorted(client.asked) == sorted(map(url_of, range(30)))
    assert checking.summary.peak_in_flight == 30


@virtual
async def test_a_host_is_one_workers_and_keeps_its_limit_over_all_of_them() -> None:
    client = FakeClient(otherwise=Script(latency_s=1))
    entries = [page_of(number, host_of(number % 3)) for number in range(60)]
    told = CheckSettings(pace=PaceSettings(per_host=4))
    results, _ = await run(entries, FakeCluster(client, "a", "b", "c"), told)
    assert len(results) == 60
    assert set(client.peaks.values()) == {4}


@virtual
async def test_so_many_are_in_flight_at_each_worker() -> None:
    client = FakeClient(otherwise=Script(latency_s=1))
    await run(targets_of(60), FakeCluster(client, "a", "b"), CheckSettings(concurrency=5))
    assert client.peak == 10


@virtual
async def test_what_a_lost_worker_had_goes_to_another_one() -> None:
    client = FakeClient(otherwise=Script(latency_s=10))
    cluster = FakeCluster(client, "a", "b")
    results, _ = await run(targets_of(20), cluster, meanwhile=lambda _: cluster.kill("a"), after_s=5)
    assert [result.index for result in results] == list(range(20))
    assert {result.verdict for result in results} == {Verdict.OK}
    assert set(client.answered) == set(map(url_of, range(20)))
    assert len(client.answered) == 20 < len(client.asked)


@virtual
async def test_workers_that_come_later_get_their_part_and_no_host_is_two_workers() -> None:
    client = FakeClient(otherwise=Script(latency_s=1))
    cluster = FakeCluster(client, "a")
    told = CheckSettings(concurrency=10, pace=PaceSettings(per_host=1))
    entries = [page_of(number, host_of(number % 400)) for number in range(20_000)]
    _, checking = await run(entries, cluster, told, meanwhile=lambda _: cluster.join("b"), after_s=100)
    # One would have taken 2,000 s. What it was sent already, half of all, stays where it is.
    assert checking.summary.wall_s < 1_800
    assert set(client.peaks.values()) == {1}


@virtual
async def test_one_that_says_nothing_is_given_up() -> None:
    client = FakeClient(otherwise=Script(latency_s=1))
    cluster = FakeCluster(client, "a", "b")
    results, _ = await run(targets_of(20), cluster, meanwhile=lambda _: cluster.silent.add("a"), after_s=0.5)
    assert {result.verdict for result in results} == {Verdict.OK}


@virtual
async def test_a_run_waits_for_workers_that_come_again() -> None:
    client = FakeClient(otherwise=Script(latency_s=10))
    cluster = FakeCluster(client, "a")

    def restart(_: Checking) -> None:
        cluster.kill("a")
        cluster.unreachable = True
        loop = asyncio.get_running_loop()
        loop.call_later(50, cluster.join, "b")
        loop.call_later(50, cluster.reach)

    results, _ = await run(targets_of(200), cluster, CheckSettings(concurrency=10), meanwhile=restart, after_s=55)
    assert [result.index for result in results] == list(range(200))
    assert {result.verdict for result in results} == {Verdict.OK}


@virtual
async def test_where_nobody_comes_again_the_rest_is_unchecked() -> None:
    client = FakeClient(otherwise=Script(latency_s=10))
    cluster = FakeCluster(client, "a")
    results, _ = await run(
        [*targets_of(30), invalid_of(30)],
        cluster,
        CheckSettings(concurrency=10),
        meanwhile=lambda _: cluster.kill("a"),
        after_s=15,
    )
    assert kinds(results) == [None] * 10 + [FailureKind.LOCAL] * 20 + [FailureKind.INVALID_TARGET]
    assert {result.verdict for result in results[10:30]} == {Verdict.UNCHECKED}
    assert results[10].failure is not None
    assert "no worker was there for 60s" in results[10].failure.detail


@virtual
async def test_a_target_that_ends_every_worker_is_given_up_and_not_the_others() -> None:
    poison = url_of(0)

    class Deadly(FakeClient):
        async def attempt(self, target: Target, **more: Any) -> Attempt:
            if target.url == poison:
                (name,) = cluster.present
                asyncio.get_running_loop().call_later(0.5, cluster.kill, name)
                asyncio.get_running_loop().call_later(0.6, cluster.join, f"{name}+")
                await asyncio.sleep(60)
            return await super().attempt(target, **more)

    cluster = FakeCluster(Deadly(), "a")
    results, _ = await run(targets_of(5), cluster)
    assert kinds(results) == [FailureKind.LOCAL, None, None, None, None]
    assert results[0].failure is not None
    assert results[0].failure.detail == "3 workers were lost that had it"


@virtual
async def test_retries_are_made_where_the_target_is() -> None:
    client = FakeClient({url_of(0): [Script(failure=RESET), Script()]})
    results, _ = await run(targets_of(3, retries=2), FakeCluster(client, "a", "b"))
    assert [(result.verdict, result.attempts) for result in results] == [
        (Verdict.FLAKY, 2),
        (Verdict.OK, 1),
        (Verdict.OK, 1),
    ]


@virtual
async def test_what_failed_in_passing_is_confirmed_at_the_end() -> None:
    client = FakeClient({url_of(0): [Script(failure=RESET), Script()], url_of(1): Script(failure=RESET)})
    results, _ = await run(targets_of(4), FakeCluster(client, "a", "b"), CheckSettings(confirm=True))
    assert [(result.verdict, result.attempts) for result in results] == [
        (Verdict.FLAKY, 2),
        (Verdict.FAILED, 2),
        (Verdict.OK, 1),
        (Verdict.OK, 1),
    ]
    assert client.times(url_of(0))[1] >= 5


@pytest.mark.parametrize("stop", [Stop.INTERRUPT, Stop.TERMINATE])
@virtual
async def test_an_interrupt_reaches_all_workers(stop: Stop) -> None:
    cluster = FakeCluster(FakeClient(otherwise=Script(latency_s=3600)), "a", "b")
    results, checking = await run(
        targets_of(20), cluster, CheckSettings(concurrency=3), meanwhile=lambda run: run.stop(stop), after_s=5
    )
    assert [result.index for result in results] == list(range(20))
    assert sorted(map(str, kinds(results))) == ["interrupted"] * 6 + ["not_started"] * 14
    phases = {result.failure.phase for result in results if result.attempts and result.failure}
    assert phases == {Phase.WAIT}
    assert checking.stopped_by is stop


@virtual
async def test_what_is_in_flight_has_the_grace_of_an_interrupt() -> None:
    cluster = FakeCluster(FakeClient(otherwise=Script(latency_s=6)), "a")
    told = CheckSettings(concurrency=3, grace_s=2)
    results, _ = await run(targets_of(9), cluster, told, meanwhile=lambda run: run.stop(Stop.INTERRUPT), after_s=5)
    assert kinds(results) == [None] * 3 + [FailureKind.NOT_STARTED] * 6


@virtual
async def test_a_deadline_reaches_all_workers_and_one_that_is_silent_holds_up_nobody() -> None:
    cluster = FakeCluster(FakeClient(otherwise=Script(latency_s=3600)), "a", "b")
    told = CheckSettings(concurrency=3, deadline_s=10)
    results, checking = await run(targets_of(20), cluster, told, meanwhile=lambda _: cluster.silent.add("a"), after_s=5)
    assert [result.index for result in results] == list(range(20))
    assert {result.verdict for result in results} == {Verdict.UNCHECKED}
    assert kinds(results).count(FailureKind.DEADLINE) == 6
    assert checking.stopped_by is Stop.DEADLINE
    assert checking.summary.wall_s < 20


@virtual
async def test_failures_end_a_run_as_with_one_process() -> None:
    client = FakeClient({url_of(0): Script(status=404)}, otherwise=Script(latency_s=3600))
    results, checking = await run(targets_of(12), FakeCluster(client, "a", "b"), CheckSettings(max_failures=1))
    assert kinds(results) == [FailureKind.STATUS] + [FailureKind.INTERRUPTED] * 11
    assert checking.stopped_by is Stop.FAILURES


@virtual
async def test_a_slow_host_holds_back_nobody_else() -> None:
    slow = host_of(0)
    client = FakeClient({url_of(number): Script(latency_s=20) for number in range(200)})
    entries = [page_of(number, slow) for number in range(200)] + targets_of(210)[200:]
    told = CheckSettings(concurrency=2, pace=PaceSettings(per_host=1))
    known: dict[int, float] = {}

    class Note:
        def completed(self, result: Result) -> None:
            known[result.index] = asyncio.get_running_loop().time()

    await run(entries, FakeCluster(client, "a"), told, meanwhile=lambda run: run.observe(Note()))
    assert max(known[index] for index in range(200, 210)) < 5


@virtual
async def test_who_looks_sees_what_is_under_way_and_where() -> None:
    seen: list[tuple[str, Phase, str]] = []

    def look(checking: Checking) -> None:
        seen.extend((turn.task_name, turn.phase, turn.entry.url) for turn in checking.in_flight)  # type: ignore[union-attr]
        checking.stop(Stop.INTERRUPT)

    await run(targets_of(2), FakeCluster(LASTING, "a"), meanwhile=look, after_s=5)
    assert sorted(seen) == [("a", Phase.WAIT, url_of(0)), ("a", Phase.WAIT, url_of(1))]


@virtual
async def test_workers_that_all_refuse_end_a_run() -> None:
    with pytest.raises(UsageError, match="no such file"):
        await run(targets_of(2), FakeCluster(LASTING, "a", "b", refuses="no such file"))


@virtual
async def test_workers_forget_a_run_that_has_ended_and_one_that_is_gone() -> None:
    client = FakeClient(otherwise=Script(latency_s=3600))
    cluster = FakeCluster(client, "a")
    with pytest.raises(asyncio.TimeoutError):
        async with asyncio.timeout(5):
            await run(targets_of(3), cluster)
    await asyncio.sleep(1)
    assert client.in_flight == 0

    cluster = FakeCluster(client, "a")
    task = asyncio.create_task(run(targets_of(3), cluster), name="a run that loses its way")
    await asyncio.sleep(5)
    assert client.in_flight == 3
    cluster.unreachable = True
    await asyncio.sleep(20)
    assert client.in_flight == 0
    task.cancel()
    await asyncio.wait([task])


EVENTS = st.lists(st.tuples(st.integers(1, 20), st.sampled_from(["kill", "join", "silent"])), max_size=5)


@given(latencies=st.lists(st.integers(0, 8), max_size=30), events=EVENTS, concurrency=st.integers(1, 5))
@settings(max_examples=60)
@virtual
async def test_whatever_becomes_of_the_workers_every_target_has_one_result(
    latencies: list[int], events: list[tuple[int, str]], concurrency: int
) -> None:
    client = FakeClient({url_of(number): Script(latency_s=latency) for number, latency in enumerate(latencies)})
    cluster = FakeCluster(client, "w0", "w1")

    def happen(number: int, event: str) -> None:
        match event:
            case "join":
                cluster.join(f"new{number}")
            case "kill" if cluster.present:
                cluster.kill(min(cluster.present))
            case "silent" if cluster.present:
                cluster.silent.add(max(cluster.present))

    loop = asyncio.get_running_loop()
    for number, (at_s, event) in enumerate(events):
        loop.call_later(at_s, happen, number, event)
    results, _ = await run(targets_of(len(latencies)), cluster, CheckSettings(concurrency=concurrency))
    assert [result.index for result in results] == list(range(len(latencies)))
    assert set(kinds(results)) <= {None, FailureKind.LOCAL}
