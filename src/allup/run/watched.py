"""What is known of one watched target, in memory that does not grow with time."""

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from typing import Final

from allup.model.result import Result, Verdict
from allup.model.state import Standpoint, State
from allup.model.target import Entry

RECENT: Final = 60
"""Latencies that are kept, the last ones."""
BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram of latencies, those of Prometheus' client libraries; a last bucket has no bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A confirmed change of state; `since` is when the first poll that said so came in."""

    before: State
    after: State
    since: float


class Watched:
    """The polls of one entry so far, and what they come to; `confirm_after` of them in a row change its state.

    Of a target of which nothing is known the first good poll is enough: it alarms nobody. A poll that
    is unchecked says nothing: it neither confirms nor contradicts.
    """

    __slots__ = (
        "_confirm_after",
        "_doubted_since",
        "entry",
        "histogram",
        "index",
        "last",
        "latencies_s",
        "latency_sum_s",
        "polls",
        "said_otherwise",
        "since",
        "state",
        "transitions",
    )

    def __init__(self, index: int, entry: Entry, *, confirm_after: int, standpoint: Standpoint) -> None:
        self.index = index
        self.entry = entry
        self.state = standpoint.state
        self.since = standpoint.since
        self.last: Result | None = None
        self.polls = dict.fromkeys((Verdict.OK, Verdict.FAILED, Verdict.UNCHECKED), 0)
        self.transitions = dict.fromkeys((State.UP, State.DOWN), 0)
        self.latencies_s: deque[float] = deque(maxlen=RECENT)
        self.latency_sum_s = 0.0
        self.histogram = [0] * (len(BUCKETS_S) + 1)
        self.said_otherwise = 0
        """How many polls in a row have said something else than the state."""
        self._doubted_since = 0.0
        self._confirm_after = confirm_after

    @property
    def availability(self) -> float | None:
        """The share of good polls among those that say anything, from 0 to 1; None where none does."""
        known = self.polls[Verdict.OK] + self.polls[Verdict.FAILED]
        return self.polls[Verdict.OK] / known if known else None

    def observe(self, result: Result, at: float) -> Change | None:
        """Take note of a poll that came in `at` that time; return the change that it confirms."""
        self.last = result
        self.polls[result.verdict] += 1
        if result.attempt is not None and result.attempt.status is not None:
            self._note_latency(result.attempt.elapsed_s)
        if result.verdict is Verdict.UNCHECKED:
            return None
        return self._weigh(State.UP if result.verdict is Verdict.OK else State.DOWN, at)

    def _weigh(self, said: State, at: float) -> Change | None:
        if said is self.state:
            self.said_otherwise = 0
            return None
        if not self.said_otherwise:
            self._doubted_since = at
        self.said_otherwise += 1
        at_once = self.state is State.UNKNOWN and said is State.UP
        if self.said_otherwise < self._confirm_after and not at_once:
            return None
        return self._change(said, at if at_once else self._doubted_since)

    def _change(self, after: State, since: float) -> Change:
        change = Change(before=self.state, after=after, since=since)
        self.state, self.since, self.said_otherwise = after, since, 0
        self.transitions[after] += 1
        return change

    def _note_latency(self, elapsed_s: float) -> None:
        self.latencies_s.append(elapsed_s)
        self.latency_sum_s += elapsed_s
        self.histogram[bisect_left(BUCKETS_S, elapsed_s)] += 1
