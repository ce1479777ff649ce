"""Candidates as they are sent, one batch after the other."""

import asyncio
from collections.abc import Iterable, Iterator

from allup.run.candidate import Candidate


class Feed:
    """A stream of candidates that has no end of its own."""

    def __init__(self) -> None:
        self._waiting: list[Candidate] = []
        self._came = asyncio.Event()
        self._ended = False

    def put(self, candidates: Iterable[Candidate]) -> None:
        """Add `candidates`."""
        self._waiting.extend(candidates)
        self._came.set()

    async def next_batch(self) -> Iterator[Candidate] | None:
        """Return what has come; None once it was stopped."""
        while not self._waiting:
            if self._ended:
                return None
            self._came.clear()
            await self._came.wait()
        batch, self._waiting = self._waiting, []
        return iter(batch)

    def stop(self) -> None:
        """End it, after what has come already."""
        self._ended = True
        self._came.set()
