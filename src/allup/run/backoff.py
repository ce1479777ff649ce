"""How long to wait before trying again: exponential backoff with full jitter.

Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

FIRST_S: Final = 0.5
LONGEST_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """Draws a wait from nothing up to `FIRST_S`, doubled with each attempt; `draw` returns a number from 0 to 1."""

    draw: Callable[[], float] = random.random

    def wait_s(self, attempts: int) -> float:
        """Return how long to wait after that many `attempts`, the first one included."""
        return self.draw() * min(LONGEST_S, FIRST_S * 2.0 ** (attempts - 1))
