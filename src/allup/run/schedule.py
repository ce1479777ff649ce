"""When each watched target is polled: at an offset of its own in every interval, without drift or pile-up.

Offsets are multiples of the golden section, as in Fibonacci hashing (Knuth, TAOCP 3, 6.4): the targets of
a host, which stand together in a list, are spread over the whole interval, and so is any other run of lines.
"""

import asyncio
import heapq
import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from allup.model.target import Target
from allup.run.candidate import Candidate

_GOLDEN: Final = (math.sqrt(5) - 1) / 2


def offsets(count: int, every_s: float, draw: Callable[[], float]) -> list[float]:
    """Return an offset for each of `count` targets, from 0 to below `every_s`; `draw` returns a number from 0 to 1.

    All of them are shifted by one jitter, since other watches begin at full minutes too, and each by
    one of its own, of a target's share of the interval.
    """
    shift = draw()
    return [(shift + number * _GOLDEN + draw() / count) % 1.0 * every_s for number in range(count)]


class Schedule:
    """Candidates without an end: each target, by its index, when its turn comes.

    A target that is still under way then (in line or in flight) is not asked again: that turn is
    skipped, and counted. `run` is the owner's task; times are on the clock of `monotonic`. There is one
    target at least.
    """

    def __init__(
        self,
        targets: Sequence[tuple[int, Target]],
        every_s: float,
        monotonic: Callable[[], float],
        draw: Callable[[], float] = random.random,
    ) -> None:
        if not targets:
            raise ValueError("there is nothing to watch")
        self._targets = dict(targets)
        self._every_s = every_s
        self._monotonic = monotonic
        self._first = dict(zip(self._targets, offsets(len(targets), every_s, draw), strict=True))
        self._due: list[tuple[float, int, int]] = []  # a heap: when, which turn of the target, whose
        self._waiting: dict[int, float] = {}  # by index, since when, the oldest first
        self._ready: list[int] = []
        self._under_way: set[int] = set()
        self._came = asyncio.Event()
        self.skipped: dict[int, int] = dict.fromkeys(self._targets, 0)

    async def run(self) -> None:
        """Have each target's turn come, until cancelled."""
        began_at = self._monotonic()
        self._first = {index: began_at + offset for index, offset in self._first.items()}
        self._due = [(due, 0, index) for index, due in self._first.items()]
        heapq.heapify(self._due)
        while True:
            await asyncio.sleep(max(0.0, self._due[0][0] - self._monotonic()))
            self._call_up()

    async def next_batch(self) -> Iterator[Candidate]:
        """Return the candidates whose turn has come, at least one."""
        while not self._ready:
            self._came.clear()
            await self._came.wait()
        batch, self._ready = self._ready, []
        return (Candidate(index, self._targets[index]) for index in batch)

    def stop(self) -> None:
        """Do nothing: whoever owns the schedule ends it."""

    def begin(self, index: int) -> None:
        """Take note that the target is being asked."""
        self._waiting.pop(index, None)

    def end(self, index: int) -> None:
        """Take note that the target is under way no more."""
        self._under_way.discard(index)

    @property
    def late_s(self) -> float:
        """How long the oldest turn that has come waits to begin; 0 where none waits."""
        waiting_since = next(iter(self._waiting.values()), math.inf)
        due = self._due[0][0] if self._due else math.inf
        return max(0.0, self._monotonic() - min(waiting_since, due))

    @property
    def is_kept(self) -> bool:
        """Whether every turn begins before the target's next one comes."""
        return self.late_s < self._every_s

    def _call_up(self) -> None:
        now = self._monotonic()
        while self._due[0][0] <= now:
            due, turn, index = self._due[0]
            # Not `due + every_s`: the sum of many would drift.
            heapq.heapreplace(self._due, (self._first[index] + (turn + 1) * self._every_s, turn + 1, index))
            if index in self._under_way:
                self.skipped[index] += 1
                continue
            self._under_way.add(index)
            self._waiting[index] = due
            self._ready.append(index)
            self._came.set()
