"""Lines to rows of CSV (RFC 4180), in memory that does not depend on how long a quoted cell is."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from allup.lists.formats.line_text import readable
from allup.lists.lines import LONGEST_LINE, LineSplitter
from allup.model.target import InvalidTarget, Origin

DELIMITERS: Final = ",;\t|"
_SEPARATOR: Final = re.compile(r"sep=(.)")
"""What Excel writes before the first row, and shows as none."""
_MOST_LINES: Final = 100
_OPEN: Final = "unexpected end of data"
"""What Python's parser says where a quoted cell is not closed."""
_NOT_CLOSED: Final = "the quote that begins a cell here is never closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its cells, the line that it begins in, and its text as it stands."""

    cells: list[str]
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A line at which no row can begin, why, and how it stands."""

    reason: str
    line: int
    text: str


class RowReader:
    """Takes lines and gives rows; a quoted cell may go over lines, so many and so long that nobody meant it.

    What is no row is given as BadRow, or as the entry of a line that is no text, and the next line begins anew.
    """

    def __init__(self, name: str, delimiter: str | None = None) -> None:
        self.delimiter = delimiter
        self.skips_initial_space = True
        self.number = 1
        self._name = name
        self._splitter = LineSplitter()
        self._lines: deque[tuple[int, bytes]] = deque()

    def feed(self, chunk: bytes) -> Iterator[Row | BadRow | InvalidTarget]:
        """Return the rows that `chunk` completes."""
        first = self._splitter.number
        self._lines.extend(enumerate(self._splitter.feed(chunk), first))
        return self._rows(ended=False)

    def finish(self) -> Iterator[Row | BadRow | InvalidTarget]:
        """Return the rows that are left at the end."""
        first = self._splitter.number
        self._lines.extend(enumerate(self._splitter.finish(), first))
        return self._rows(ended=True)

    def _rows(self, *, ended: bool) -> Iterator[Row | BadRow | InvalidTarget]:
        while self._lines:
            self.number, line = self._lines[0]
            text = readable(line, Origin(source=self._name, line=self.number))
            if isinstance(text, InvalidTarget):
                self._lines.popleft()
                yield text
                continue
            if self.number == 1 and (said := _SEPARATOR.fullmatch(text)):
                self.delimiter = said[1]
                self._lines.popleft()
                continue
            if self.delimiter is None and text.strip():
                self.delimiter = _delimiter_of(text)
            if '"' in text:
                row = self._quoted(ended=ended)
                if row is None:
                    return
                yield row
                continue
            self._lines.popleft()
            if text.strip():
                yield Row(cells=self._split(text), line=self.number, text=text)

    def _split(self, text: str) -> list[str]:
        cells = text.split(self.delimiter)
        return [cell.lstrip(" ") for cell in cells] if self.skips_initial_space and " " in text else cells

    def _quoted(self, *, ended: bool) -> Row | BadRow | None:
        """Return the row that begins with the first line; None where its end has not come yet."""
        window = _Window(self._lines, self._name)
        reader = csv.reader(
            window, delimiter=self.delimiter or ",", strict=True, skipinitialspace=self.skips_initial_space
        )
        try:
            cells = next(reader)
        except csv.Error as error:
            if str(error) != _OPEN:
                return self._given_up(f"no row of CSV: {error}")
            return self._given_up(_NOT_CLOSED) if ended or window.full else None
        for _ in window.texts:
            self._lines.popleft()
        return Row(cells=cells, line=self.number, text="\n".join(window.texts))

    def _given_up(self, reason: str) -> BadRow:
        _, line = self._lines.popleft()
        return BadRow(reason=reason, line=self.number, text=line.decode(errors="backslashreplace"))


class _Window:
    """The lines that one row may take, handed out one by one; `texts` are those that were."""

    def __init__(self, lines: Iterable[tuple[int, bytes]], name: str) -> None:
        self.texts: list[str] = []
        self.full = False
        self._lines = iter(lines)
        self._name = name
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in self._lines:
            text = readable(line, Origin(source=self._name, line=number))
            self._size += len(line)
            self.full = not isinstance(text, str) or self._size > LONGEST_LINE or len(self.texts) >= _MOST_LINES
            if self.full or not isinstance(text, str):
                return
            self.texts.append(text)
            yield f"{text}\n"


def _delimiter_of(head: str) -> str:
    """Return what separates the cells of `head`: what is there most often outside of quotes, a comma if nothing is."""
    bare = "".join(head.split('"')[::2])
    return max(DELIMITERS, key=lambda one: (bare.count(one), -DELIMITERS.index(one)))
