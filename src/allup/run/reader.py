"""Candidates, read on when they are needed, without anyone waiting for a slow list."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

from allup.run.candidate import Candidate, Candidates


class Reader:
    """Reads `candidates` a batch at a time, in a task of its own; calls `on_read` when one has come, or none will.

    `batch_at` is when the last one came.
    """

    def __init__(self, candidates: Candidates, monotonic: Callable[[], float], on_read: Callable[[], None]) -> None:
        self._candidates = candidates
        self._monotonic = monotonic
        self._on_read = on_read
        self._batch: Iterator[Candidate] = iter(())
        self.batch_at = 0.0
        self._task: asyncio.Task[Iterator[Candidate] | None] | None = None
        self._error: BaseException | None = None
        self.ended = False

    def next(self) -> Candidate | None:
        """Return the next candidate, which is there since `batch_at`; None: read on first, or `ended`.

        Raises what reading raised.
        """
        if self._error is not None:
            raise self._error
        return next(self._batch, None)

    def read_on(self) -> None:
        """Begin to read the next batch, unless that is under way or there is none."""
        if self._task is None and not self.ended:
            self._task = asyncio.create_task(self._candidates.next_batch(), name="allup-list")
            self._task.add_done_callback(self._arrived)

    @property
    def is_reading(self) -> bool:
        """Whether there is none, since the next batch has not come yet."""
        return self._task is not None

    def stop(self) -> None:
        """End a list that may never end by itself, after what was read already."""
        self._candidates.stop()

    async def rest(self) -> AsyncIterator[Candidate]:
        """Yield what was not taken, to the list's end."""
        if self._task is not None:
            await asyncio.wait((self._task,))
            await asyncio.sleep(0)  # for the callback, which comes after us
        while True:
            while (candidate := self.next()) is not None:
                yield candidate
            if self.ended:
                return
            self._take(await self._candidates.next_batch())

    async def aclose(self) -> None:
        """Read no further."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    def _arrived(self, task: "asyncio.Task[Iterator[Candidate] | None]") -> None:
        self._task = None
        if task.cancelled():
            return
        self._error = task.exception()
        if self._error is None:
            self._take(task.result())
        self._on_read()

    def _take(self, batch: Iterator[Candidate] | None) -> None:
        if batch is None:
            self.ended = True
        else:
            self._batch, self.batch_at = batch, self._monotonic()
