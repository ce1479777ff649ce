"""Slower beyond noise: what everything has in common is no news, and what stands out is."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.slower import LEAST_PAIRS, Noise

SECONDS = st.floats(0.001, 60)
PAIRS = st.lists(st.tuples(SECONDS, SECONDS), min_size=LEAST_PAIRS, max_size=60)


def slower(pairs: list[tuple[float, float]]) -> list[int]:
    noise = Noise.of([before for before, _ in pairs], [now for _, now in pairs])
    assert noise is not None
    return [number for number, pair in enumerate(pairs) if noise.is_slower(*pair)]


@settings(deadline=None)
@given(latencies_s=st.lists(SECONDS, min_size=LEAST_PAIRS))
def test_the_same_run_again_has_nothing_slower(latencies_s: list[float]) -> None:
    assert slower([(one, one) for one in latencies_s]) == []


@settings(deadline=None)
@given(latencies_s=st.lists(SECONDS, min_size=LEAST_PAIRS), factor=st.floats(0.01, 100))
def test_a_network_that_is_slower_as_a_whole_is_no_news(latencies_s: list[float], factor: float) -> None:
    assert slower([(one, one * factor) for one in latencies_s]) == []


@settings(deadline=None)
@given(pairs=PAIRS, power=st.integers(-6, 6))
def test_what_is_slower_is_the_same_however_fast_the_network_is(pairs: list[tuple[float, float]], power: int) -> None:
    assert slower([(before, now * 2.0**power) for before, now in pairs]) == slower(pairs)


@settings(deadline=None)
@given(pairs=PAIRS)
def test_never_more_than_half_are_slower_and_each_by_twice_and_100_ms(pairs: list[tuple[float, float]]) -> None:
    noise = Noise.of([before for before, _ in pairs], [now for _, now in pairs])
    assert noise is not None
    found = slower(pairs)
    assert len(found) <= len(pairs) / 2
    for number in found:
        before, now = pairs[number]
        assert now / noise.shift >= 2 * before
        assert noise.more_s(before, now) >= 0.0999


@settings(deadline=None)
@given(pairs=PAIRS.map(lambda pairs: pairs[: LEAST_PAIRS - 1]))
def test_of_few_targets_nothing_is_said(pairs: list[tuple[float, float]]) -> None:
    assert Noise.of([before for before, _ in pairs], [now for _, now in pairs]) is None


@pytest.mark.parametrize(
    ("before_s", "now_s", "expected"),
    [(0.2, 2.0, True), (0.2, 0.6, True), (0.2, 0.35, False), (0.02, 0.09, False), (0.02, 0.2, True), (5.0, 7.0, False)],
)
def test_one_among_many_is_seen_where_it_is_twice_as_slow_and_by_100_ms(
    before_s: float, now_s: float, *, expected: bool
) -> None:
    drawn = random.Random(1)
    others = [(0.1, 0.1 * drawn.lognormvariate(0, 0.1)) for _ in range(200)]
    assert (0 in slower([(before_s, now_s), *others])) is expected


def test_where_everything_scatters_twice_as_slow_is_nothing() -> None:
    drawn = random.Random(2)
    others = [(0.1, 0.1 * drawn.lognormvariate(0, 1)) for _ in range(1_000)]
    found = slower([(0.2, 0.5), (0.2, 200.0), *others])
    assert 0 not in found
    assert 1 in found
    assert len(found) < 10


def test_half_of_the_targets_may_be_slower_for_a_reason() -> None:
    pairs = [(0.1, 0.1 + number / 1e5) for number in range(11)] + [(0.2, 1.0)] * 10
    assert slower(pairs) == list(range(11, 21))
