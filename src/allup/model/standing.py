"""What results mean for the run as a whole."""

from enum import IntEnum
from typing import assert_never

from allup.model.failure import Certainty, FailureKind
from allup.model.result import Result, Verdict
from allup.model.settings import FailOn


class Standing(IntEnum):
    """What a result does to the exit code, the best first: a group of equivalents stands as its best member does.

    EXCUSED has failed in a way that the settings let pass, WITHHELD is unchecked since the run ended early,
    UNKNOWN since it could not be checked from here.
    """

    GOOD = 0
    EXCUSED = 1
    WITHHELD = 2
    UNKNOWN = 3
    FAILED = 4

    @property
    def verdict(self) -> Verdict:
        """The judgement on a group that stands so."""
        match self:
            case Standing.GOOD:
                return Verdict.OK
            case Standing.WITHHELD | Standing.UNKNOWN:
                return Verdict.UNCHECKED
            case Standing.EXCUSED | Standing.FAILED:
                return Verdict.FAILED
            case _:
                assert_never(self)


def standing(result: Result, fail_on: FailOn) -> Standing:
    """Return what `result` means where `fail_on` says which failures count."""
    match result.verdict:
        case Verdict.OK | Verdict.FLAKY:
            return Standing.GOOD
        case Verdict.UNCHECKED:
            local = result.failure is not None and result.failure.kind is FailureKind.LOCAL
            return Standing.UNKNOWN if local else Standing.WITHHELD
        case Verdict.FAILED:
            return Standing.FAILED if _counts(result, fail_on) else Standing.EXCUSED
        case _:
            assert_never(result.verdict)


def is_known_failure(result: Result) -> bool:
    """Say whether `result` is a failure that does not count, since the baseline has it already."""
    return result.past is not None and result.past.excused


def _counts(result: Result, fail_on: FailOn) -> bool:
    match fail_on:
        case FailOn.ANY:
            return True
        case FailOn.DEFINITE:
            return result.failure is None or result.failure.certainty is Certainty.DEFINITE
        case FailOn.NEW:
            return not is_known_failure(result)
        case _:
            assert_never(fail_on)
