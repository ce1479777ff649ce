"""Metrics as the official client library of Prometheus writes them, a sample at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from prometheus_client import generate_latest
from prometheus_client.core import Metric

Labels = dict[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """A gauge: its name and what it means."""

    name: str
    meaning: str


@cache
def head(family: Family) -> str:
    """Return the lines that come before all samples of `family`."""
    return _generated(_metric(family))


def exposed(family: Family, labels: Labels, value: float) -> str:
    """Return the line of one sample."""
    metric = _metric(family)
    metric.add_sample(family.name, labels, value)
    return _generated(metric).removeprefix(head(family))


def _metric(family: Family) -> Metric:
    return Metric(family.name, family.meaning, "gauge")


def _generated(metric: Metric) -> str:
    return generate_latest(_Collected(metric)).decode()


@dataclass(frozen=True, slots=True)
class _Collected:
    metric: Metric

    def collect(self) -> Iterable[Metric]:
        return (self.metric,)
