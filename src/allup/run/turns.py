"""Whose turn it is: the list, drawn one entry at a time, and who is in flight meanwhile."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Protocol

from allup.lists.stream import Entries
from allup.model.clock import Clock
from allup.model.failure import Phase
from allup.model.target import Entry


class Turn:
    """An entry's turn, from being taken to being released; `index` counts the entries of the run from 0.

    `waited_s` is how long the entry was known and waited; `task_name` says which task has the turn.
    """

    __slots__ = ("_probe", "entry", "index", "taken_at", "task_name", "waited_s")

    def __init__(self, *, index: int, entry: Entry, waited_s: float, taken_at: float) -> None:
        self.index = index
        self.entry = entry
        self.waited_s = waited_s
        self.taken_at = taken_at
        self.task_name = _task_name()
        self._probe: Callable[[], Phase] | None = None

    def watch(self, probe: Callable[[], Phase]) -> None:
        """Have `probe` say from now on which phase the attempt is in."""
        self._probe = probe

    @property
    def phase(self) -> Phase:
        """The phase that the entry is in now."""
        return Phase.BLOCKED if self._probe is None else self._probe()


class Turns(Protocol):
    """Who may go next. Limits on hosts, rates and retries are other implementations of it."""

    async def take(self) -> Turn | None:
        """Wait for the next turn; None once there will be none any more."""
        ...

    def release(self, turn: Turn) -> None:
        """End `turn`, whatever came of it."""
        ...


class ListTurns:
    """The list as it comes: as soon as somebody asks, it is the next entry's turn."""

    def __init__(self, entries: Entries, clock: Clock) -> None:
        self._entries = entries
        self._monotonic = clock.monotonic
        self._batch: Iterator[Entry] = iter(())
        self._batch_at = 0.0
        self._batches = 0
        self._reading = asyncio.Lock()
        self._closed = False
        self._next_index = 0
        self.in_flight: dict[int, Turn] = {}
        self.peak_in_flight = 0

    async def take(self) -> Turn | None:
        """Take the next entry, reading on where the batch is used up; None at the list's end or once closed."""
        while not self._closed:
            entry = next(self._batch, None)
            if entry is not None:
                return self._begin(entry)
            if not await self._read_on(self._batches):
                break
        return None

    def release(self, turn: Turn) -> None:
        """End `turn`: it is no longer in flight."""
        del self.in_flight[turn.index]

    def close(self) -> None:
        """Give no more turns; what is in flight goes on, and `rest` has what is left."""
        self._closed = True
        self._entries.stop()

    async def rest(self) -> tuple[int, Entry] | None:
        """Return the next entry that got no turn, with its index; None at the list's end."""
        while True:
            entry = next(self._batch, None)
            if entry is not None:
                return self._number(), entry
            if not await self._read_on(self._batches):
                return None

    async def _read_on(self, batches_seen: int) -> bool:
        async with self._reading:
            if self._batches != batches_seen:  # another task has read on meanwhile
                return True
            batch = await self._entries.next_batch()
            if batch is None:
                return False
            self._batch, self._batch_at = batch, self._monotonic()
            self._batches += 1
            return True

    def _begin(self, entry: Entry) -> Turn:
        now = self._monotonic()
        turn = Turn(index=self._number(), entry=entry, waited_s=now - self._batch_at, taken_at=now)
        self.in_flight[turn.index] = turn
        self.peak_in_flight = max(self.peak_in_flight, len(self.in_flight))
        return turn

    def _number(self) -> int:
        self._next_index += 1
        return self._next_index - 1


def _task_name() -> str:
    task = asyncio.current_task()
    return "" if task is None else task.get_name()
