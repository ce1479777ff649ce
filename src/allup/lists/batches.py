"""Items that a program hands over, in batches."""

import asyncio
from collections.abc import AsyncIterable, Collection, Iterable, Iterator
from itertools import islice
from typing import Final, Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
_BATCH: Final = 256


class Batches(Protocol[T_co]):
    """Items in batches; a batch is used up before the next one is asked for."""

    async def next_batch(self) -> Iterator[T_co] | None:
        """Return the next items, each taken when it is asked for; None at the end."""

    def stop(self) -> None:
        """End what may never end by itself."""

    async def aclose(self) -> None:
        """Let go of the items; may be called again."""


class ReadyBatches(Batches[T]):
    """An iterable in batches; `stop` leaves one of a known size alone."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self._finite = isinstance(items, Collection)
        self._ended = False

    async def next_batch(self) -> Iterator[T] | None:
        """Return the next batch, None at the end."""
        return None if self._ended else self._batch()

    def _batch(self) -> Iterator[T]:
        taken = 0
        for item in islice(self._items, _BATCH):
            taken += 1
            yield item
            if self._ended:
                return
        self._ended = taken < _BATCH

    def stop(self) -> None:
        """Take no further item from an iterable that may be endless."""
        self._ended = self._ended or not self._finite

    async def aclose(self) -> None:
        """Take no further item."""
        self._ended = True


class AwaitedBatches(Batches[T]):
    """An async iterable in batches of one, so that each item is there as soon as it comes."""

    def __init__(self, items: AsyncIterable[T]) -> None:
        self._items = aiter(items)
        self._coming: asyncio.Task[T] | None = None
        self._stopped = asyncio.Event()

    async def next_batch(self) -> Iterator[T] | None:
        """Return the next item, None at the end; cancelling it loses no item."""
        if self._coming is None:
            if self._stopped.is_set():
                return None
            self._coming = asyncio.create_task(self._next(), name="allup-next-entry")
        await self._wait(self._coming)
        if not self._coming.done():  # stopped: it is not waited for, and what it had in hand already is not lost
            self._coming.cancel()
            await asyncio.wait((self._coming,))
        if self._coming.cancelled():
            self._coming = None
            return None
        coming, self._coming = self._coming, None
        try:
            return iter((coming.result(),))
        except StopAsyncIteration:
            self._stopped.set()
            return None

    async def _next(self) -> T:
        return await anext(self._items)

    async def _wait(self, coming: asyncio.Task[T]) -> None:
        stopping = asyncio.create_task(self._stopped.wait(), name="allup-stopping")
        try:
            await asyncio.wait((coming, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()

    def stop(self) -> None:
        """Wait for no further item."""
        self._stopped.set()

    async def aclose(self) -> None:
        """Cancel the wait for the next item."""
        self._stopped.set()
        if self._coming is not None:
            self._coming.cancel()
            await asyncio.wait((self._coming,))
