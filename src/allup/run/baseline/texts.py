"""The targets of a baseline by name, on disk: only few of them are ever asked for."""

import json
import tempfile
import weakref
from collections.abc import Iterator
from typing import IO, Final

_BUFFER: Final = 256 * 1024

Written = tuple[str, str | None, int | None]
"""A target's URL, its name, and its line in the list."""


class Texts:
    """A file without a name, which goes with this; raises OSError where there cannot be one, or the disk is full."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="allup-", buffering=_BUFFER)  # noqa: SIM115 - see below
        self._end = 0
        self._at_end = True
        weakref.finalize(self, self._file.close)

    def add(self, written: Written) -> int:
        """Put `written` away and return where."""
        if not self._at_end:
            self._file.seek(self._end)
            self._at_end = True
        at = self._end
        self._end += self._file.write(json.dumps(written).encode() + b"\n")
        return at

    def at(self, place: int) -> Written:
        """Return what was put at `place`."""
        self._file.seek(place)
        self._at_end = False
        url, name, line = json.loads(self._file.readline())
        return url, name, line

    def __iter__(self) -> Iterator[Written]:
        """Yield all that was put away, in the order in which it was; nothing is to be added meanwhile."""
        self._file.seek(0)
        self._at_end = False
        for line in self._file:
            url, name, number = json.loads(line)
            yield url, name, number
