"""A URL of the command line, as a list of one."""

from collections.abc import Iterator

from allup.lists.line import LineDefaults, parse_argument
from allup.model.target import Entry, Origin


class Argument:
    """The one entry of a URL that was given as an argument."""

    empty = False

    def __init__(self, text: str, defaults: LineDefaults) -> None:
        self.name = text
        self._defaults = defaults
        self._taken = False

    async def next_batch(self) -> Iterator[Entry] | None:
        """Return the entry, then None."""
        if self._taken:
            return None
        self._taken = True
        return iter([parse_argument(self.name, self._defaults, Origin())])

    def stop(self) -> None:
        """Go on: it is one entry."""

    async def aclose(self) -> None:
        """Do nothing: nothing is open."""
