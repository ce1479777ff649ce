"""What took longest in an earlier run begins first, as far as the list is read ahead.

Jobs that begin by the longest processing time (LPT) end within 4/3 - 1/(3m) of the shortest time that any
schedule on m machines has (R. L. Graham, Bounds on Multiprocessing Timing Anomalies, SIAM Journal on
Applied Mathematics 17(2), 1969): a long one that begins last is what a run waits for. What is not known may
take any time, and goes before what is: one that turns out to be short has cost next to nothing.

Many at once that take the same time end at the same time: then answers come in waves, each of which waits
for the processor, which has had nothing to do in between. So where many are in flight, of a list that is
long enough for it, only every other one is the slowest that is left, and those between are in the list's
order. The long ones are over by then long before the end, and answers come evenly: of 2,000 targets with
latencies of the web, 100 at once, LPT alone loses in waves what it gains at the end.
"""

import asyncio
from collections.abc import Iterator
from itertools import islice
from typing import Final

from allup.model.target import Entry, InvalidTarget
from allup.run.baseline.baseline import Baseline
from allup.run.candidate import Candidate, Candidates

WINDOW: Final = 10_000
"""Candidates that are sorted as a whole; a longer list is sorted window by window."""
PATIENCE_S: Final = 0.1
"""How long those that were read wait for more of the list: nobody is to wait for a slow one."""
_AT_ONCE: Final = 64
"""Candidates that are read before others on the event loop get their turn."""
_MANY: Final = 32
"""Targets in flight of which so many may end at once that the next ones wait for the processor."""
_ROUNDS: Final = 4
"""How many targets a slot has at least, before waves are worth a thought."""


class SlowestFirst:
    """The `candidates` of a window, those first that took longest in `baseline`; of equals, those that come first.

    Of a window that is long for a `concurrency` that is high, that is every other one.
    """

    def __init__(self, candidates: Candidates, baseline: Baseline, *, concurrency: int) -> None:
        self._concurrency = concurrency
        self._candidates = candidates
        self._baseline = baseline
        self._batch: Iterator[Candidate] = iter(())
        self._reading: asyncio.Task[Iterator[Candidate] | None] | None = None
        self._ended = False
        self._given = 0

    async def next_batch(self) -> Iterator[Candidate] | None:
        """Return the candidates of the next window; None at the end."""
        window: list[Candidate] = []
        while len(window) < WINDOW:
            some = list(islice(self._batch, min(_AT_ONCE, WINDOW - len(window))))
            window += some
            if some:
                await asyncio.sleep(0)
            elif not await self._read_on(patience_s=PATIENCE_S if window else None):
                break
        return self._sorted(window) if window else None

    def stop(self) -> None:
        """Pass it on."""
        self._candidates.stop()

    async def aclose(self) -> None:
        """Read no further."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait((self._reading,))

    async def _read_on(self, *, patience_s: float | None) -> bool:
        if self._ended:
            return False
        if self._reading is None:
            self._reading = asyncio.create_task(self._candidates.next_batch(), name="allup-window")
        done, _ = await asyncio.wait((self._reading,), timeout=patience_s)
        if not done:
            return False
        reading, self._reading = self._reading, None
        batch = reading.result()
        self._batch, self._ended = batch or iter(()), batch is None
        return not self._ended

    def _sorted(self, window: list[Candidate]) -> Iterator[Candidate]:
        slowest = sorted(window, key=lambda one: self._expected_s(one.entry), reverse=True)
        in_waves = self._concurrency >= _MANY and len(window) > _ROUNDS * self._concurrency
        for candidate in _by_turns(slowest, window) if in_waves else slowest:
            self._given += 1
            yield Candidate(candidate.index, candidate.entry, candidate.last, self._given - 1)

    def _expected_s(self, entry: Entry) -> float:
        if isinstance(entry, InvalidTarget):  # it takes no time at all
            return 0.0
        expected_s = self._baseline.expected_s(entry.url, entry.name, entry.origin.line)
        return float("inf") if expected_s is None else expected_s


def _by_turns(slowest: list[Candidate], listed: list[Candidate]) -> Iterator[Candidate]:
    taken: set[int] = set()
    for pair in zip(slowest, listed, strict=True):
        for candidate in pair:
            if candidate.index not in taken:
                taken.add(candidate.index)
                yield candidate
