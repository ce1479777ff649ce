"""Quantiles in bounded memory."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.model.histogram import LONGEST_S, RELATIVE_ERROR, SHORTEST_S, Histogram

DURATIONS_S = st.floats(SHORTEST_S, LONGEST_S * 0.99)
SHARES = st.floats(0, 1)


def histogram_of(durations_s: list[float]) -> Histogram:
    histogram = Histogram()
    for duration_s in durations_s:
        histogram.add(duration_s)
    return histogram


@given(durations_s=st.lists(DURATIONS_S, min_size=1), share=SHARES)
def test_a_quantile_is_within_its_relative_error(durations_s: list[float], share: float) -> None:
    exact_s = sorted(durations_s)[max(1, math.ceil(share * len(durations_s))) - 1]
    assert histogram_of(durations_s).quantile_s(share) == pytest.approx(exact_s, rel=RELATIVE_ERROR + 1e-9)


def test_the_relative_error_is_a_few_percent() -> None:
    assert 0 < RELATIVE_ERROR < 0.05


@given(first=st.lists(DURATIONS_S), second=st.lists(DURATIONS_S), share=SHARES)
def test_merging_is_counting_all(first: list[float], second: list[float], share: float) -> None:
    merged, counted = histogram_of(first), histogram_of(first + second)
    merged.merge(histogram_of(second))
    assert (merged.total, merged.max_s) == (counted.total, counted.max_s)
    assert merged.quantile_s(share) == counted.quantile_s(share)


@given(durations_s=st.lists(st.floats(0, 1e9), min_size=1), shares=st.tuples(SHARES, SHARES))
def test_quantiles_rise_with_their_share_and_stay_below_the_longest(
    durations_s: list[float], shares: tuple[float, float]
) -> None:
    histogram = histogram_of(durations_s)
    low_s, high_s = (histogram.quantile_s(share) for share in sorted(shares))
    assert low_s is not None
    assert high_s is not None
    assert low_s <= high_s <= max(durations_s)


@given(duration_s=st.floats(0, 1e9), share=SHARES)
def test_of_one_duration_every_quantile_is_exact(duration_s: float, share: float) -> None:
    assert histogram_of([duration_s]).quantile_s(share) == duration_s


def test_nothing_counted_has_no_quantile() -> None:
    assert Histogram().quantile_s(0.5) is None


def test_memory_does_not_grow_with_what_is_counted() -> None:
    counts = histogram_of([0.1]).counts
    assert len(counts) == len(histogram_of([0.001 * number for number in range(5_000)]).counts) <= 200
