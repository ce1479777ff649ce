"""The figures of a comparison."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.comparison import Comparison, Latencies, Limit, Round, Row
from allup.model.settings import Strategy


def round_of(wall_s: float, *latencies_s: float) -> Round:
    return Round(wall_s=wall_s, latencies_s=latencies_s, slowest=None, peak_in_flight=1, ok=len(latencies_s), failed=0)


def row_of(*rounds: Round, concurrency: int = 2) -> Row:
    return Row(strategy=Strategy.TASKGROUP, concurrency=concurrency, rounds=rounds)


def nearest_rank(values: list[int], percent: int) -> int:
    """The smallest value that at least so many percent of all values do not exceed."""
    return min(
        value
        for value in values
        if Fraction(sum(other <= value for other in values), len(values)) >= Fraction(percent, 100)
    )


@settings(deadline=None)
@given(values=st.lists(st.integers(0, 1000), min_size=1, max_size=250))
def test_percentiles_are_those_of_the_nearest_rank(values: list[int]) -> None:
    assert Latencies.of(values) == Latencies(
        p50_s=nearest_rank(values, 50),
        p95_s=nearest_rank(values, 95),
        p99_s=nearest_rank(values, 99),
        max_s=max(values),
    )


def test_no_rounding_moves_a_rank() -> None:
    for count in range(1, 2001):
        latencies = Latencies.of(range(1, count + 1))
        for percent, value in ((50, latencies.p50_s), (95, latencies.p95_s), (99, latencies.p99_s)):
            assert value == -(-percent * count // 100)


def test_nothing_has_no_percentile() -> None:
    assert Latencies.of([]) == Latencies(p50_s=None, p95_s=None, p99_s=None, max_s=None)


@settings(deadline=None)
@given(walls_s=st.lists(st.integers(1, 100), min_size=1, max_size=9))
def test_the_median_is_a_round_that_took_place(walls_s: list[int]) -> None:
    row = row_of(*(round_of(wall_s, wall_s) for wall_s in walls_s))
    ranked = sorted(walls_s)
    assert row.wall_s == ranked[(len(ranked) - 1) // 2]
    assert row.median in row.rounds


@pytest.mark.parametrize(
    ("row", "ideal_s", "efficiency", "limit"),
    [
        (row_of(round_of(10, 10, 1, 1)), 10, 1.0, Limit.SLOWEST),
        (row_of(round_of(10, 5, 5, 5, 5)), 10, 1.0, Limit.CAP),
        (row_of(round_of(10, 5, 5, 5)), 7.5, 0.75, Limit.CAP),
        (row_of(round_of(12.5, 5, 5, 5, 5)), 10, 0.8, Limit.CAP),
        (row_of(round_of(20, 5, 5, 5, 5)), 10, 0.5, Limit.OVERHEAD),
        (row_of(round_of(5, 4, 4), concurrency=8), 4, 0.8, Limit.SLOWEST),
        (row_of(round_of(1)), 0, 0.0, Limit.OVERHEAD),
    ],
)
def test_a_row_is_measured_by_what_no_schedule_can_beat(
    row: Row, ideal_s: float, efficiency: float, limit: Limit
) -> None:
    assert (row.ideal_s, row.efficiency, row.limit) == (ideal_s, efficiency, limit)


@settings(deadline=None)
@given(latencies_s=st.lists(st.integers(0, 9), max_size=20), concurrency=st.integers(1, 6))
def test_the_schedule_lies_between_the_ideal_and_twice_the_ideal(latencies_s: list[int], concurrency: int) -> None:
    """Graham's bound: a list schedule takes less than twice the best one, and never less than it."""
    row = row_of(round_of(1, *latencies_s), concurrency=concurrency)
    assert row.ideal_s <= row.schedule_s <= 2 * row.ideal_s


def test_the_schedule_follows_the_lists_order() -> None:
    assert row_of(round_of(1, 3, 1, 1, 1)).schedule_s == 3
    assert row_of(round_of(1, 1, 1, 1, 3)).schedule_s == 4


def test_a_row_that_took_no_time_divides_by_nothing() -> None:
    row = row_of(round_of(0))
    assert (row.ideal_s, row.efficiency) == (0.0, 0.0)


def test_the_speed_up_is_over_the_first_row() -> None:
    first, second, instant = row_of(round_of(20)), row_of(round_of(5)), row_of(round_of(0))
    comparison = Comparison(targets=1, rounds=1, rows=(first, second, instant))
    assert [comparison.speedup(row) for row in comparison.rows] == [1.0, 4.0, 0.0]
