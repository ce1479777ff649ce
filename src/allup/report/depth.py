"""How much a report for people tells."""

from enum import IntEnum


class Depth(IntEnum):
    """From what a log has room for to all that is known; each tells what the ones before it tell."""

    BRIEF = 0
    """The rows and the summary."""
    USUAL = 1
    """Where the time went, too: the slowest, and percentiles by host."""
    FULL = 2
    """Hops, timings and attempts of each row, and more of the slowest and of the hosts."""
