"""How many connections are open, and how many of them serve nobody."""

from typing import Self


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

    def using(self) -> Self:
        """Count an attempt as long as the block of a ``with`` runs."""
        return self

    def __enter__(self) -> Self:
        self.in_use += 1
        return self

    def __exit__(self, *_: object) -> None:
        self.in_use -= 1
