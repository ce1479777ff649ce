"""How a watched target stands, and that this changes."""

from dataclasses import dataclass
from enum import StrEnum

from allup.model.result import Result


class State(StrEnum):
    """What is known of a watched target; `unknown` until its polls have said."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standpoint:
    """A state, and since when it holds, in seconds since the epoch; None where it is not known."""

    state: State = State.UNKNOWN
    since: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A change that is confirmed: by `result`, `at` that time; `since` is when the first poll that said so came in.

    `group_state` is how the target's group stands after it, None where it is in none. Times are
    seconds since the epoch.
    """

    at: float
    since: float
    before: State
    after: State
    result: Result
    group_state: State | None = None

    @property
    def is_news(self) -> bool:
        """Whether anybody is to be called for it: that a target is up, of which nothing was known, calls nobody."""
        return (self.before, self.after) != (State.UNKNOWN, State.UP)


def state_of_group(members: list[State]) -> State:
    """Return how a group of equivalents stands: up as soon as one member is, and down only where all are."""
    if State.UP in members:
        return State.UP
    return State.UNKNOWN if State.UNKNOWN in members else State.DOWN
