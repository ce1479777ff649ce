"""How many descriptors this process may have, and how much concurrency that allows."""

from contextlib import suppress
from typing import Final

_RESERVED: Final = 64
"""For the list, the reports, the resolver, and what Python itself has open."""
_EACH: Final = 2
"""A target may try two addresses at once, or wait beside a connection that is kept for the next one."""


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


def fitting(concurrency: int, descriptors: int | None) -> int:
    """Return the most of `concurrency` that `descriptors` allow, at least 1."""
    if descriptors is None:
        return concurrency
    return max(1, min(concurrency, (descriptors - _RESERVED) // _EACH))
