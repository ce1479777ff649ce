"""All sources of a run as one stream of entries."""

from collections.abc import Iterator, Sequence
from typing import Protocol, Self, runtime_checkable

from allup.lists.argument import Argument
from allup.lists.fetching import Fetch
from allup.lists.line import LineDefaults
from allup.lists.listing import Listing
from allup.lists.nesting import Nesting
from allup.lists.opening import Opening
from allup.lists.selection import Selection
from allup.lists.source import Source
from allup.model.selection import EVERYTHING, SelectionSettings
from allup.model.shard import Share
from allup.model.target import Entry


@runtime_checkable
class Entries(Protocol):
    """A stream of entries in batches; a batch is used up before the next one is asked for."""

    @property
    def repeats(self) -> int:
        """How many targets were skipped so far, since they had come before."""

    @property
    def excluded(self) -> int:
        """How many targets were skipped so far, since they are not wanted."""

    @property
    def share(self) -> Share | None:
        """Which part of the list it is, and what was read of the whole; None: all of it."""

    @property
    def empty_sources(self) -> Sequence[str]:
        """The names of the lists that have ended with no entry at all."""

    async def next_batch(self) -> Iterator[Entry] | None:
        """Return the entries that came in last, possibly none, each made when it is taken; None at the end."""

    def stop(self) -> None:
        """End what may never end by itself, after what was read already."""


class TargetStream:
    """The entries of `sources`, one source after the other; an async context manager that opens and closes them.

    A list that a list names, as a sitemap index does, is read in the place where it is named; `fetch` gets
    it, and the sources that are URLs of lists. Entering raises SourceError where a source cannot be read;
    UsageError is raised for a bad `selection`.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        defaults: LineDefaults,
        selection: SelectionSettings = EVERYTHING,
        *,
        fetch: Fetch | None = None,
    ) -> None:
        self.empty_sources: list[str] = []
        self._sources = sources
        self._selection = Selection(selection, defaults)
        self._opening = Opening(defaults, fetch)
        self._nesting = Nesting(self._opening, defaults)
        self._opened: list[Listing | Argument] = []
        self._at = 0
        self._entered = False

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
        """Open all sources; raises SourceError."""
        self._entered = True
        try:
            for source in self._sources:
                self._opened.append(await self._opening.open(source))
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all sources."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close all sources; may be called again."""
        await self._nesting.aclose()
        for opened in self._opened:
            await opened.aclose()

    async def next_batch(self) -> Iterator[Entry] | None:
        """Return the entries that came in last, possibly none, each parsed when it is taken; None at the end."""
        if not self._entered:
            raise RuntimeError("a TargetStream is used inside its block: async with TargetStream(...) as targets")
        while self._at < len(self._opened):
            current = self._opened[self._at]
            batch = await self._nesting.next_batch(current)
            if batch is not None:
                return self._selection.of(batch)
            if self._nesting.is_barren(current):
                self.empty_sources.append(current.name)
            self._at += 1
        return None

    def stop(self) -> None:
        """End pipes and terminals after what was read already, fetch nothing more; files go on to their end."""
        self._opening.stop()
        for opened in self._opened:
            opened.stop()
