"""What the shell gets to know."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.exit_code import ExitCode, exit_code
from allup.model.failure import FailureKind
from allup.model.result import Verdict
from allup.model.stop import Stop
from allup.model.tally import Tally


def tally_of(**verdicts: int) -> Tally:
    return Tally(verdicts=Counter({Verdict(verdict): count for verdict, count in verdicts.items()}))


@pytest.mark.parametrize(
    ("tally", "code"),
    [
        (tally_of(ok=3), ExitCode.OK),
        (tally_of(ok=1, flaky=2), ExitCode.OK),
        (tally_of(flaky=1), ExitCode.OK),
        (tally_of(ok=9, failed=1), ExitCode.FAILED),
        (tally_of(ok=9, unchecked=1), ExitCode.UNCHECKED),
        (tally_of(failed=1, unchecked=9), ExitCode.FAILED),
    ],
)
def test_the_worst_that_is_known_decides(tally: Tally, code: ExitCode) -> None:
    assert exit_code(tally, None) is code


COUNTS = st.fixed_dictionaries({verdict: st.integers(0, 2) for verdict in Verdict})


@settings(deadline=None)
@given(counts=COUNTS)
def test_an_interruption_comes_before_everything(counts: dict[Verdict, int]) -> None:
    assert exit_code(Tally(verdicts=Counter(counts)), Stop.INTERRUPT) is ExitCode.INTERRUPTED
    assert exit_code(Tally(verdicts=Counter(counts)), Stop.TERMINATE) is ExitCode.TERMINATED


@settings(deadline=None)
@given(counts=COUNTS, stop=st.sampled_from([None, Stop.READER_GONE]))
def test_a_failure_is_never_green(counts: dict[Verdict, int], stop: Stop | None) -> None:
    code = exit_code(Tally(verdicts=Counter(counts)), stop)
    assert (code is ExitCode.FAILED) == (counts[Verdict.FAILED] > 0)
    assert counts[Verdict.UNCHECKED] == 0 or stop is not None or code is not ExitCode.OK


def test_a_reader_that_went_away_takes_what_it_did_not_wait_for_as_no_fault() -> None:
    tally = tally_of(ok=1, unchecked=9)
    tally.kinds[FailureKind.NOT_STARTED] = 8
    tally.kinds[FailureKind.INTERRUPTED] = 1
    assert exit_code(tally, Stop.READER_GONE) is ExitCode.OK


def test_a_local_fault_is_not_green_because_the_reader_went_away() -> None:
    tally = tally_of(unchecked=9)
    tally.kinds[FailureKind.LOCAL] = 9
    assert exit_code(tally, Stop.READER_GONE) is ExitCode.UNCHECKED


def test_the_codes_are_those_of_the_contract() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "FAILED": 1,
        "USAGE": 2,
        "UNCHECKED": 3,
        "INTERRUPTED": 130,
        "TERMINATED": 143,
    }
