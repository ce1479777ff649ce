"""What the shell gets to know."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.exit_code import ExitCode, exit_code
from allup.model.standing import Standing
from allup.model.stop import Stop


def standings_of(**standings: int) -> Counter[Standing]:
    return Counter({Standing[name.upper()]: count for name, count in standings.items()})


@pytest.mark.parametrize(
    ("standings", "code"),
    [
        (standings_of(good=3), ExitCode.OK),
        (standings_of(good=1, excused=2), ExitCode.OK),
        (standings_of(excused=1), ExitCode.OK),
        (standings_of(good=9, failed=1), ExitCode.FAILED),
        (standings_of(good=9, withheld=1), ExitCode.UNCHECKED),
        (standings_of(excused=9, unknown=1), ExitCode.UNCHECKED),
        (standings_of(failed=1, unknown=9), ExitCode.FAILED),
    ],
)
def test_the_worst_that_is_known_decides(standings: Counter[Standing], code: ExitCode) -> None:
    assert exit_code(standings, None) is code


COUNTS = st.fixed_dictionaries({place: st.integers(0, 2) for place in Standing})


@settings(deadline=None)
@given(counts=COUNTS)
def test_an_interruption_comes_before_everything(counts: dict[Standing, int]) -> None:
    assert exit_code(counts, Stop.INTERRUPT) is ExitCode.INTERRUPTED
    assert exit_code(counts, Stop.TERMINATE) is ExitCode.TERMINATED


@settings(deadline=None)
@given(counts=COUNTS, stop=st.sampled_from([None, Stop.READER_GONE]))
def test_a_failure_is_never_green(counts: dict[Standing, int], stop: Stop | None) -> None:
    code = exit_code(counts, stop)
    assert (code is ExitCode.FAILED) == (counts[Standing.FAILED] > 0)
    assert counts[Standing.UNKNOWN] == 0 or code is not ExitCode.OK
    assert counts[Standing.WITHHELD] == 0 or stop is not None or code is not ExitCode.OK


def test_a_reader_that_went_away_takes_what_it_did_not_wait_for_as_no_fault() -> None:
    assert exit_code(standings_of(good=1, withheld=9), Stop.READER_GONE) is ExitCode.OK


def test_a_local_fault_is_not_green_because_the_reader_went_away() -> None:
    assert exit_code(standings_of(unknown=9), Stop.READER_GONE) is ExitCode.UNCHECKED


def test_the_codes_are_those_of_the_contract() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "FAILED": 1,
        "USAGE": 2,
        "UNCHECKED": 3,
        "INTERRUPTED": 130,
        "TERMINATED": 143,
    }
