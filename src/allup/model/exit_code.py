"""What the shell gets to know."""

from enum import Enum, IntEnum
from typing import assert_never

from allup.model.failure import FailureKind
from allup.model.result import Verdict
from allup.model.tally import Tally


class ExitCode(IntEnum):
    """The exit codes; where several hold, the first of INTERRUPTED/TERMINATED, USAGE, FAILED, UNCHECKED, OK."""

    OK = 0
    FAILED = 1
    USAGE = 2
    UNCHECKED = 3
    INTERRUPTED = 130
    TERMINATED = 143


class Stop(Enum):
    """Why a run ended before its list did."""

    INTERRUPT = "interrupted by Ctrl-C"
    TERMINATE = "interrupted by SIGTERM"
    READER_GONE = "stopped, since nobody reads the output any more"


def exit_code(tally: Tally, stop: Stop | None) -> ExitCode:
    """Return the exit code of a run that counted `tally` and was ended by `stop` (None: by its list)."""
    match stop:
        case Stop.INTERRUPT:
            return ExitCode.INTERRUPTED
        case Stop.TERMINATE:
            return ExitCode.TERMINATED
        case Stop.READER_GONE | None:
            return _of_verdicts(tally, stop)
        case _:
            assert_never(stop)


def _of_verdicts(tally: Tally, stop: Stop | None) -> ExitCode:
    if tally.verdicts[Verdict.FAILED]:
        return ExitCode.FAILED
    # A reader that went away wanted no more: what it did not wait for is no fault.
    if tally.kinds[FailureKind.LOCAL] or (tally.verdicts[Verdict.UNCHECKED] and stop is None):
        return ExitCode.UNCHECKED
    return ExitCode.OK
