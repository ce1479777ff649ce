"""How many connections are open, and how many of them serve nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MOST_IDLE: Final = 64
"""Idle connections that are worth their descriptors; with more hosts than that, one that has served is closed."""


class Connections:
    """The counts of one client: connections that are open, and attempts that may be using one."""

    def __init__(self) -> None:
        self.open = 0
        self.in_use = 0

    @property
    def crowded(self) -> bool:
        """Whether so many are idle that a further one should not be kept."""
        return self.open - self.in_use > MOST_IDLE

    @contextmanager
    def using(self) -> Iterator[None]:
        """Count an attempt as long as the block runs."""
        self.in_use += 1
        try:
            yield
        finally:
            self.in_use -= 1
