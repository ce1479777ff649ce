"""Latencies by host, in bounded memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from allup.model.histogram import Histogram
from allup.model.result import Result

MOST_HOSTS: Final = 500
"""Hosts that are told apart, the first that come; a list can name millions."""


@dataclass(slots=True)
class HostLatencies:
    """How long answers took, by the host that the list names; `others` are those of hosts beyond `MOST_HOSTS`."""

    hosts: dict[str, Histogram] = field(default_factory=dict)
    others: Histogram = field(default_factory=Histogram)

    def add(self, result: Result) -> None:
        """Count `result` where it is an answer: how long silence took is no latency."""
        attempt, host = result.attempt, result.host
        if attempt is None or attempt.status is None or host is None:
            return
        histogram = self.hosts.get(host)
        if histogram is None:
            histogram = self._begin(host)
        histogram.add(attempt.elapsed_s)

    @property
    def everything(self) -> Histogram:
        """All answers together."""
        return merged([*self.hosts.values(), self.others])

    def _begin(self, host: str) -> Histogram:
        return self.others if len(self.hosts) >= MOST_HOSTS else self.hosts.setdefault(host, Histogram())


def merged(histograms: Iterable[Histogram]) -> Histogram:
    """Return one histogram of all that `histograms` have counted."""
    together = Histogram()
    for one in histograms:
        together.merge(one)
    return together
