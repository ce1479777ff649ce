"""What the history of a watch says of its targets."""

from dataclasses import dataclass

from allup.model.comparison import Latencies
from allup.model.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A time in which a target was down; `until` None: it still is. `outcome` is the status or the kind of failure.

    Times are seconds since the epoch.
    """

    since: float
    until: float | None
    outcome: str
    detail: str

    def lasted_s(self, now: float) -> float:
        """Return how long it took, up to `now` at most."""
        return (now if self.until is None else self.until) - self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetHistory:
    """One target over a time: its polls by verdict, the latencies of those that were answered, and its incidents."""

    url: str
    name: str | None
    state: State
    since: float | None
    ok: int
    failed: int
    unchecked: int
    latencies: Latencies
    incidents: tuple[Incident, ...]

    @property
    def availability(self) -> float | None:
        """The share of good polls among those that say anything, from 0 to 1; None where none does."""
        known = self.ok + self.failed
        return self.ok / known if known else None

    def down_s(self, began_at: float, now: float) -> float:
        """Return how long it was down in all between these times."""
        return sum(max(0.0, one.since + one.lasted_s(now) - max(one.since, began_at)) for one in self.incidents)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All targets in the order in which they came to be watched, from `began_at` up to `now`, since the epoch."""

    began_at: float
    now: float
    targets: tuple[TargetHistory, ...]
