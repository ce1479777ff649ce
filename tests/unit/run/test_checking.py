"""A run from its first entry to its last: one result each, in the order that was asked for."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.lists.stream import Entries
from allup.model.failure import FailureKind, Phase
from allup.model.result import Result, Verdict
from allup.model.selection import SelectionSettings
from allup.model.settings import CheckSettings, HttpSettings, Order
from allup.model.target import Entry
from allup.model.usage import UsageError
from allup.run.checking import Checking, checking
from allup.run.engine import Engine
from unit.fake_client import (
    REFUSED,
    FakeClient,
    Script,
    client_of,
    greedy_wall_s,
    invalid_of,
    target_of,
    targets_of,
    url_of,
)
from unit.virtual_loop import CLOCK, EPOCH, now, others, virtual

LATENCIES = st.lists(st.integers(0, 5), max_size=25)


async def results_of(run: Checking) -> list[Result]:
    return [result async for result in run]


class Notes:
    """An observer that remembers whom it was told of, and when."""

    def __init__(self) -> None:
        self.indexes: list[int] = []
        self.at: dict[int, float] = {}

    def completed(self, result: Result) -> None:
        self.indexes.append(result.index)
        self.at[result.index] = now()


@settings(deadline=None)
@given(latencies_s=LATENCIES, concurrency=st.integers(1, 6), order=st.sampled_from(Order))
@virtual
async def test_every_entry_gives_exactly_one_result(latencies_s: list[int], concurrency: int, order: Order) -> None:
    told = CheckSettings(concurrency=concurrency, order=order)
    async with checking(targets_of(len(latencies_s)), told, client=client_of(latencies_s), clock=CLOCK) as run:
        results = await results_of(run)
    assert sorted(result.index for result in results) == list(range(len(latencies_s)))
    assert all(result.url == url_of(result.index) for result in results)
    assert all(result.verdict is Verdict.OK for result in results)


@settings(deadline=None)
@given(latencies_s=LATENCIES, concurrency=st.integers(1, 6))
@virtual
async def test_results_come_in_the_lists_order_by_default(latencies_s: list[int], concurrency: int) -> None:
    told = CheckSettings(concurrency=concurrency)
    async with checking(targets_of(len(latencies_s)), told, client=client_of(latencies_s), clock=CLOCK) as run:
        assert [result.index async for result in run] == list(range(len(latencies_s)))


@settings(deadline=None)
@given(latencies_s=LATENCIES, concurrency=st.integers(1, 6))
@virtual
async def test_completion_order_hands_each_result_on_at_the_moment_it_is_known(
    latencies_s: list[int], concurrency: int
) -> None:
    notes, came = Notes(), []
    told = CheckSettings(concurrency=concurrency, order=Order.COMPLETION)
    async with checking(targets_of(len(latencies_s)), told, client=client_of(latencies_s), clock=CLOCK) as run:
        run.observe(notes)
        async for result in run:
            came.append(result.index)
            assert now() == notes.at[result.index]
    assert came == notes.indexes


@settings(deadline=None)
@given(latencies_s=st.lists(st.integers(0, 5), min_size=1, max_size=25), concurrency=st.integers(1, 6))
@virtual
async def test_a_run_takes_what_the_schedule_takes_and_keeps_the_cap(latencies_s: list[int], concurrency: int) -> None:
    client = client_of(latencies_s)
    async with checking(
        targets_of(len(latencies_s)), CheckSettings(concurrency=concurrency), client=client, clock=CLOCK
    ) as run:
        await results_of(run)
    assert run.summary.wall_s == greedy_wall_s(latencies_s, concurrency)
    assert 0 < client.peak <= concurrency
    assert 0 < run.summary.peak_in_flight <= concurrency


@virtual
async def test_the_cap_is_reached_where_there_is_enough_to_do() -> None:
    client = FakeClient(otherwise=Script(latency_s=1))
    async with checking(targets_of(20), CheckSettings(concurrency=7), client=client, clock=CLOCK) as run:
        await results_of(run)
    assert client.peak == run.summary.peak_in_flight == 7


@virtual
async def test_a_slow_first_target_holds_back_nobody_and_is_reported_first() -> None:
    client = client_of([100, *[1] * 20])
    notes = Notes()
    async with checking(targets_of(21), CheckSettings(concurrency=2), client=client, clock=CLOCK) as run:
        run.observe(notes)
        came = [(result.index, now()) async for result in run]
    assert came == [(index, 100.0) for index in range(21)]
    assert notes.at == {0: 100.0} | {index: float(index) for index in range(1, 21)}


@virtual
async def test_invalid_lines_give_failed_results_in_their_place_and_ask_nobody() -> None:
    client = FakeClient(otherwise=Script(latency_s=1))
    lines = ["http://host-0.test/", "htp:/nowhere", "# a comment", "", "http://host-1.test/ colour=red"]
    async with checking(lines, client=client, clock=CLOCK) as run:
        results = await results_of(run)
    assert [result.verdict for result in results] == [Verdict.OK, Verdict.FAILED, Verdict.FAILED]
    assert [result.failure and result.failure.kind for result in results[1:]] == [FailureKind.INVALID_TARGET] * 2
    assert client.asked == ["http://host-0.test/"]


@virtual
async def test_failures_are_results_like_any_other() -> None:
    client = FakeClient({url_of(0): Script(failure=REFUSED), url_of(1): Script(status=404)})
    async with checking(targets_of(3), client=client, clock=CLOCK) as run:
        kinds = [result.failure and result.failure.kind async for result in run]
    assert kinds == [FailureKind.CONNECT_REFUSED, FailureKind.STATUS, None]


@virtual
async def test_a_repeat_is_checked_once_and_counted() -> None:
    client = FakeClient()
    lines = [*[url_of(0)] * 3, url_of(1), f"{url_of(0)} expect=404", url_of(1)]
    async with checking(lines, client=client, clock=CLOCK) as run:
        results = await results_of(run)
    assert [result.url for result in results] == [url_of(0), url_of(1), url_of(0)]
    assert [result.index for result in results] == [0, 1, 2]
    assert run.summary.repeats == 3


@virtual
async def test_without_dedupe_every_repeat_is_checked() -> None:
    client = FakeClient()
    async with checking(
        [url_of(0)] * 3, CheckSettings(selection=SelectionSettings(dedupe=False)), client=client, clock=CLOCK
    ) as run:
        assert len(await results_of(run)) == 3
    assert run.summary.repeats == 0
    assert len(client.asked) == 3


@virtual
async def test_an_empty_list_gives_no_result_and_ends() -> None:
    async with checking([], client=FakeClient(), clock=CLOCK) as run:
        assert await results_of(run) == []
    assert run.summary.tally.total == 0
    assert run.summary.peak_in_flight == 0


def _generator(entries: list[Entry]) -> Iterator[Entry]:
    yield from entries


async def _async_generator(entries: list[Entry]) -> AsyncIterator[Entry]:
    for entry in entries:
        yield entry


@pytest.mark.parametrize("kind", ["list", "generator", "async generator", "stream"])
@virtual
async def test_targets_may_come_from_anything_that_can_be_iterated_over(kind: str) -> None:
    entries: list[Entry] = [target_of(0), invalid_of(1), target_of(2)]
    sources: dict[str, Entries | Iterable[Entry] | AsyncIterable[Entry]] = {
        "list": entries,
        "generator": _generator(entries),
        "async generator": _async_generator(entries),
        "stream": EntryStream(entries, LineDefaults()),
    }
    async with checking(sources[kind], client=FakeClient(), clock=CLOCK) as run:
        assert [result.entry async for result in run] == entries


@virtual
async def test_an_async_source_is_checked_as_it_comes() -> None:
    async def trickle() -> AsyncIterator[str]:
        for number in range(3):
            await asyncio.sleep(10)
            yield url_of(number)

    client = FakeClient(otherwise=Script(latency_s=1))
    async with checking(trickle(), client=client, clock=CLOCK) as run:
        assert [now() async for _ in run] == [11.0, 21.0, 31.0]


@virtual
async def test_a_target_that_waits_for_its_turn_says_how_long_it_was_known() -> None:
    client = FakeClient(otherwise=Script(latency_s=3))
    async with checking(targets_of(3), CheckSettings(concurrency=1), client=client, clock=CLOCK) as run:
        results = await results_of(run)
    assert client.waited == {url_of(0): 0.0, url_of(1): 3.0, url_of(2): 6.0}
    assert [result.attempt and result.attempt.started_at - EPOCH for result in results] == [0.0, 3.0, 6.0]


@virtual
async def test_who_is_in_flight_can_be_seen_oldest_first() -> None:
    entries = [target_of(number, name=f"site {number}") for number in range(4)]
    client = client_of([5, 1, 5, 5])
    async with checking(entries, CheckSettings(concurrency=2), client=client, clock=CLOCK) as run:
        assert len(run.in_flight) == 0
        await asyncio.sleep(2)
        turns = run.in_flight
        assert [turn.entry for turn in turns] == [entries[0], entries[2]]
        assert [turn.index for turn in turns] == [0, 2]
        assert [turn.taken_at for turn in turns] == [0.0, 1.0]
        assert [turn.phase for turn in turns] == [Phase.WAIT] * 2
        assert {turn.task_name for turn in turns} <= {"allup-worker-1", "allup-worker-2", "allup-worker-3"}
        await results_of(run)
        assert len(run.in_flight) == 0


@virtual
async def test_every_task_of_a_run_has_a_name_of_ours() -> None:
    async with checking(
        targets_of(9), CheckSettings(concurrency=3), client=FakeClient(otherwise=Script(latency_s=1)), clock=CLOCK
    ) as run:
        await asyncio.sleep(0.5)
        names = sorted(task.get_name() for task in others())
        assert names == ["allup-run", *(f"allup-worker-{number}" for number in range(1, 5))]
        await results_of(run)


@virtual
async def test_every_observer_sees_every_result_once() -> None:
    first, second = Notes(), Notes()
    async with checking(targets_of(10), client=client_of([3, 1, 2] * 4), clock=CLOCK) as run:
        run.observe(first)
        run.observe(second)
        await results_of(run)
    assert sorted(first.indexes) == list(range(10))
    assert first.indexes == second.indexes


@virtual
async def test_the_summary_adds_up() -> None:
    client = FakeClient({url_of(1): Script(latency_s=4, status=500)}, otherwise=Script(latency_s=2))
    entries: list[Entry] = [*targets_of(3), invalid_of(3), target_of(0)]
    async with checking(entries, CheckSettings(concurrency=2), client=client, clock=CLOCK) as run:
        await results_of(run)
    summary = run.summary
    assert summary.tally.verdicts == {Verdict.OK: 2, Verdict.FAILED: 2}
    assert summary.tally.kinds == {FailureKind.STATUS: 1, FailureKind.INVALID_TARGET: 1}
    assert summary.tally.hosts == {"host-1.test:80": 1}
    assert (summary.repeats, summary.wall_s, summary.peak_in_flight) == (1, 4.0, 2)
    assert run.stopped_by is None


@virtual
async def test_a_concurrency_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="concurrency"):
        async with checking(targets_of(3), CheckSettings(concurrency=0), client=FakeClient(), clock=CLOCK) as run:
            await results_of(run)


@virtual
async def test_a_run_that_was_not_entered_is_refused_before_it_waits_for_ever() -> None:
    run = Checking(
        EntryStream(targets_of(1), LineDefaults()), partial(Engine, client=FakeClient()), CheckSettings(), clock=CLOCK
    )
    with pytest.raises(RuntimeError, match="enter"):
        await results_of(run)


async def test_without_a_client_it_opens_one_of_its_own_and_closes_it() -> None:
    async with checking(["not a url"]) as run:
        results = await results_of(run)
    assert [result.failure and result.failure.kind for result in results] == [FailureKind.INVALID_TARGET]


async def test_what_is_wrong_with_opening_the_client_is_raised_at_once(tmp_path: Path) -> None:
    told = CheckSettings(http=HttpSettings(ca_file=tmp_path / "absent.pem"))
    with pytest.raises(UsageError, match=r"absent\.pem"):
        async with checking([url_of(0)], told):
            pytest.fail("the block was entered")
