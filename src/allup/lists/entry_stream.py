"""Entries that a program hands over, as a stream."""

from collections.abc import AsyncIterable, Iterable, Iterator, Sequence
from typing import Self

from allup.lists.batches import AwaitedBatches, Batches, ReadyBatches
from allup.lists.line import LineDefaults, parse_line
from allup.lists.selection import Selection
from allup.model.selection import EVERYTHING, SelectionSettings
from allup.model.shard import Share
from allup.model.target import Entry, InvalidTarget, Origin, Target


class EntryStream:
    """The entries of an iterable: a string is read as a line of a list, a blank one is skipped.

    `stop` ends an iterable that may never end; a list, a tuple or a set goes on to its end.
    """

    def __init__(
        self,
        entries: Iterable[str | Entry] | AsyncIterable[str | Entry],
        defaults: LineDefaults,
        selection: SelectionSettings = EVERYTHING,
    ) -> None:
        if isinstance(entries, str):
            raise TypeError("entries is one string: put it into a list")
        self.empty_sources: Sequence[str] = ()
        self._defaults = defaults
        self._selection = Selection(selection, defaults)
        self._batches = _batches(entries)

    @property
    def repeats(self) -> int:
        """How many targets were skipped so far, since they had come before."""
        return self._selection.repeats

    @property
    def excluded(self) -> int:
        """How many targets were skipped so far, since they are not wanted."""
        return self._selection.excluded

    @property
    def share(self) -> Share | None:
        """Which part of the list it is, and what was read of the whole; None: all of it."""
        return self._selection.share

    async def __aenter__(self) -> Self:
        """Do nothing: the entries are the caller's."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let go of the entries."""
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of the entries; may be called again."""
        await self._batches.aclose()

    async def next_batch(self) -> Iterator[Entry] | None:
        """Return the entries that came in last, possibly none, each parsed when it is taken; None at the end."""
        batch = await self._batches.next_batch()
        return None if batch is None else self._selection.of(self._parsed(batch))

    def stop(self) -> None:
        """End an iterable that may never end by itself."""
        self._batches.stop()

    def _parsed(self, batch: Iterable[str | Entry]) -> Iterator[Entry]:
        for item in batch:
            if not isinstance(item, str | Target | InvalidTarget):
                raise TypeError(f"an entry is a line of a list or a Target, and no {type(item).__name__}")
            entry = parse_line(item, self._defaults, Origin()) if isinstance(item, str) else item
            if entry is not None:
                yield entry


def _batches(entries: Iterable[str | Entry] | AsyncIterable[str | Entry]) -> Batches[str | Entry]:
    return AwaitedBatches(entries) if isinstance(entries, AsyncIterable) else ReadyBatches(entries)
