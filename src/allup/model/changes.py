"""What has changed since a baseline, for the run as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from allup.model.past import FAILED_BEFORE, Change

MOST_NAMED: Final = 100
"""Targets that are named of those that are gone, or slower; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A target that the baseline has and this run has not."""

    url: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slower:
    """A target that takes longer than in the baseline, beyond noise."""

    url: str
    name: str | None = None
    before_s: float
    now_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How many targets changed how; `new_failed` counts those of the new ones that failed.

    `gone` is None where the list was not read to its end, `shift` (how many times as long everything takes
    now) where there is too little to compare. `first_gone` are in the baseline's order, `slowest` have the
    one that lost most time first.
    """

    counts: Mapping[Change, int] = field(default_factory=dict)
    new_failed: int = 0
    gone: int | None = None
    first_gone: tuple[Gone, ...] = ()
    slower: int = 0
    slowest: tuple[Slower, ...] = ()
    shift: float | None = None

    @property
    def failed_before(self) -> int:
        """How many failures are no news."""
        return sum(self.counts.get(change, 0) for change in FAILED_BEFORE)
