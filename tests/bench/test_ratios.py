"""Figures over rounds: medians, spreads, and ratios within a round."""

import pytest

from bench.measuring import Usage
from bench.ratios import Spread, ratio, spread
from bench.report import cores, cpu_s_a_url, wall_s
from bench.turns import Sample


def sample(tool: str, number: int, wall: float, *, cpu: float = 0.0) -> Sample:
    usage = Usage(wall_s=wall, user_s=cpu / 2, system_s=cpu / 2, peak_bytes=1)
    return Sample(work="A", tool=tool, round=number, urls=10, usage=usage, origins_cpu_s=0.0)


def test_a_spread_is_the_median_and_the_ends() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
    assert Spread.of([1.0, 2.0, 4.0, 9.0]) == Spread(3.0, 1.0, 9.0)


def test_a_figure_is_that_of_its_tool_alone() -> None:
    samples = [sample("one", 0, 1.0), sample("two", 0, 50.0), sample("one", 1, 3.0)]
    assert spread(samples, "one", wall_s) == Spread(2.0, 1.0, 3.0)


def test_a_ratio_is_taken_within_a_round_so_that_a_slow_minute_hits_both_sides() -> None:
    samples = [sample(tool, number, wall) for number, noise in enumerate([1.0, 7.0, 3.0])
               for tool, wall in [("bare", noise), ("allup", 2 * noise)]]  # fmt: skip
    assert ratio(samples, "allup", "bare", wall_s) == Spread(2.0, 2.0, 2.0)
    assert ratio(samples, "bare", "bare", wall_s) == Spread(1.0, 1.0, 1.0)


def test_there_is_no_ratio_to_what_was_not_measured_or_took_nothing() -> None:
    samples = [sample("allup", 0, 1.0), sample("idle", 0, 1.0)]
    assert ratio(samples, "allup", "bare", wall_s) is None
    assert ratio(samples, "allup", "idle", cpu_s_a_url) is None


def test_processor_time_is_a_url_s_share_and_cores_are_what_was_busy_on_the_average() -> None:
    busy = sample("allup", 0, 2.0, cpu=3.0)
    assert cpu_s_a_url(busy) == pytest.approx(0.3)
    assert cores(busy) == pytest.approx(1.5)
