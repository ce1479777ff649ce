"""Bytes that wait to be written: in memory, and where there are many in a temporary file."""

import tempfile
from typing import IO, Final

MOST_IN_MEMORY: Final = 4 * 1024 * 1024
_PIECE: Final = 256 * 1024


class Backlog:
    """A queue of bytes; those beyond MOST_IN_MEMORY wait in a file without a name until there is room again.

    Raises OSError where the disk is full.
    """

    def __init__(self) -> None:
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._taken = 0
        self._end = 0

    def __len__(self) -> int:
        """Return how many bytes wait."""
        return len(self._memory) + self._end - self._taken

    def add(self, data: bytes | bytearray) -> None:
        """Put `data` behind all that waits."""
        if self._end == self._taken and len(self._memory) + len(data) <= MOST_IN_MEMORY:
            self._memory += data
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="allup-")  # noqa: SIM115 - closed by clear()
        self._file.seek(self._end)
        self._file.write(data)
        self._end += len(data)

    def first(self, most: int) -> bytes:
        """Return the first bytes, `most` of them at most; none only where none wait."""
        if not self._memory and self._file is not None and self._taken < self._end:
            self._file.seek(self._taken)
            self._memory += self._file.read(min(_PIECE, self._end - self._taken))
            self._taken += len(self._memory)
        if self._taken == self._end:  # the file is read: what comes next is written from its start on
            self._taken = self._end = 0
        return bytes(self._memory[:most])

    def drop(self, count: int) -> None:
        """Take `count` of the bytes that `first` returned away."""
        del self._memory[:count]
        if not self:
            self.clear()

    def clear(self) -> None:
        """Take all away, and the file."""
        self._memory.clear()
        self._taken = self._end = 0
        if self._file is not None:
            self._file.close()
            self._file = None
