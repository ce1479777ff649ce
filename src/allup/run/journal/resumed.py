"""The candidates of a run that goes on: those that were completed before are reported, and not asked again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from allup.model.result import Result
from allup.run.candidate import Candidate, Candidates
from allup.run.journal.journal import Journal

_AT_ONCE: Final = 64
"""Candidates that are looked up before others on the event loop get their turn."""


class Resumed:
    """Those of `candidates` that `journal` does not know; `deliver` takes the results of the others, in their order."""

    def __init__(self, candidates: Candidates, journal: Journal, deliver: Callable[[Result], Awaitable[None]]) -> None:
        self._candidates = candidates
        self._journal = journal
        self._deliver = deliver
        self._count = 0
        self._stopped = False

    async def next_batch(self) -> Iterator[Candidate] | None:
        """Return the candidates that came in last and are to be asked; None at the end. Raises JournalError."""
        batch = await self._candidates.next_batch()
        if batch is None:
            if not self._stopped:  # else the list may have had more to say
                self._journal.check_end(self._count)
            return None
        unknown = []
        for candidate in batch:
            self._count += 1
            result = self._journal.result_of(candidate.index, candidate.entry)
            if result is None:
                unknown.append(candidate)
            else:
                await self._deliver(result)
            if self._count % _AT_ONCE == 0:
                await asyncio.sleep(0)
        return iter(unknown)

    def stop(self) -> None:
        """Pass it on."""
        self._stopped = True
        self._candidates.stop()
