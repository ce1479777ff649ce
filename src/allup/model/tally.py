"""Counts of a run while it goes on, in memory that does not grow with the list."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from allup.model.canaries import CanarySummary
from allup.model.changes import Changes
from allup.model.failure import FailureKind
from allup.model.level import Level
from allup.model.limited_by import LimitedBy
from allup.model.loop_lag import LoopLag
from allup.model.past import Change
from allup.model.result import Result, Verdict
from allup.model.resumption import Resumption
from allup.model.settings import FailOn
from allup.model.shard import Share
from allup.model.standing import Standing, standing

MOST_HOSTS: Final = 1_000
"""Hosts whose failures are told apart; a list can name millions."""


@dataclass(slots=True)
class Tally:
    """Results by verdict, by kind of failure, and failed or unchecked ones by host.

    `alone` are the standings of those that belong to no group, `groups` the standing of each group by its
    name; `fail_on` says which failures count.
    """

    fail_on: FailOn = FailOn.ANY
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    kinds: Counter[FailureKind] = field(default_factory=Counter)
    hosts: Counter[str] = field(default_factory=Counter)
    other_hosts: int = 0
    alone: Counter[Standing] = field(default_factory=Counter)
    groups: dict[str, Standing] = field(default_factory=dict)
    _failed_before: set[str] = field(default_factory=set, init=False, repr=False)
    _not_failed_before: set[str] = field(default_factory=set, init=False, repr=False)

    @property
    def total(self) -> int:
        """All results that were counted."""
        # Name by name: the live view asks from another thread, and a counter that grows cannot be iterated over.
        return sum(self.verdicts[verdict] for verdict in Verdict)

    @property
    def standings(self) -> Counter[Standing]:
        """How many targets outside of groups, and how many groups, stand how."""
        return self.alone + Counter(self.groups.values())

    def add(self, result: Result) -> None:
        """Count one result."""
        self.verdicts[result.verdict] += 1
        self._place(result)
        if result.failure is None:
            return
        self.kinds[result.failure.kind] += 1
        if result.host is not None:
            self._count_host(result.host)

    def _place(self, result: Result) -> None:
        place, group = standing(result, self.fail_on), result.group
        if group is None:
            self.alone[place] += 1
        elif self.fail_on is FailOn.NEW:
            self._place_in_group(result, group)
        else:
            self.groups[group] = min(place, self.groups.get(group, place))

    def _place_in_group(self, result: Result, group: str) -> None:
        # A group has failed before where all members did that the baseline knows: one that broke was its best then.
        if result.past is not None and result.verdict is Verdict.FAILED and result.past.change is not Change.NEW:
            (self._failed_before if result.past.excused else self._not_failed_before).add(group)
        stood = self.groups.get(group, Standing.FAILED)
        place = min(standing(result, FailOn.ANY), Standing.FAILED if stood is Standing.EXCUSED else stood)
        excused = place is Standing.FAILED and group in self._failed_before and group not in self._not_failed_before
        self.groups[group] = Standing.EXCUSED if excused else place

    def _count_host(self, host: str) -> None:
        if host in self.hosts or len(self.hosts) < MOST_HOSTS:
            self.hosts[host] += 1
        else:
            self.other_hosts += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A run as a whole, once it has ended; `repeats` counts targets that were listed again and checked once.

    `excluded` counts those that were listed and not wanted; `changes` are those since the baseline, if there is one,
    `canaries` how these did, if there were any, `resumed` what an earlier start of the run had asked, if there was one:
    `wall_s` and `peak_in_flight` are those of the last start. `limited_by` is what it waited for, `lag` how late the
    event loop was (None: too short to tell), `level` what ``-c auto`` came to (None: the number was given).
    `share` says which part of the list was checked, if it was not all of it.
    """

    tally: Tally
    repeats: int
    excluded: int = 0
    wall_s: float
    peak_in_flight: int
    changes: Changes | None = None
    limited_by: LimitedBy | None = None
    lag: LoopLag | None = None
    level: Level | None = None
    canaries: CanarySummary | None = None
    resumed: Resumption | None = None
    share: Share | None = None
