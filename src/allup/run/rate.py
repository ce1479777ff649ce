"""How often something may happen: an evenly spaced rate, by the generic cell rate algorithm."""

from collections.abc import Callable


class Rate:
    """Allows one turn each `interval_s`, evenly spaced: no burst makes up for a pause."""

    def __init__(self, interval_s: float, monotonic: Callable[[], float]) -> None:
        self._interval_s = interval_s
        self._monotonic = monotonic
        self._next_at = monotonic()

    @property
    def wait_s(self) -> float:
        """How long the next turn has to wait; zero or less: it has not."""
        return self._next_at - self._monotonic()

    def take(self) -> None:
        """Use up one turn."""
        self._next_at = max(self._next_at, self._monotonic()) + self._interval_s
