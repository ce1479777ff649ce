"""One list, from its bytes to its entries."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Final

from allup.lists.formats.parser import BrokenList, Item, NestedList, Parser
from allup.lists.line import invalid
from allup.lists.reading import Reader
from allup.model.target import Entry, Origin

_BATCH: Final = 512
"""More than a chunk of a text list has."""


class Listing:
    """The entries that `parser` finds in what `reader` reads; `name` is what records call the list.

    `count` says how many there were; `nested` are the lists that it names, to be taken from there.
    """

    def __init__(self, name: str, reader: Reader, parser: Parser) -> None:
        self.name = name
        self.count = 0
        self.nested: deque[NestedList] = deque()
        self.stop = reader.stop
        self.aclose = reader.aclose
        self._reader = reader
        self._parser = parser
        self._coming: Iterator[Entry] | None = None
        self._ended = False

    @property
    def empty(self) -> bool:
        """Whether the list ended by itself and had no entry."""
        return self._ended and self.count == 0 and not self._reader.cut

    async def next_batch(self) -> Iterator[Entry] | None:
        """Return the entries that came, each parsed when it is taken; None at the end."""
        if self._coming is None:
            try:
                chunk = b"" if self._ended else await self._reader.read()
            except OSError as error:
                return iter([self._broken(BrokenList(error.strerror or str(error)))])
            # Half a line of a list that was stopped is not what its author wrote.
            if self._ended or (not chunk and self._reader.cut):
                self._ended = True
                await self._reader.aclose()
                return None
            self._coming = self._entries(chunk)
        return self._batch(self._coming)

    def _batch(self, coming: Iterator[Entry]) -> Iterator[Entry]:
        # A format that is read as a whole has all its entries at once: others want their turn in between.
        taken = 0
        for entry in islice(coming, _BATCH):
            taken += 1
            yield entry
        if taken < _BATCH:
            self._coming = None

    def _entries(self, chunk: bytes) -> Iterator[Entry]:
        try:
            for item in self._items(chunk):
                if isinstance(item, NestedList):
                    self.nested.append(item)
                else:
                    self.count += 1
                    yield item
        except BrokenList as broken:
            yield self._broken(broken)

    def _items(self, chunk: bytes) -> Iterator[Item]:
        if chunk:
            return self._parser.feed(chunk)
        self._ended = True
        return self._parser.finish()

    def _broken(self, broken: BrokenList) -> Entry:
        self._ended = True
        further = " any further" if self.count else ""
        self.count += 1
        origin = Origin(source=self.name, line=self._parser.number if broken.line is None else broken.line)
        return invalid(self.name, f"the list cannot be read{further}: {broken.reason}", origin, hint=broken.hint)
