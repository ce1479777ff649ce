"""The event loop's lag, in memory that does not grow, beside the latencies that it distorts."""

from typing import Final

from allup.model.histogram import Histogram
from allup.model.loop_lag import LoopLag
from allup.model.result import Result

FEWEST: Final = 100
"""Samples below which nothing is said: of fewer, the 99th percentile is the one that was worst."""
_FEWEST_LATENCIES: Final = 20


class LagMeter:
    """Takes samples of the lag (seconds), and with each one the result that came last, if it is another one.

    That is what makes the typical latency free: nothing is counted for each result.
    """

    def __init__(self) -> None:
        self._lags = Histogram()
        self._latencies = Histogram()
        self._seen: Result | None = None

    def add(self, late_s: float, last: Result | None) -> None:
        """Take one sample; how long silence took is no latency."""
        self._lags.add(late_s)
        if last is None or last is self._seen:
            return
        self._seen = last
        if last.attempt is not None and last.attempt.status is not None:
            self._latencies.add(last.attempt.elapsed_s)

    @property
    def lag(self) -> LoopLag | None:
        """What the samples say; None where they are too few."""
        p50_s, p99_s = self._lags.quantile_s(0.5), self._lags.quantile_s(0.99)
        if self._lags.total < FEWEST or p50_s is None or p99_s is None:
            return None
        enough = self._latencies.total >= _FEWEST_LATENCIES
        return LoopLag(p50_s=p50_s, p99_s=p99_s, typical_s=self._latencies.quantile_s(0.5) if enough else None)
