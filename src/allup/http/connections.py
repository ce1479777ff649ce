"""How many connections are open, and how many of them serve nobody."""

from collections.abc import Iterator
from contextlib import contextmanager


class Connections:
    """The counts of one client: connections that are open, and attempts that may be using one.

    More than `most_idle` idle ones are not worth their descriptors: one that has served is closed then.
    """

    def __init__(self, most_idle: int) -> None:
        self._most_idle = most_idle
        self.open = 0
        self.in_use = 0

    @property
    def crowded(self) -> bool:
        """Whether so many are idle that a further one should not be kept."""
        return self.open - self.in_use > self._most_idle

    @contextmanager
    def using(self) -> Iterator[None]:
        """Count an attempt as long as the block runs."""
        self.in_use += 1
        try:
            yield
        finally:
            self.in_use -= 1
