"""Durations as people write and read them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.duration import LONGEST_S, format_duration, parse_duration, parse_period, parse_rate, parse_wait

UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("500ms", 0.5),
        ("2s", 2.0),
        ("2", 2.0),
        ("1.5m", 90.0),
        ("1h", 3600.0),
        (".5s", 0.5),
        ("3.", 3.0),
        (" 10 s ", 10.0),
        ("0.1ms", 0.0001),
        ("8784h", LONGEST_S),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@settings(deadline=None)
@given(number=st.integers(1, 8784), unit=st.sampled_from(sorted(UNITS_S)))
def test_every_unit_says_what_it_is_worth(number: int, unit: str) -> None:
    assert parse_duration(f"{number}{unit}") == pytest.approx(number * UNITS_S[unit])


@pytest.mark.parametrize(
    "text",
    ["", " ", "s", "-1s", "+1s", "1e3", "1,5s", "1d", "1S", "1m30s", "one", ".", "0x10", "nan", "inf", "٣s", "1 000s"],
)
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="500ms"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["0", "0s", "0.0ms", "8784.1h", "9" * 400, "0." + "0" * 400 + "1"])
def test_a_duration_is_more_than_nothing_and_a_year_at_most(text: str) -> None:
    with pytest.raises(ValueError, match="out of range"):
        parse_duration(text)


@settings(deadline=None)
@given(text=st.text(max_size=12))
def test_any_text_is_a_duration_in_bounds_or_an_error_for_people(text: str) -> None:
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        assert repr(text) in str(error)  # noqa: PT017 - most texts are none, and some are
    else:
        assert 0 < seconds <= LONGEST_S


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.0ms"),
        (0.0004, "0.4ms"),
        (0.00949, "9.5ms"),
        (0.0095, "10ms"),
        (0.812, "812ms"),
        (0.99949, "999ms"),
        (0.9996, "1s"),
        (1.0, "1s"),
        (2.5, "2.5s"),
        (10.04, "10s"),
        (59.94, "59.9s"),
        (59.96, "1m"),
        (60.0, "1m"),
        (65.4, "1m05s"),
        (200.0, "3m20s"),
        (3599.6, "1h00m"),
        (3660.0, "1h01m"),
        (90_000.0, "25h00m"),
    ],
)
def test_a_duration_is_shown_in_the_unit_that_reads_best(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@settings(deadline=None)
@given(seconds=st.floats(0.0001, 59.9))
def test_what_is_shown_in_one_unit_can_be_typed_again(seconds: float) -> None:
    shown = format_duration(seconds)
    assert parse_duration(shown) == pytest.approx(seconds, rel=0.055, abs=0.00005)
    assert format_duration(parse_duration(shown)) == shown


@settings(deadline=None)
@given(seconds=st.floats(0, LONGEST_S))
def test_what_is_shown_is_short(seconds: float) -> None:
    assert len(format_duration(seconds)) <= 8


def in_seconds(shown: str) -> float:
    """Read what `format_duration` writes, two units included."""
    for first, second, per_first, per_second in (("h", "m", 3600, 60), ("m", "s", 60, 1)):
        if first in shown and not shown.endswith("ms"):
            whole, rest = shown.split(first)
            return int(whole) * per_first + int(rest.removesuffix(second) or 0) * per_second
    return parse_duration(shown) if shown != "0.0ms" else 0.0


@settings(deadline=None)
@given(one=st.floats(0, 90_000), other=st.floats(0, 90_000))
def test_the_longer_of_two_is_never_shown_as_the_shorter(one: float, other: float) -> None:
    shorter, longer = sorted((one, other))
    assert in_seconds(format_duration(shorter)) <= in_seconds(format_duration(longer))


@pytest.mark.parametrize(("text", "seconds"), [("0", 0.0), ("0s", 0.0), (" 0ms ", 0.0), ("2s", 2.0), ("500ms", 0.5)])
def test_a_wait_may_be_none_at_all(text: str, seconds: float) -> None:
    assert parse_wait(text) == seconds


@pytest.mark.parametrize("text", ["-1", "soon", "", "400d"])
def test_what_is_no_wait_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_wait(text)


@pytest.mark.parametrize(
    ("text", "per_s"),
    [("5", 5.0), ("5/s", 5.0), ("30/m", 0.5), ("36/h", 0.01), ("0.5/s", 0.5), (" 2/s ", 2.0), ("1e6", 1e6)],
)
def test_a_rate_is_a_number_by_the_second_the_minute_or_the_hour(text: str, per_s: float) -> None:
    assert parse_rate(text) == pytest.approx(per_s)


@pytest.mark.parametrize(
    "text", ["", "/s", "5/", "5/d", "5/ms", "0", "-1/s", "nan", "inf", "fast", "5/s/m", "1e-7", "1e7", "1/ s"]
)
def test_what_is_no_rate_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="30/m"):
        parse_rate(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("30d", 2_592_000.0), (" 1.5 d", 129_600.0), ("12h", 43_200.0), ("3650d", 315_360_000.0)]
)
def test_a_period_may_be_days(text: str, seconds: float) -> None:
    assert parse_period(text) == seconds


@pytest.mark.parametrize("text", ["0d", "4000d", "d", "-1d", "1d12h", "soon"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|period"):
        parse_period(text)
