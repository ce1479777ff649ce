"""Bytes to numbered lines, in memory that does not depend on how long a line is."""

from typing import Final

LONGEST_LINE: Final = 65_536
"""Bytes, line end and BOM not counted."""
_BOM: Final = b"\xef\xbb\xbf"
_KEPT: Final = len(_BOM) + LONGEST_LINE + len(b"\r") + 1
"""One byte more than the longest line that is kept whole: so a line that was cut shows by its length."""


class LineSplitter:
    """Splits what it is fed at line ends (LF or CRLF), and drops a BOM at the start.

    A line longer than LONGEST_LINE comes a few bytes longer than that, its rest skipped.
    """

    def __init__(self) -> None:
        self.number = 1
        self._tail = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that `chunk` completes; the first of them has the number that `number` had before."""
        first, *others = chunk.split(b"\n")
        if not others:
            self._tail = (self._tail + first)[:_KEPT]
            return []
        lines = [(self._tail + first)[:_KEPT], *others]
        self._tail = lines.pop()[:_KEPT]
        return self._finished(lines)

    def finish(self) -> list[bytes]:
        """Return the last line, where no line end came after it."""
        lines, self._tail = ([self._tail] if self._tail else []), b""
        return self._finished(lines)

    def _finished(self, lines: list[bytes]) -> list[bytes]:
        if self.number == 1 and lines:
            lines[0] = lines[0].removeprefix(_BOM)
        self.number += len(lines)
        return [line.removesuffix(b"\r") for line in lines]
