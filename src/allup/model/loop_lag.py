"""How late the event loop is, and what that means for what it measures."""

from dataclasses import dataclass
from typing import Final

SUSPECT_ABOVE: Final = 0.1
"""The share of a typical latency above which the event loop's own lag makes timings suspect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopLag:
    """Seconds by which the event loop was late, its median and 99th percentile; `typical_s` is the median latency.

    That one is None where too few answers were seen.
    """

    p50_s: float
    p99_s: float
    typical_s: float | None = None

    @property
    def is_suspect(self) -> bool:
        """Whether latencies are off by more than a tenth at times, since nobody looked when the answer came."""
        return self.typical_s is not None and self.p99_s > SUSPECT_ABOVE * self.typical_s
