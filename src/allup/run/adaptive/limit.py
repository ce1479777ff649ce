"""How many at once, learnt from what comes back: additive increase, multiplicative decrease.

The parts are TCP's. It starts like slow start (RFC 5681, 3.1), one more for each good answer, and leaves it like
HyStart++ (RFC 9406) where latencies grow, not only where something is lost. The decrease is multiplicative (Chiu and
Jain, 1989: that is what shares fairly), once a round trip. Between the level that was borne and the one that was too
much it searches in halves, as BIC does (Xu, Harfoush and Rhee, 2004), then rests, and probes further ever more rarely.
That latency is what tells is from Vegas (Brakmo and Peterson, 1995) and Netflix's concurrency-limits; here it is
weighed by Little's law: throughput is level / latency, and a level that brings no more of that is too high. A decrease
that changes nothing was a false alarm and is taken back, as in RFC 4015.
"""

import math
from dataclasses import dataclass, field
from enum import Enum, auto
from statistics import fmean, median, pstdev
from typing import Final, Self

from allup.model.level import Restraint

_BACK_OFF: Final = 0.7
"""What is left of a level that was borne before and is not any more (CUBIC's factor, RFC 9438)."""
_SLOW_START_BACK_OFF: Final = 0.5
_MUCH_LESS: Final = 0.6
"""The share of its throughput below which a level is not borne any more: latencies vary with what is asked, too."""
_NO_EFFECT: Final = 0.85
"""The share of failures that is left after a decrease that had no effect."""
_MORE_FAILURES: Final = 0.2
"""By how much the share of failures has to grow to be one of load."""
_FEWEST_FAILURES: Final = 3
_FEWEST: Final = 10
"""Answers in a round at least; of fewer there are no shares."""
_FEWEST_LATENCIES: Final = 5
_PATIENCE: Final = 32
"""Rounds before the first probe above a level that was too much; doubled by each that fails."""
_FIRST_PATIENCE: Final = 4
"""The same where nothing was too much yet."""
_LONGEST_PATIENCE: Final = 4096
_USED: Final = 0.8
"""The share of a level that must be in flight once in a round: what is not used tells nothing (RFC 7661)."""
_WEIGHT: Final = 0.25
"""Of what the last round tells, in what is usual."""
_OUTLIER: Final = 5
"""A latency counts for no more than so many medians: some answers just take long."""


class Outcome(Enum):
    """What an answer says about load."""

    GOOD = auto()
    REFUSED = auto()
    """It is too much, in so many words."""
    FAILED = auto()
    """It may be too much, or not."""


@dataclass(frozen=True, slots=True)
class _Throughput:
    """Answers a second at a level, by Little's law; `spread` is the standard deviation of latencies, in means."""

    per_s: float
    count: int
    spread: float

    @classmethod
    def of(cls, level: int, latencies_s: list[float]) -> Self:
        most_s = _OUTLIER * median(latencies_s)
        usual_s = [min(one, most_s) for one in latencies_s]
        middle_s = fmean(usual_s)
        return cls(level / middle_s, len(usual_s), pstdev(usual_s, middle_s) / middle_s)

    def is_less(self, other: "_Throughput", share: float) -> bool:
        """Whether it is surely less than `share` of `other`: by more than their standard error."""
        error = self.spread * math.sqrt(1 / self.count + 1 / other.count)
        return self.per_s * math.exp(error) < other.per_s * share

    def blended(self, new: "_Throughput") -> "_Throughput":
        """Return what is usual once `new` has come, too."""
        weight = max(_WEIGHT, new.count / (self.count + new.count))
        per_s = self.per_s * math.pow(new.per_s / self.per_s, weight)
        return _Throughput(per_s, min(self.count + new.count, int(new.count / _WEIGHT)), new.spread)


@dataclass(slots=True)
class _Round:
    """About a round trip: what came back of what was begun at one level."""

    level: int
    good: int = 0
    failed: int = 0
    latencies_s: list[float] = field(default_factory=list)
    used: bool = False

    def add(self, outcome: Outcome, latency_s: float | None, *, used: bool) -> None:
        """Count one answer; `used`: there were about as many in flight as there might be."""
        self.used = self.used or used
        if outcome is Outcome.GOOD:
            self.good += 1
        else:
            self.failed += 1
        if latency_s is not None:
            self.latencies_s.append(latency_s)

    @property
    def count(self) -> int:
        """All answers."""
        return self.good + self.failed

    @property
    def failures(self) -> float:
        """The share of failures."""
        return self.failed / self.count if self.count else 0.0

    @property
    def throughput(self) -> _Throughput | None:
        """What the level brings, by Little's law; None where that is not known."""
        if not self.used or len(self.latencies_s) < _FEWEST_LATENCIES:
            return None
        return _Throughput.of(self.level, self.latencies_s)


@dataclass(frozen=True, slots=True)
class _Lowered:
    """From which level it was lowered, and what that brought: if less is no better, it goes back there.

    `on_trial`: nothing spoke against it, but a lower one may bring as much.
    """

    limit: int
    per_s: float = math.nan
    failures: float = math.nan
    on_trial: bool = False

    def was_wrong(self, current: _Round) -> bool:
        """Whether the lower level of `current` is no better; where nothing is known, it was not."""
        if not math.isnan(self.failures):
            return current.failures >= _NO_EFFECT * self.failures
        throughput = current.throughput
        # Of a level that was too high, a lower one brings as much, else only its share: the mean of both decides.
        return throughput is not None and throughput.per_s < self.per_s * math.sqrt(current.level / self.limit)


class AdaptiveLimit:
    """A `limit` from `least` to `most` that begins at `start`; `restraint` says what was in the way of more.

    Times are seconds of any clock that does not go back. Nothing in it is random.
    """

    def __init__(self, *, start: int, most: int, least: int = 1) -> None:
        self.most = most
        self.least = min(least, most)
        self.limit = self._start = max(self.least, min(start, most))
        self.restraint: Restraint | None = None
        self.was_used = False
        self._slow_start = True
        self._borne = 0
        self._usual: _Throughput | None = None  # at the level that is borne
        self._usual_failures = 0.0
        self._too_much = most + 1
        self._lowered: _Lowered | None = None
        self._rested = 0
        self._patience = _FIRST_PATIENCE
        self._step = 1
        self._turns_to_lower = False
        self._changed_at = -math.inf
        self._round = _Round(self.limit)

    def answered(
        self, outcome: Outcome, *, began_at: float, now: float, in_flight: int, latency_s: float | None = None
    ) -> None:
        """Take note of what came `now` of what `began_at`; `in_flight` counts those under way, itself included.

        `latency_s` (more than zero) is how long the answer took; None where it tells nothing of load.
        """
        if began_at < self._changed_at:  # of another level
            return
        current = self._round
        current.add(outcome, latency_s, used=in_flight >= _USED * self.limit)
        self.was_used = self.was_used or current.used
        if outcome is Outcome.REFUSED:
            self.back_off(Restraint.REFUSED, now)
        elif outcome is Outcome.FAILED and self._more_fail:
            self._sound_alarm(Restraint.FAILURES, _Lowered(self.limit, failures=current.failures), now)
        elif current.count >= max(_FEWEST, self.limit):
            self._end_round(now)

    def back_off(self, restraint: Restraint, now: float, *, least: int | None = None) -> None:
        """Go back to the level that was borne, or lower if it was this one, but not below `least`."""
        lower = int(self.limit * (_SLOW_START_BACK_OFF if self._slow_start else _BACK_OFF))
        if self._borne < self.limit:
            lower = max(lower, self._borne)
        limit = max(self.least if least is None else least, min(lower, self.limit - 1))
        if limit >= self.limit:
            return
        self._too_much = self.limit
        self._borne = min(self._borne, limit)
        self._slow_start = False
        self._patience = max(_PATIENCE, self._patience)
        self._step = 1
        self._lowered = None
        self.restraint = restraint
        self._change(limit, now)

    @property
    def _more_fail(self) -> bool:
        current = self._round
        if current.failed < _FEWEST_FAILURES or current.count < _FEWEST:
            return False
        # What never answers well is not overloaded, as far as anybody knows: to be slow with it helps nobody.
        if not current.good and self.limit <= self._start:
            return False
        return current.failures >= self._usual_failures + _MORE_FAILURES

    def _sound_alarm(self, restraint: Restraint, lowered: _Lowered, now: float) -> None:
        self.back_off(restraint, now)
        if self.limit < lowered.limit:
            self._lowered = lowered

    def _change(self, limit: int, now: float) -> None:
        self._rested = 0
        self.limit = limit
        self._begin_round(now)

    def _begin_round(self, now: float) -> None:
        # Always from what begins now: of what has begun before, the slow answers would come late, and only now.
        self._changed_at = now
        self._round = _Round(self.limit)

    def _end_round(self, now: float) -> None:
        current, lowered = self._round, self._lowered
        if lowered is not None and lowered.was_wrong(current):
            self._go_back(lowered, current, now)
            return
        if lowered is None and self._brings_too_little(current, now):
            return
        if lowered is not None and lowered.on_trial:
            self._too_much = min(self._too_much, lowered.limit)
        self._lowered = None
        self._learn(current, lowered)
        if not current.used:
            self._begin_round(now)
        elif lowered is not None and not math.isnan(lowered.per_s) and self.limit > self.least:
            self._try_lower(now)
        else:
            self._grow(now)

    def _brings_too_little(self, current: _Round, now: float) -> bool:
        throughput, usual = current.throughput, self._usual
        if throughput is None or usual is None:
            return False
        # Half of what it has grown by, in the mean of proportions: between nothing and all.
        wanted = math.sqrt(self.limit / self._borne) if self.limit > self._borne > 0 else _MUCH_LESS
        if not throughput.is_less(usual, wanted):
            return False
        self._sound_alarm(Restraint.LATENCY, _Lowered(self.limit, throughput.per_s), now)
        return True

    def _learn(self, current: _Round, lowered: _Lowered | None) -> None:
        throughput, usual = current.throughput, self._usual
        self._usual_failures += _WEIGHT * (current.failures - self._usual_failures)
        if throughput is not None:
            if usual is None or lowered is not None:
                self._usual = throughput
            elif self.limit <= self._borne:
                self._usual = usual.blended(throughput)
            elif throughput.per_s > usual.per_s:
                self._usual = throughput
        if current.used:
            self._borne = max(self._borne, self.limit)

    def _go_back(self, lowered: _Lowered, current: _Round, now: float) -> None:
        self._lowered = None
        self._borne = lowered.limit
        if not lowered.on_trial:  # a false alarm
            self._usual_failures = current.failures
            self._usual = self.restraint = None
            self._too_much = self.most + 1
            self._slow_start = True
        self._change(lowered.limit, now)

    def _try_lower(self, now: float) -> None:
        if self._usual is None:
            self._grow(now)
            return
        self._lowered = _Lowered(self.limit, self._usual.per_s, on_trial=True)
        self._borne = 0
        self._change(max(self.least, int(self.limit * _BACK_OFF)), now)

    def _grow(self, now: float) -> None:
        room = self._too_much - 1 - self.limit
        if self._slow_start and room > 0:
            self._change(min(self.limit * 2, self._too_much - 1), now)
        elif room > 0:
            self._change(self.limit + (room + 1) // 2, now)
        else:
            self._rest(now)

    def _rest(self, now: float) -> None:
        self._rested += 1
        self._slow_start = False
        if self._rested < self._patience:
            self._begin_round(now)
            return
        if self._step == 1:
            self._patience = min(_LONGEST_PATIENCE, max(_PATIENCE, self._patience * 2))
            self._turns_to_lower = not self._turns_to_lower
        if self.limit >= self.most or (self.restraint is Restraint.LATENCY and self._turns_to_lower):
            self._try_lower(now)
            return
        step = min(self._step, self.most - self.limit)
        self._step *= 2
        self._too_much = self.limit + step + 1
        self._change(self.limit + step, now)
        self._rested = self._patience  # a probe that is borne is followed by the next one at once
