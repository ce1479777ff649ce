"""A race between targets that serve the same: what it is told, and how it ends."""

from dataclasses import dataclass

from allup.model.result import Result
from allup.model.selection import SelectionSettings
from allup.model.settings import HttpSettings, PaceSettings, RetrySettings
from allup.model.stop import Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceSettings:
    """One race: over when `need` targets have answered as expected.

    With `stagger_s`, they start that far apart, or as soon as one that runs has failed. Caps, rates and
    retries hold as in a check.
    """

    need: int = 1
    stagger_s: float = 0.0
    concurrency: int = 100
    pace: PaceSettings = PaceSettings()
    retry: RetrySettings = RetrySettings()
    selection: SelectionSettings = SelectionSettings()
    http: HttpSettings = HttpSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """How one of a race came out, in seconds since the race began; `started_s` None: it never started.

    `place` counts those that answered as expected, in the order of their arrival, from 1; None: it did not.
    """

    result: Result
    started_s: float | None
    ended_s: float
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceOutcome:
    """A race that is over: every entry once, those that arrived first; `stop` is what ended it early, if anything."""

    need: int
    finishes: tuple[Finish, ...]
    wall_s: float
    stop: Stop | None = None

    @property
    def won(self) -> bool:
        """Whether as many as needed answered as expected."""
        return len(self._arrived) >= self.need

    @property
    def winners(self) -> tuple[Finish, ...]:
        """The first that were needed, in the order of their arrival; none where they were too few."""
        return self._arrived[: self.need] if self.won else ()

    def behind_s(self, finish: Finish) -> float | None:
        """Return how much later than the first one `finish` arrived; None where it did not."""
        return None if finish.place is None else finish.ended_s - self._arrived[0].ended_s

    @property
    def _arrived(self) -> tuple[Finish, ...]:
        return tuple(finish for finish in self.finishes if finish.place is not None)
