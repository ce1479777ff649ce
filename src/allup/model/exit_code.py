"""What the shell gets to know."""

from collections.abc import Mapping
from enum import IntEnum
from typing import assert_never

from allup.model.standing import Standing
from allup.model.stop import Stop


class ExitCode(IntEnum):
    """The exit codes; where several hold, the first of INTERRUPTED/TERMINATED, USAGE, FAILED, UNCHECKED, OK."""

    OK = 0
    FAILED = 1
    USAGE = 2
    UNCHECKED = 3
    INTERRUPTED = 130
    TERMINATED = 143


def exit_code(standings: Mapping[Standing, int], stop: Stop | None) -> ExitCode:
    """Return the exit code of a run with so many `standings` that was ended by `stop` (None: by its list)."""
    match stop:
        case Stop.INTERRUPT:
            return ExitCode.INTERRUPTED
        case Stop.TERMINATE:
            return ExitCode.TERMINATED
        case Stop.DEADLINE | Stop.FAILURES | Stop.OFFLINE | Stop.READER_GONE | Stop.WON | None:
            return _of_standings(standings, stop)
        case _:
            assert_never(stop)


def _of_standings(standings: Mapping[Standing, int], stop: Stop | None) -> ExitCode:
    if standings.get(Standing.FAILED):
        return ExitCode.FAILED
    # A reader that went away wanted no more: what it did not wait for is no fault.
    waited_for = stop is not Stop.READER_GONE
    if standings.get(Standing.UNKNOWN) or (standings.get(Standing.WITHHELD) and waited_for):
        return ExitCode.UNCHECKED
    return ExitCode.OK
