"""Origins whose answers depend on how many ask at once, in virtual time."""

import asyncio
import math
import random
from collections import Counter
from collections.abc import Awaitable, Callable

from allup.model.attempt import Attempt
from allup.model.failure import Phase
from allup.model.target import Target
from unit.virtual_loop import EPOCH, now

Answer = Callable[[int], tuple[float, int]]
"""How long (seconds) and with which status it answers whoever is the n-th to ask at once."""


def steady(latency_s: float) -> Answer:
    return lambda _: (latency_s, 200)


def throttling(at: int, latency_s: float = 0.1, status: int = 429) -> Answer:
    """Refuses whoever is one too many, at once."""
    return lambda asking: (latency_s, 200) if asking <= at else (0.001, status)


def queueing(at: int, latency_s: float = 0.05) -> Answer:
    """Answers so many at once, and has the others wait."""
    return lambda asking: (latency_s * max(1.0, asking / at), 200)


def collapsing(at: int, latency_s: float = 0.05) -> Answer:
    """Twice as many take four times as long, so that half as many answers come."""
    return lambda asking: (latency_s * max(1.0, asking / at) ** 2, 200)


class Origins:
    """A client of origins that all behave alike; latencies vary by `noise` (of their logarithm).

    It counts how many were refused, and how many were in flight to one of them at most.
    """

    def __init__(self, answer: Answer, *, noise: float = 0.0, seed: int = 0) -> None:
        self._answer = answer
        self._noise = noise
        self._random = random.Random(seed)
        self._asking: Counter[str] = Counter()
        self.refused = 0
        self.peak = 0

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Callable[[Callable[[], Phase]], None] | None = None,
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        del waited_s, watch, move
        began_at = now()
        self._asking[target.host] += 1
        try:
            latency_s, status = self._answer(self._asking[target.host])
            self.peak = max(self.peak, self._asking[target.host])
            self.refused += status != 200
            await asyncio.sleep(latency_s * math.exp(self._noise * self._random.gauss(0, 1)))
        finally:
            self._asking[target.host] -= 1
        return Attempt(
            started_at=EPOCH + began_at, elapsed_s=now() - began_at, method="GET", status=status, final_url=target.url
        )
