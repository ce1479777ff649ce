"""What ``-c auto`` came to."""

from dataclasses import dataclass
from enum import StrEnum


class Restraint(StrEnum):
    """Why a level of concurrency was not higher."""

    UNUSED = "unused"
    """No more were there to be asked."""
    GROWING = "growing"
    """Nothing spoke against more: the run ended first."""
    MOST = "most"
    """It is the most that is allowed, or that this machine has descriptors for."""
    REFUSED = "refused"
    """Above it, servers said that it is too much (429, or Retry-After)."""
    FAILURES = "failures"
    """Above it, what usually passes failed more often."""
    LATENCY = "latency"
    """Above it, latencies grew with the load."""
    LAG = "lag"
    """Above it, this process did not keep up."""
    LOCAL = "local"
    """Above it, this machine's own resources gave out."""


@dataclass(frozen=True, slots=True)
class HostLevel:
    """How many at once a host (``host:port``) has borne, and what was in the way of more."""

    host: str
    limit: int
    restraint: Restraint


@dataclass(frozen=True, slots=True)
class Level:
    """How many were allowed at once in the end, and why not more; `hosts` are those that bore less than they might."""

    limit: int
    restraint: Restraint
    hosts: tuple[HostLevel, ...] = ()
