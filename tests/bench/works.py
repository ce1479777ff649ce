"""What the tools are put to: how many URLs, at how many origins, how they are reached and how long they take."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

_SEED: Final = 7
_MEDIAN_S: Final = 0.12
_SIGMA: Final = 0.8
_LONGEST_S: Final = 3.0
"""The latencies of answers on the web: many short ones, and a long tail."""


class Key(StrEnum):
    """The name of a work on the command line."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    START = "S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A list to check, before it is known where its origins listen."""

    key: Key
    title: str
    count: int
    origins: int
    tls: bool = False
    late: bool = False
    """Whether the answers take their time."""

    def scaled(self, scale: float) -> "Work":
        """The same work with fewer URLs, and with fewer origins where it has many."""
        count = max(1, round(self.count * scale))
        return replace(self, count=count, origins=min(self.origins, count))

    @property
    def latencies_s(self) -> Sequence[float]:
        """How long each answer takes, in the list's order; the same in every run."""
        if not self.late:
            return [0.0] * self.count
        drawn = random.Random(_SEED)
        return [min(_LONGEST_S, drawn.lognormvariate(math.log(_MEDIAN_S), _SIGMA)) for _ in range(self.count)]

    def urls(self, ports: Sequence[int]) -> list[str]:
        """The list, every URL of it a different one, for origins that listen at `ports`."""
        scheme = "https" if self.tls else "http"
        return [
            f"{scheme}://127.0.0.1:{ports[i % len(ports)]}/{f'wait/{latency:.6f}/' if latency else ''}{i}"
            for i, latency in enumerate(self.latencies_s)
        ]


WORKS: Final = {
    work.key: work
    for work in [
        Work(key=Key.A, title="one origin, kept alive", count=20_000, origins=1),
        Work(key=Key.B, title="an origin a URL", count=2_000, origins=2_000),
        Work(key=Key.C, title="an origin a URL, TLS", count=2_000, origins=2_000, tls=True),
        Work(key=Key.D, title="an origin a URL, latencies of the web", count=2_000, origins=2_000, late=True),
        Work(
            key=Key.E,
            title="an origin a URL, latencies of the web, TLS",
            count=2_000,
            origins=2_000,
            tls=True,
            late=True,
        ),
        Work(key=Key.START, title="start-up, one URL", count=1, origins=1),
    ]
}
