"""Formats that have an entry a line."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from allup.lists.details import LineDefaults
from allup.lists.lines import LineSplitter
from allup.model.target import Entry, Origin


class LineParser(ABC):
    """The lines of a list; `name` is what records call it."""

    def __init__(self, name: str, defaults: LineDefaults) -> None:
        self._name = name
        self._defaults = defaults
        self._splitter = LineSplitter()

    @property
    def number(self) -> int:
        """The line that is being read."""
        return self._splitter.number

    def feed(self, chunk: bytes) -> Iterator[Entry]:
        """Return the entries of the lines that `chunk` completes."""
        return self._entries(self._splitter.number, self._splitter.feed(chunk))

    def finish(self) -> Iterator[Entry]:
        """Return the entry of a last line without an end."""
        return self._entries(self._splitter.number, self._splitter.finish())

    def _entries(self, first: int, lines: list[bytes]) -> Iterator[Entry]:
        for number, line in enumerate(lines, first):
            start = line.lstrip()
            if start:
                entry = self._entry(line, start, Origin(source=self._name, line=number))
                if entry is not None:
                    yield entry

    @abstractmethod
    def _entry(self, line: bytes, start: bytes, origin: Origin) -> Entry | None:
        """Return what `line` is, `start` what it is from its first character on; None for nothing."""
