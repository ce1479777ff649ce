"""Text that waits in a temporary file until what stands before it is known."""

import tempfile
import weakref
from array import array
from collections.abc import Iterator
from typing import IO, Final

from allup.report.output import OutputError

_CHUNK: Final = 16 * 1024


class Spool:
    """Text in sections, each read back in the order in which it was added; memory grows with the sections only.

    The file has no name, and goes with the spool. Raises OutputError where there cannot be one, and OSError
    where the disk is full.
    """

    def __init__(self) -> None:
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile(prefix="allup-")  # noqa: SIM115 - closed with the spool
        except OSError as error:
            raise OutputError(f"cannot write a temporary file: {error.strerror or error}") from error
        self._sections: dict[str, _Section] = {}
        self._end = 0
        weakref.finalize(self, self._file.close)

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the sections, the oldest first."""
        return iter(self._sections)

    def add(self, section: str, text: str) -> None:
        """Add `text` to `section`, which begins with its first text."""
        held = self._sections.setdefault(section, _Section())
        held.waiting += text.encode("utf-8", "backslashreplace")
        if len(held.waiting) >= _CHUNK:
            self._put_away(held)

    def read(self, section: str) -> Iterator[str]:
        """Yield the text of `section` in pieces, each as it was added or several as one."""
        held = self._sections.get(section, _Section())
        for start, length in zip(held.starts, held.lengths, strict=True):
            self._file.seek(start)
            yield self._file.read(length).decode()
        yield held.waiting.decode()

    def _put_away(self, held: "_Section") -> None:
        self._file.seek(self._end)
        self._file.write(held.waiting)
        held.starts.append(self._end)
        held.lengths.append(len(held.waiting))
        self._end += len(held.waiting)
        held.waiting.clear()


class _Section:
    def __init__(self) -> None:
        self.waiting = bytearray()
        self.starts = array("Q")
        self.lengths = array("Q")
