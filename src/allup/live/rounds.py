"""What `compare` shows while it runs."""

from typing import Protocol

from allup.live.display import Display, NullDisplay
from allup.model.settings import Strategy


class Rounds(Display, Protocol):
    """Shows the rounds of a comparison, one after the other."""

    def round_started(self, strategy: Strategy, concurrency: int, round_number: int) -> None:
        """Take note that a round has begun; `round_number` counts from 1."""
        ...


class NullRoundDisplay(NullDisplay):
    """Shows nothing."""

    def round_started(self, strategy: Strategy, concurrency: int, round_number: int) -> None:
        """Do nothing."""
