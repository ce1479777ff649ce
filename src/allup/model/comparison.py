"""What concurrency bought: one row a strategy and level, with what it could have bought at best."""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from allup.model.loop_lag import LoopLag
from allup.model.settings import Strategy

OVERHEAD_BELOW: Final = 0.8
"""Share of the wall time that the schedule explains; below it, a row waited for the checking itself."""

SLOWEST_UP_TO: Final = 1.05
"""How much longer than its slowest latency a schedule may be for that to be what it waited for."""

MOST_FLIGHTS: Final = 2_000
"""Flights that are kept of a round: of a longer list those of every second target, or every third, ..."""


def flights_every(targets: int) -> int:
    """Return of how many targets one has its flight kept."""
    return max(1, math.ceil(targets / MOST_FLIGHTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """Seconds: the nearest-rank percentiles of a row's latencies; None where nothing answered."""

    p50_s: float | None
    p95_s: float | None
    p99_s: float | None
    max_s: float | None

    @classmethod
    def of(cls, latencies_s: Sequence[float]) -> "Latencies":
        """Return the percentiles of `latencies_s`, in any order."""
        ranked = sorted(latencies_s)
        return cls(
            p50_s=_nearest_rank(ranked, 0.50),
            p95_s=_nearest_rank(ranked, 0.95),
            p99_s=_nearest_rank(ranked, 0.99),
            max_s=ranked[-1] if ranked else None,
        )


def _nearest_rank(ranked: Sequence[float], share: float) -> float | None:
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)] if ranked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """One check of a round: the target's name or printable URL, when it began and ended, and how.

    Seconds count from the round's start; `lane`, from 0, is the lowest that was free when it began.
    """

    target: str
    lane: int
    began_s: float
    ended_s: float
    as_expected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One strategy's run over the whole list, once.

    `latencies_s` are in the list's order; `slowest` is the printable URL of the longest one. `flights`
    are those of every n-th target (`flights_every`), in the order of their ends; `lag` None: too short to tell.
    """

    wall_s: float
    latencies_s: tuple[float, ...]
    slowest: str | None
    peak_in_flight: int
    ok: int
    failed: int
    unchecked: int = 0
    flights: tuple[Flight, ...] = ()
    lag: LoopLag | None = None


class Limit(StrEnum):
    """What a row waited for."""

    SLOWEST = "slowest"
    CAP = "cap"
    OVERHEAD = "overhead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A strategy at a level of concurrency; all figures but `wall_s_rounds` are those of the median round."""

    strategy: Strategy
    concurrency: int
    rounds: tuple[Round, ...]

    @property
    def median(self) -> Round:
        """The round whose wall time is the (lower) median: one that really took place."""
        return sorted(self.rounds, key=lambda one: one.wall_s)[(len(self.rounds) - 1) // 2]

    @property
    def wall_s(self) -> float:
        """The median round's wall time."""
        return self.median.wall_s

    @property
    def unchecked(self) -> int:
        """How many checks could not be made, over all rounds: the figures then say nothing."""
        return sum(one.unchecked for one in self.rounds)

    @property
    def ideal_s(self) -> float:
        """What no schedule can beat: the slowest latency, and the sum of all shared out over the cap."""
        latencies_s = self.median.latencies_s
        return max(max(latencies_s, default=0.0), sum(latencies_s) / self.concurrency)

    @property
    def efficiency(self) -> float:
        """The ideal as a share of the wall time, from 0 to 1."""
        return self.ideal_s / self.wall_s if self.wall_s else 0.0

    @property
    def schedule_s(self) -> float:
        """What the latencies take in the list's order, each begun as soon as there is room (Graham's list schedule)."""
        ends_s = [0.0] * self.concurrency
        for latency_s in self.median.latencies_s:
            heapq.heapreplace(ends_s, ends_s[0] + latency_s)
        return max(ends_s)

    @property
    def latencies(self) -> Latencies:
        """The percentiles of the median round."""
        return Latencies.of(self.median.latencies_s)

    @property
    def limit(self) -> Limit:
        """What the median round waited for."""
        if self.schedule_s < OVERHEAD_BELOW * self.wall_s:
            return Limit.OVERHEAD
        slowest_s = max(self.median.latencies_s, default=0.0)
        return Limit.SLOWEST if self.schedule_s <= slowest_s * SLOWEST_UP_TO else Limit.CAP


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All rows, in the order in which they ran; the first is the sequential one.

    `per_host` is how many targets of one host were allowed at once, where that was limited.
    """

    targets: int
    rounds: int
    rows: tuple[Row, ...]
    per_host: int | None = None

    def speedup(self, row: Row) -> float:
        """How many times faster `row` was than the first one."""
        return self.rows[0].wall_s / row.wall_s if row.wall_s else 0.0
