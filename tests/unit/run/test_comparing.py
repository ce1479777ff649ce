"""A comparison: rounds that take turns, connections of their own, and figures that are exact in virtual time."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.comparison import MOST_FLIGHTS, Comparison, Latencies, Limit, Row
from allup.model.result import Result, Verdict
from allup.model.selection import SelectionSettings
from allup.model.settings import CompareSettings, Strategy
from allup.model.target import Entry, Target
from allup.model.usage import UsageError
from allup.run.comparing import MOST_TARGETS, Comparing, Contender, contenders, read_all
from unit.fake_client import (
    REFUSED,
    Boom,
    FakeClient,
    Script,
    client_of,
    greedy_wall_s,
    invalid_of,
    target_of,
    targets_of,
    url_of,
)
from unit.virtual_loop import CLOCK, virtual

MakeClient = Callable[[int], FakeClient]


class Clients:
    """Opens the n-th client that `make` makes, and is a spy on how many are open."""

    def __init__(self, make: MakeClient) -> None:
        self._make = make
        self.opened: list[FakeClient] = []
        self.open = 0
        self.most_open = 0

    def __call__(self) -> AbstractAsyncContextManager[FakeClient]:
        return self._opened()

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[FakeClient]:
        client = self._make(len(self.opened))
        self.opened.append(client)
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            yield client
        finally:
            self.open -= 1


class Watcher:
    """Remembers who started which round, and what each was told."""

    def __init__(self) -> None:
        self.started: list[tuple[Contender, int]] = []
        self.results: list[list[Result]] = []

    def __call__(self, contender: Contender, number: int) -> Callable[[Result], None]:
        self.started.append((contender, number))
        results: list[Result] = []
        self.results.append(results)
        return results.append


async def compared(entries: Sequence[Entry], told: CompareSettings, make: MakeClient) -> Comparison:
    comparing = Comparing(entries, told, CLOCK, Clients(make))
    await comparing.rounds(Watcher())
    return comparing.comparison


def test_sequential_takes_part_once_and_the_others_at_every_level() -> None:
    assert contenders([2, 5]) == [
        Contender(Strategy.SEQUENTIAL, 1),
        Contender(Strategy.GATHER, 2),
        Contender(Strategy.WAIT, 2),
        Contender(Strategy.TASKGROUP, 2),
        Contender(Strategy.GATHER, 5),
        Contender(Strategy.WAIT, 5),
        Contender(Strategy.TASKGROUP, 5),
    ]


@virtual
async def test_rounds_take_turns() -> None:
    watcher = Watcher()
    comparing = Comparing(targets_of(2), CompareSettings(levels=(2,), rounds=3), CLOCK, Clients(lambda _: FakeClient()))
    await comparing.rounds(watcher)
    everybody = contenders([2])
    assert watcher.started == [(one, number) for number in (1, 2, 3) for one in everybody]


@virtual
async def test_each_run_has_a_client_of_its_own_one_at_a_time() -> None:
    clients = Clients(lambda _: FakeClient(otherwise=Script(latency_s=1)))
    await Comparing(targets_of(4), CompareSettings(levels=(2, 4), rounds=2), CLOCK, clients).rounds(Watcher())
    assert len(clients.opened) == 2 * (1 + 3 * 2)
    assert clients.most_open == 1
    assert clients.open == 0
    assert all(sorted(client.asked) == [url_of(number) for number in range(4)] for client in clients.opened)


@virtual
async def test_a_client_is_closed_where_a_round_dies() -> None:
    clients = Clients(lambda _: FakeClient({url_of(1): Script(latency_s=1, dies=True)}))
    comparing = Comparing(targets_of(4), CompareSettings(levels=(2,)), CLOCK, clients)
    with pytest.raises(Boom):
        await comparing.rounds(Watcher())
    assert clients.open == 0
    assert comparing.comparison.rows == ()


@settings(deadline=None)
@given(
    latencies_s=st.lists(st.integers(1, 9), min_size=1, max_size=20),
    levels=st.lists(st.integers(1, 8), min_size=1, max_size=3, unique=True),
)
@virtual
async def test_the_figures_of_every_row_are_those_of_the_schedule(latencies_s: list[int], levels: list[int]) -> None:
    told = CompareSettings(levels=tuple(levels))
    comparison = await compared(targets_of(len(latencies_s)), told, lambda _: client_of(latencies_s))
    assert [(row.strategy, row.concurrency) for row in comparison.rows] == [
        (one.strategy, one.concurrency) for one in contenders(levels)
    ]
    for row in comparison.rows:
        wall_s = greedy_wall_s(latencies_s, row.concurrency)
        ideal_s = max(*latencies_s, sum(latencies_s) / row.concurrency)
        assert row.wall_s == row.schedule_s == wall_s
        assert row.ideal_s == ideal_s
        assert row.efficiency == ideal_s / wall_s
        assert comparison.speedup(row) == sum(latencies_s) / wall_s
        assert row.median.peak_in_flight == min(row.concurrency, len(latencies_s))
        assert (row.median.ok, row.median.failed) == (len(latencies_s), 0)
        assert row.latencies == Latencies.of(latencies_s)
        assert row.median.latencies_s == tuple(latencies_s)


def row_of(comparison: Comparison, strategy: Strategy, concurrency: int) -> Row:
    (row,) = [one for one in comparison.rows if (one.strategy, one.concurrency) == (strategy, concurrency)]
    return row


@virtual
async def test_a_row_says_what_it_waited_for() -> None:
    latencies_s = [20, *[1] * 20]
    comparison = await compared(targets_of(21), CompareSettings(levels=(1, 10)), lambda _: client_of(latencies_s))
    for strategy in (Strategy.GATHER, Strategy.WAIT, Strategy.TASKGROUP):
        assert row_of(comparison, strategy, 10).limit is Limit.SLOWEST
        assert row_of(comparison, strategy, 1).limit is Limit.CAP
    assert row_of(comparison, Strategy.TASKGROUP, 10).median.slowest == url_of(0)


@virtual
async def test_a_second_wave_is_the_caps_doing() -> None:
    make = FakeClient(otherwise=Script(latency_s=1))
    comparison = await compared(targets_of(12), CompareSettings(levels=(10,)), lambda _: make)
    row = row_of(comparison, Strategy.TASKGROUP, 10)
    assert (row.wall_s, row.ideal_s, row.efficiency, row.limit) == (2.0, 1.2, 0.6, Limit.CAP)


@virtual
async def test_time_that_no_answer_accounts_for_is_overhead() -> None:
    make = FakeClient(otherwise=Script(latency_s=10, reported_s=7.5))
    comparison = await compared(targets_of(4), CompareSettings(levels=(4,)), lambda _: make)
    assert [row.efficiency for row in comparison.rows] == [0.75] * 4
    assert {row.limit for row in comparison.rows} == {Limit.OVERHEAD}


@pytest.mark.parametrize(("walls_s", "median_s"), [([5, 1, 3], 3.0), ([4, 1], 1.0), ([8, 2, 6, 4], 4.0)])
@virtual
async def test_a_row_is_its_median_round(walls_s: list[int], median_s: float) -> None:
    everybody = len(contenders([1]))
    comparison = await compared(
        [target_of(0)],
        CompareSettings(levels=(1,), rounds=len(walls_s)),
        lambda number: FakeClient(otherwise=Script(latency_s=walls_s[number // everybody])),
    )
    for row in comparison.rows:
        assert [one.wall_s for one in row.rounds] == walls_s
        assert row.wall_s == row.latencies.max_s == median_s
    assert (comparison.targets, comparison.rounds) == (1, len(walls_s))


@virtual
async def test_failures_and_invalid_lines_count_as_failed_and_only_attempts_have_a_latency() -> None:
    entries: list[Entry] = [target_of(0), invalid_of(1), target_of(2), target_of(3)]
    scripts = {
        url_of(0): Script(latency_s=1),
        url_of(2): Script(latency_s=2, status=404),
        url_of(3): Script(latency_s=3, failure=REFUSED),
    }
    comparison = await compared(entries, CompareSettings(levels=(4,)), lambda _: FakeClient(scripts))
    for row in comparison.rows:
        assert (row.median.ok, row.median.failed) == (1, 3)
        assert row.median.latencies_s == (1, 2, 3)


@virtual
async def test_a_list_of_invalid_lines_has_rows_without_latencies() -> None:
    comparison = await compared([invalid_of(0)], CompareSettings(), lambda _: FakeClient())
    for row in comparison.rows:
        assert row.latencies == Latencies(p50_s=None, p95_s=None, p99_s=None, max_s=None)
        assert row.median.slowest is None
        assert (row.ideal_s, row.efficiency, comparison.speedup(row)) == (0.0, 0.0, 0.0)


@virtual
async def test_every_strategy_gives_the_same_results_on_the_same_list() -> None:
    scripts = {url_of(number): Script(latency_s=number % 4, status=200 + number) for number in range(0, 300, 20)}
    watcher = Watcher()
    entries: list[Entry] = [target_of(number) for number in range(0, 300, 20)]
    await Comparing(entries, CompareSettings(levels=(3,)), CLOCK, Clients(lambda _: FakeClient(scripts))).rounds(
        watcher
    )
    first, *others = [
        sorted((result.index, result.url, result.verdict, result.failure) for result in results)
        for results in watcher.results
    ]
    assert len(first) == len(entries)
    assert {verdict for _, _, verdict, _ in first} == {Verdict.OK, Verdict.FAILED}
    assert others == [first] * 3


@virtual
async def test_a_comparison_that_was_cut_short_has_the_rows_that_ran() -> None:
    def make(number: int) -> FakeClient:
        return FakeClient({url_of(0): Script(latency_s=1, dies=number == 2)})

    comparing = Comparing(targets_of(2), CompareSettings(levels=(2,)), CLOCK, Clients(make))
    with pytest.raises(Boom):
        await comparing.rounds(Watcher())
    assert [row.strategy for row in comparing.comparison.rows] == [Strategy.SEQUENTIAL, Strategy.GATHER]


def stream_of(entries: Iterator[Target] | list[Target]) -> EntryStream:
    return EntryStream(entries, LineDefaults(), SelectionSettings(dedupe=False))


@virtual
async def test_the_whole_list_is_read_in_its_order() -> None:
    assert await read_all(stream_of(targets_of(1000))) == targets_of(1000)


@virtual
async def test_exactly_the_most_targets_are_still_taken() -> None:
    target = target_of(0)
    assert len(await read_all(stream_of([target] * MOST_TARGETS))) == MOST_TARGETS
    with pytest.raises(UsageError, match="at most 100,000 targets"):
        await read_all(stream_of([target] * (MOST_TARGETS + 1)))


@virtual
async def test_an_endless_list_is_refused_after_one_target_too_many() -> None:
    drawn: list[Target] = []

    def endless() -> Iterator[Target]:
        while True:
            drawn.append(target_of(len(drawn)))
            yield drawn[-1]

    with patch("allup.run.comparing.MOST_TARGETS", 1000), pytest.raises(UsageError):
        await read_all(stream_of(endless()))
    assert len(drawn) == 1001


@settings(deadline=None, max_examples=30)
@given(latencies_s=st.lists(st.integers(1, 9), min_size=1, max_size=20), level=st.integers(1, 6))
@virtual
async def test_flights_are_when_each_target_was_asked_and_share_no_lane(latencies_s: list[int], level: int) -> None:
    told = CompareSettings(levels=(level,))
    comparison = await compared(targets_of(len(latencies_s)), told, lambda _: client_of(latencies_s))
    for row in comparison.rows:
        flights = row.median.flights
        took_s = {flight.target: flight.ended_s - flight.began_s for flight in flights}
        assert took_s == pytest.approx({url_of(number): latency_s for number, latency_s in enumerate(latencies_s)})
        assert max(flight.ended_s for flight in flights) == pytest.approx(row.wall_s)
        assert max(flight.lane for flight in flights) == row.median.peak_in_flight - 1
        for lane in range(row.concurrency):
            busy = sorted((flight.began_s, flight.ended_s) for flight in flights if flight.lane == lane)
            assert all(ended_s <= began_s for (_, ended_s), (began_s, _) in pairwise(busy))


@virtual
async def test_a_flight_has_its_name_and_says_how_it_ended() -> None:
    entries: list[Entry] = [replace(target_of(0), name="home"), target_of(1), invalid_of(2)]
    comparison = await compared(
        entries, CompareSettings(levels=(2,)), lambda _: FakeClient({url_of(1): Script(status=404)})
    )
    for row in comparison.rows:
        flights = sorted((flight.target, flight.as_expected) for flight in row.median.flights)
        assert flights == [("home", True), (url_of(1), False)]


@virtual
async def test_of_a_long_list_so_many_flights_are_kept_spread_evenly() -> None:
    count = 2 * MOST_FLIGHTS + 1
    comparison = await compared(targets_of(count), CompareSettings(levels=(50,)), lambda _: FakeClient())
    kept = [url_of(number) for number in range(0, count, 3)]
    for row in comparison.rows:
        assert sorted(flight.target for flight in row.median.flights) == sorted(kept)
