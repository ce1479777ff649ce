"""Lines to rows of CSV (RFC 4180), in memory that does not depend on how long a quoted cell is."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from allup.lists.formats.line_text import readable
from allup.lists.formats.parser import BrokenList
from allup.lists.lines import LONGEST_LINE, LineSplitter
from allup.model.target import InvalidTarget, Origin

DELIMITERS: Final = ",;\t|"
_MOST_LINES: Final = 1_000
_OPEN: Final = "unexpected end of data"
"""What Python's parser says where a quoted cell is not closed."""
_NOT_CLOSED: Final = "the quote that begins a cell here is never closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its cells, the line that it begins in, and its text as it stands."""

    cells: list[str]
    line: int
    text: str


class BadRow(BrokenList):
    """A line at which no row can begin; `text` is how it stands."""

    def __init__(self, reason: str, *, line: int, text: str) -> None:
        super().__init__(reason, line=line)
        self.text = text


class RowReader:
    """Takes lines and gives rows; a quoted cell may go over lines, so many and so long that nobody meant it.

    What is no row is given as BadRow, or as the entry of a line that is no text, and the next line begins anew.
    """

    def __init__(self, name: str, delimiter: str | None = None) -> None:
        self.delimiter = delimiter
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
                yield Row(cells=text.split(self.delimiter), line=self.number, text=text)

    def _quoted(self, *, ended: bool) -> Row | BadRow | None:
        """Return the row that begins with the first line; None where its end has not come yet."""
        texts: list[str] = []
        size = quotes = 0
        for number, line in self._lines:
            text = readable(line, Origin(source=self._name, line=number))
            size += len(line)
            if not isinstance(text, str) or size > LONGEST_LINE or len(texts) >= _MOST_LINES:
                return self._given_up(_NOT_CLOSED)
            texts.append(text)
            quotes += text.count('"')
            # A quote in the middle of a cell is just a character: so the first line may be a row anyway.
            if quotes % 2 == 0 or len(texts) == 1:
                row = self._row(texts)
                if row is not None:
                    return row
        return self._given_up(_NOT_CLOSED) if ended else None

    def _row(self, texts: list[str]) -> Row | BadRow | None:
        lines = [f"{text}\n" for text in texts]
        try:
            cells = next(csv.reader(lines, delimiter=self.delimiter or ",", strict=True))
        except csv.Error as error:
            return None if str(error) == _OPEN else self._given_up(f"no row of CSV: {error}")
        for _ in texts:
            self._lines.popleft()
        return Row(cells=cells, line=self.number, text="\n".join(texts))

    def _given_up(self, reason: str) -> BadRow:
        _, line = self._lines.popleft()
        return BadRow(reason, line=self.number, text=line.decode(errors="backslashreplace"))


def _delimiter_of(head: str) -> str:
    """Return what separates the cells of `head`: what is there most often outside of quotes, a comma if nothing is."""
    bare = "".join(head.split('"')[::2])
    return max(DELIMITERS, key=lambda one: (bare.count(one), -DELIMITERS.index(one)))
