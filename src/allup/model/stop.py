"""What can end a run early."""

from enum import Enum


class Stop(Enum):
    """Why a run ended before its list did."""

    INTERRUPT = "interrupted by Ctrl-C"
    TERMINATE = "interrupted by SIGTERM"
    DEADLINE = "the deadline came"
    FAILURES = "stopped after too many failures"
    OFFLINE = "no canary answered any more"
    READER_GONE = "stopped, since nobody reads the output any more"
    WON = "called off"
