"""What kept a run from being over sooner."""

from dataclasses import dataclass
from enum import StrEnum


class Bottleneck(StrEnum):
    """Why no further target was begun, or why the run was not over."""

    SLOWEST = "slowest"
    """All were begun: it waited for the last ones."""
    CAP = "cap"
    HOST = "host"
    """Those that waited were a host's, which had as many in flight as it may."""
    RATE = "rate"
    HOST_RATE = "host_rate"
    RETRY_AFTER = "retry_after"
    BACKOFF = "backoff"
    """What was left waited for another attempt."""
    CONFIRM = "confirm"
    LIST = "list"
    """The list came no faster."""
    READER = "reader"
    """The reader of the results took no more."""
    CANARY = "canary"
    """No canary had answered, and so nothing was asked."""
    CPU = "cpu"


@dataclass(frozen=True, slots=True)
class LimitedBy:
    """What a run waited for longest: `seconds` of it, a `share` of the run from 0 to 1.

    `name` is the host (``host:port``) that it is about, or of the slowest its printable URL; None for what is about
    none, or about many.
    """

    bottleneck: Bottleneck
    seconds: float
    share: float
    name: str | None = None
