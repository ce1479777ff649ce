"""The limits of a run under ``-c auto``: one for all targets together, one for each host."""

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from allup.model.failure import Certainty, FailureKind
from allup.model.level import HostLevel, Level, Restraint
from allup.model.result import Result
from allup.model.settings import PER_HOST
from allup.run.adaptive.limit import AdaptiveLimit, Outcome
from allup.run.polite import PoliteTurns
from allup.run.turns import Turn

START: Final = 100
"""Targets in flight in the beginning: the default of those who name a number."""
MOST_HOSTS: Final = 1_000
"""Hosts whose limits are remembered: those that answered last."""
_MOST_TOLD: Final = 5
_LATE_S: Final = 0.1
"""The event loop's lag from which on there is too much at once, where it is so late for `_LATE_FOR_S`."""
_LATE_FOR_S: Final = 0.5
_TOO_MANY: Final = 429
"""RFC 6585, section 4."""
_SHORTEST_S: Final = 0.005
"""What is shorter counts as this long: it is this process's own work as much as the server's, and tells no load."""


class Governor:
    """Sets how many may be in flight, to all hosts at `most`, and to each at most as many as its cap allows.

    What a host does is held against that host alone; what this machine does, against all. A host begins with what a
    host is expected to bear. Failures of hosts say nothing of the whole: a list may be half dead.
    """

    def __init__(self, turns: PoliteTurns, monotonic: Callable[[], float], *, most: int, per_host: int | None) -> None:
        self._turns = turns
        self._monotonic = monotonic
        self._per_host = most if per_host is None else min(per_host, most)
        self._whole = AdaptiveLimit(start=START, most=most)
        self._hosts: OrderedDict[str, AdaptiveLimit] = OrderedDict()
        self._late_for_s = 0.0
        self._faulty_at = -math.inf
        turns.adapt(self._whole.limit, self._slots)

    def answered(self, turn: Turn, result: Result) -> None:
        """Take note of `result`, which `turn` has come to that is not released yet."""
        now, failure = self._monotonic(), result.failure
        if failure is None or failure.kind is not FailureKind.LOCAL:
            self._whole.answered(Outcome.GOOD, began_at=turn.taken_at, now=now, in_flight=self._turns.active)
        elif turn.taken_at >= self._faulty_at:
            self._faulty_at = now
            self._whole.back_off(Restraint.LOCAL, now)
        slots = self._per_host if turn.host is None else self._answered_by(turn.host, turn, result, now)
        self._turns.allow(self._whole.limit, turn.host, slots)

    def beat(self, late_s: float, since_s: float) -> None:
        """Take note of how late the event loop is, `since_s` after the last time."""
        self._late_for_s = self._late_for_s + since_s if late_s >= _LATE_S else 0.0
        if self._late_for_s >= _LATE_FOR_S:
            self._late_for_s = 0.0
            # Others may be at work on this machine, too: that is no reason to be slower than usual.
            self._whole.back_off(Restraint.LAG, self._monotonic(), least=START)

    @property
    def level(self) -> Level:
        """What it has come to, with those hosts that bore less than they might have had."""
        hosts = [
            HostLevel(host, limit.limit, limit.restraint)
            for host, limit in reversed(self._hosts.items())
            if limit.restraint is not None and limit.was_used
        ]
        return Level(self._whole.limit, _restraint(self._whole), tuple(hosts[:_MOST_TOLD]))

    def _slots(self, host: str) -> int:
        limit = self._hosts.get(host)
        return min(PER_HOST, self._per_host) if limit is None else limit.limit

    def _answered_by(self, host: str, turn: Turn, result: Result, now: float) -> int:
        limit = self._hosts.get(host)
        if limit is None:
            limit = self._begin(host)
        else:
            self._hosts.move_to_end(host)
        outcome, attempt = _outcome(result), result.attempt
        is_answer = outcome is Outcome.GOOD and attempt is not None and attempt.status is not None
        limit.answered(
            outcome,
            began_at=turn.taken_at,
            now=now,
            in_flight=self._turns.active_at(host),
            latency_s=max(attempt.elapsed_s, _SHORTEST_S) if is_answer and attempt is not None else None,
        )
        return limit.limit

    def _begin(self, host: str) -> AdaptiveLimit:
        limit = self._hosts[host] = AdaptiveLimit(start=PER_HOST, most=self._per_host)
        if len(self._hosts) > MOST_HOSTS:
            self._hosts.popitem(last=False)
        return limit


def _outcome(result: Result) -> Outcome:
    failure, attempt = result.failure, result.attempt
    if failure is None:
        return Outcome.GOOD
    if attempt is not None and (attempt.status == _TOO_MANY or attempt.retry_after_s is not None):
        return Outcome.REFUSED
    return Outcome.FAILED if failure.certainty is Certainty.TRANSIENT else Outcome.GOOD


def _restraint(limit: AdaptiveLimit) -> Restraint:
    if limit.restraint is not None:
        return limit.restraint
    if not limit.was_used:
        return Restraint.UNUSED
    return Restraint.MOST if limit.limit >= limit.most else Restraint.GROWING
