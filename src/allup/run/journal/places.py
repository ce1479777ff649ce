"""Where in a file something is, by its number."""

from array import array
from typing import Final

_CHUNK: Final = 64
_NOWHERE: Final = 0


class Places:
    """A map from index to offset, from 1, in a file: some 11 bytes an index, where most of them are there.

    Chunk by chunk, so that a few indexes that are far apart take no more than a few chunks.
    """

    def __init__(self) -> None:
        self._chunks: dict[int, array[int]] = {}
        self._count = 0
        self.largest = -1

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def put(self, index: int, offset: int) -> None:
        """Remember the offset of `index`; the last one counts."""
        chunk = self._chunks.get(index // _CHUNK)
        if chunk is None:
            chunk = self._chunks[index // _CHUNK] = array("Q", [_NOWHERE]) * _CHUNK
        self._count += chunk[index % _CHUNK] == _NOWHERE
        chunk[index % _CHUNK] = offset
        self.largest = max(self.largest, index)

    def get(self, index: int) -> int | None:
        """Return the offset of `index`; None where there is none."""
        chunk = self._chunks.get(index // _CHUNK)
        return None if chunk is None else chunk[index % _CHUNK] or None
