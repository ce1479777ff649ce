"""How fast a run is getting on."""

import pytest

from allup.live.pace import WINDOW_S, Pace


def pace_of(*seen: tuple[float, int]) -> Pace:
    pace = Pace()
    for now_s, done in seen:
        pace.note(now_s, done)
    return pace


def test_the_rate_is_that_of_the_last_seconds() -> None:
    pace = pace_of((0.0, 0), (1.0, 1_000), *((5.0 + step, 1_000 + 10 * step) for step in range(15)))
    assert pace.per_s == pytest.approx(10)


def test_a_run_that_stands_still_has_no_end_in_sight() -> None:
    pace = pace_of(*((float(step), 50) for step in range(15)))
    assert pace.per_s == 0
    assert pace.left_s(100) is None


def test_the_first_moment_says_nothing() -> None:
    assert pace_of((0.0, 0), (0.5, 10)).per_s is None
    assert pace_of().per_s is None


def test_what_is_left_takes_as_long_as_the_rate_says() -> None:
    pace = pace_of((0.0, 0), (2.0, 20))
    assert pace.left_s(100) == pytest.approx(8)
    assert pace.left_s(None) is None
    assert pace.left_s(10) == 0


def test_memory_does_not_grow_with_time() -> None:
    pace = pace_of(*((step / 10, step) for step in range(2_000)))
    assert len(pace._seen) <= WINDOW_S * 10 + 2
