"""How many descriptors this process may have, and how much concurrency that allows."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from allup.model.usage import UsageError

_RESERVED: Final = 24
"""For the list, the reports, the resolver, and what Python itself has open."""
_FLOOR: Final = 32
_EACH: Final = 2.5
"""For a target in flight: a connection, the one before it, which closes a moment later, and now and then a
second address that is tried at once."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What the descriptors allow: targets in flight, and connections that are kept idle."""

    concurrency: int
    most_idle: int


def raise_limit() -> int | None:
    """Raise the soft limit of open descriptors to the hard one and return it; None where there is none."""
    try:
        import resource  # noqa: PLC0415 - Windows has no such limit
    except ImportError:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return None
    if hard == resource.RLIM_INFINITY or soft < hard:
        wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
        with suppress(ValueError, OSError):  # macOS says that there is no limit, and has one
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
            return max(soft, wanted)
    return soft


def check_floor(descriptors: int | None) -> None:
    """Raise UsageError where `descriptors` are too few even for one target."""
    if descriptors is not None and descriptors < _FLOOR:
        raise UsageError(f"the limit of open files is {descriptors}, and it takes {_FLOOR}: raise it (ulimit -n)")


def fitting(concurrency: int, most_idle: int, descriptors: int | None) -> Fit:
    """Return the most of `concurrency`, at least 1, and then of `most_idle`, that `descriptors` allow."""
    if descriptors is None:
        return Fit(concurrency, most_idle)
    free = max(0, descriptors - _RESERVED)
    fit = max(1, min(concurrency, int(free / _EACH)))
    return Fit(fit, max(0, min(most_idle, int(free - fit * _EACH))))
