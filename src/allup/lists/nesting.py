"""Lists that lists name, each read in the place where it is named."""

from collections.abc import Iterator
from typing import Final

from allup.lists.argument import Argument
from allup.lists.details import LineDefaults
from allup.lists.fetching import FetchError
from allup.lists.formats.format import InputFormat
from allup.lists.formats.parser import NestedList
from allup.lists.line import invalid, parse_line
from allup.lists.listing import Listing
from allup.lists.opening import Opening, Stopped
from allup.lists.source import RemoteSource
from allup.model.target import Entry

_DEEPEST: Final = 3
"""An index names sitemaps; where it names an index, that is still read, and no further."""


class Nesting:
    """The list that is being read within another one, if any."""

    def __init__(self, opening: Opening, defaults: LineDefaults) -> None:
        self._opening = opening
        self._defaults = defaults
        self._within: list[Listing] = []
        self._found = 0

    def is_barren(self, outermost: Listing | Argument) -> bool:
        """Say whether `outermost`, at its end, had no entry, nor had any list that it names."""
        found, self._found = self._found, 0
        return outermost.empty and not found

    async def next_batch(self, outermost: Listing | Argument) -> Iterator[Entry] | None:
        """Return what comes next of `outermost` and of the lists that it names; None at its end."""
        while True:
            current = self._within[-1] if self._within else outermost
            if isinstance(current, Listing) and current.nested:
                problem = await self._enter(current.nested[0])
                current.nested.popleft()
                if problem is not None:
                    self._found += 1
                    return iter([problem])
                continue
            batch = await current.next_batch()
            if batch is not None or not self._within:
                return batch
            self._found += self._within.pop().count

    async def aclose(self) -> None:
        """Close the lists that are being read."""
        for listing in self._within:
            await listing.aclose()

    async def _enter(self, nested: NestedList) -> Entry | None:
        """Begin to read `nested`; return an entry in its place where that cannot be done."""
        if self._opening.stopped:
            return self._unread(nested)
        if len(self._within) + 1 >= _DEEPEST:
            return invalid(nested.url, "a sitemap index in an index in an index is not read", nested.origin)
        source = RemoteSource(href=nested.href, url=nested.url, format=InputFormat.SITEMAP)
        try:
            self._within.append(await self._opening.fetched(source))
        except Stopped:
            return self._unread(nested)
        except FetchError as error:
            return invalid(nested.url, f"the sitemap cannot be fetched: {error}", nested.origin)
        return None

    def _unread(self, nested: NestedList) -> Entry | None:
        # The run is over: as a target that did not get its turn, the list is in the reports, and nothing looks green.
        return parse_line(nested.href, self._defaults, nested.origin)
