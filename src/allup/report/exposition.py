"""Metrics as the official client library of Prometheus writes them, a sample at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from prometheus_client import generate_latest
from prometheus_client.core import Metric

Labels = dict[str, str]
Sample = tuple[str, Labels, float]
"""What comes after the family's name in the sample's, its labels and its value."""


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: its name, what it means, and of which type it is."""

    name: str
    meaning: str
    type: str = "gauge"


@cache
def head(family: Family) -> str:
    """Return the lines that come before all samples of `family`."""
    return _generated(_metric(family))


def exposed(family: Family, labels: Labels, value: float) -> str:
    """Return the line of one sample."""
    return exposed_all(family, [("", labels, value)])


def exposed_all(family: Family, samples: Iterable[Sample]) -> str:
    """Return the lines of `samples`."""
    metric = _metric(family)
    for suffix, labels, value in samples:
        metric.add_sample(family.name + suffix, labels, value)
    return _generated(metric).removeprefix(head(family))


def _metric(family: Family) -> Metric:
    return Metric(family.name, family.meaning, family.type)


def _generated(metric: Metric) -> str:
    return generate_latest(_Collected(metric)).decode()


@dataclass(frozen=True, slots=True)
class _Collected:
    metric: Metric

    def collect(self) -> Iterable[Metric]:
        return (self.metric,)
