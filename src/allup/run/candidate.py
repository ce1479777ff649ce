"""What is to get a turn, and how often it has had one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from allup.lists.stream import Entries
from allup.model.result import Result
from allup.model.target import Entry


# Not frozen: there is one for each line of a list, and that would take three times as long to make.
@dataclass(slots=True)
class Candidate:
    """An entry in line; `index` counts the entries of the run from 0, `last` is what the attempts so far came to.

    `place` is where it comes among the others, where that is not by its index.
    """

    index: int
    entry: Entry
    last: Result | None = None
    place: int | None = None

    @property
    def rank(self) -> int:
        """Where it comes among those in line for other hosts: the lowest goes first."""
        return self.index if self.place is None else self.place

    @property
    def attempts(self) -> int:
        """How many attempts there were."""
        return 0 if self.last is None else self.last.attempts


class Candidates(Protocol):
    """A stream of candidates in batches; a batch is used up before the next one is asked for."""

    async def next_batch(self) -> Iterator[Candidate] | None:
        """Return the candidates that came in last, possibly none; None at the end."""
        ...

    def stop(self) -> None:
        """End what may never end by itself, after what was read already."""
        ...


class ListCandidates:
    """The entries of a list, numbered as they are taken."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._next_index = 0

    async def next_batch(self) -> Iterator[Candidate] | None:
        """Return the entries that came in last; None at the list's end."""
        batch = await self._entries.next_batch()
        return None if batch is None else self._numbered(batch)

    def stop(self) -> None:
        """Pass it on."""
        self._entries.stop()

    def _numbered(self, batch: Iterator[Entry]) -> Iterator[Candidate]:
        for entry in batch:
            self._next_index += 1
            yield Candidate(self._next_index - 1, entry)
