"""The sentence under a comparison names what limited the fastest run."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from allup.model.comparison import Comparison, Limit, Row
from allup.model.loop_lag import LoopLag
from allup.model.settings import Strategy
from allup.report.limit import limit_sentence

MakeRow = Callable[..., Row]
Compare = Callable[..., Comparison]


def test_the_slowest_url_is_named(make_row: MakeRow, compare: Compare) -> None:
    row = make_row(wall_s=2.1, latencies_s=(0.1, 0.1, 2.0))
    assert row.limit is Limit.SLOWEST
    assert limit_sentence(compare(row)) == (
        "The slowest URL limited the fastest run (taskgroup, -c 10): "
        "https://slow.example/ took 2s of 2.1s. More concurrency cannot help."
    )


def test_a_slowest_url_that_is_not_known_is_still_the_limit(make_row: MakeRow, compare: Compare) -> None:
    row = make_row(wall_s=2.1, latencies_s=(0.1, 2.0), slowest=None)
    assert "-c 10): the slowest URL took 2s" in limit_sentence(compare(row))


def test_the_cap_is_named_with_what_a_higher_one_would_bring(make_row: MakeRow, compare: Compare) -> None:
    row = make_row(wall_s=1.05, latencies_s=(0.1,) * 100)
    assert row.limit is Limit.CAP
    assert limit_sentence(compare(row)) == (
        "The cap limited the fastest run (taskgroup, -c 10): with -c 20 the ideal would be 500ms instead of 1s."
    )


def test_no_higher_cap_is_named_than_the_list_can_fill(make_row: MakeRow, compare: Compare) -> None:
    row = make_row(wall_s=0.21, latencies_s=(0.1,) * 13)
    assert "with -c 13 the ideal would be 100ms instead of 130ms" in limit_sentence(
        compare(make_row(wall_s=0.15, latencies_s=row.median.latencies_s))
    )


def test_a_cap_that_hardly_matters_is_not_to_be_raised(make_row: MakeRow, compare: Compare) -> None:
    row = make_row(wall_s=0.11, latencies_s=(0.1,) * 10 + (0.02,))
    assert row.limit is Limit.CAP
    assert "a higher -c would hardly help" in limit_sentence(compare(row))


def test_overhead_is_named_with_the_ideal(make_row: MakeRow, compare: Compare) -> None:
    row = make_row(wall_s=2.0, latencies_s=(0.1,) * 100)
    assert row.limit is Limit.OVERHEAD
    assert limit_sentence(compare(row)).startswith(
        "Overhead limited the fastest run (taskgroup, -c 10): it took 2s where 1s is the ideal."
    )


def test_it_speaks_of_the_fastest_row(make_row: MakeRow, compare: Compare) -> None:
    rows = (make_row(Strategy.SEQUENTIAL, concurrency=1, wall_s=9.0), make_row(Strategy.WAIT, wall_s=0.21))
    assert "(wait, -c 10)" in limit_sentence(compare(*rows))


def test_nothing_timed_is_said_plainly(make_row: MakeRow, compare: Compare) -> None:
    assert limit_sentence(compare(make_row(latencies_s=()))).startswith("Nothing was timed")


def test_a_hostile_url_is_harmless(make_row: MakeRow, compare: Compare) -> None:
    row = make_row(wall_s=2.1, latencies_s=(2.0,), slowest="https://x/\x1b[2J")
    assert r"https://x/\x1b[2J" in limit_sentence(compare(row))


@pytest.mark.parametrize(
    ("concurrency", "advice"),
    [(10, "lower -c (taskgroup, -c 10)."), (1, "a less busy machine may help (taskgroup, -c 1).")],
)
def test_suspect_timings_have_what_can_be_done(
    concurrency: int, advice: str, make_row: MakeRow, compare: Compare
) -> None:
    row = make_row(concurrency=concurrency)
    (once,) = row.rounds
    late = replace(once, lag=LoopLag(p50_s=0.001, p99_s=0.05, typical_s=0.1))
    said = limit_sentence(compare(replace(row, rounds=(late,))))
    assert said.endswith(f"the event loop was up to 50ms late (p99), where 100ms is a typical latency: {advice}")
