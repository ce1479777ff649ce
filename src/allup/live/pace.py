"""How fast a run is getting on, lately."""

from collections import deque
from typing import Final

WINDOW_S: Final = 10.0
_SHORTEST_S: Final = 1.0
"""What is seen of less than this says nothing yet."""


class Pace:
    """The rate of the last `WINDOW_S` seconds, from what was done by when; None where it is not known."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, now_s: float, done: int) -> None:
        """Take note of how much is done; to be called a few times a second, with a time that never falls."""
        self._seen.append((now_s, done))
        while self._seen[0][0] < now_s - WINDOW_S:
            self._seen.popleft()

    @property
    def per_s(self) -> float | None:
        """How many are done in a second."""
        if not self._seen:
            return None
        (first_s, first), (last_s, last) = self._seen[0], self._seen[-1]
        return (last - first) / (last_s - first_s) if last_s - first_s >= _SHORTEST_S else None

    def left_s(self, total: int | None) -> float | None:
        """How many seconds the rest of `total` takes at this rate."""
        if not self.per_s or total is None:
            return None
        return max(0, total - self._seen[-1][1]) / self.per_s
