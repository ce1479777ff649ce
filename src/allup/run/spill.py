"""Results that wait in temporary files, so that memory stays bounded while nobody stalls."""

import pickle
import tempfile
from array import array
from typing import IO, Final

from allup.model.result import Result

SEGMENT: Final = 4_096
"""Results in one file at least: a file goes as soon as all of its results have been taken out."""
_FILES: Final = 16
"""Where there are more, new ones are larger: files cost descriptors, of which the run has need."""

_ABSENT: Final = 0
_OFFSET_BITS: Final = 40


class Spill:
    """A map from index to result on disk, taken out in rising order: eight bytes of memory for each index it spans.

    The files have no names, and only this process can read them.
    """

    def __init__(self, segment: int = SEGMENT) -> None:
        self._segment_size = segment
        self._segments: dict[int, _Segment] = {}
        self._newest = 0
        self._held = 0
        self._first_index = 0
        self._places = array("Q")  # segment and offset of each index from the first; _ABSENT where it is not here

    def add(self, result: Result) -> None:
        """Put `result` away; raises OSError where the disk is full."""
        number, segment = self._writable()
        self._note(result.index, number << _OFFSET_BITS | segment.add(result))
        self._held += 1

    def pop(self, index: int) -> Result | None:
        """Take the result of `index` out; None where it is not here."""
        position = index - self._first_index
        if not 0 <= position < len(self._places) or self._places[position] == _ABSENT:
            return None
        number, offset = divmod(self._places[position], 1 << _OFFSET_BITS)
        segment = self._segments[number]
        result = segment.take(offset)
        self._held -= 1
        if not segment.held:
            segment.close()
            del self._segments[number]
        self._forget(position)
        return result

    def close(self) -> None:
        """Remove the files."""
        while self._segments:
            self._segments.popitem()[1].close()

    def _writable(self) -> tuple[int, "_Segment"]:
        segment = self._segments.get(self._newest)
        if segment is None or segment.added >= max(self._segment_size, self._held // _FILES):
            self._newest += 1
            segment = self._segments[self._newest] = _Segment()
        return self._newest, segment

    def _note(self, index: int, place: int) -> None:
        if not self._places:
            self._first_index = index
        elif index < self._first_index:
            self._places[0:0] = array("Q", [_ABSENT]) * (self._first_index - index)
            self._first_index = index
        missing = index - self._first_index + 1 - len(self._places)
        self._places.extend(array("Q", [_ABSENT]) * missing)
        self._places[index - self._first_index] = place

    def _forget(self, position: int) -> None:
        self._places[position] = _ABSENT
        if not self._segments or position >= self._segment_size:  # all before it are gone too
            del self._places[: position + 1]
            self._first_index += position + 1


class _Segment:
    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="allup-")  # noqa: SIM115 - closed by close()
        self.added = 0
        self.held = 0

    def add(self, result: Result) -> int:
        offset = self._file.seek(0, 2)
        pickle.dump(result, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        self.added += 1
        self.held += 1
        return offset

    def take(self, offset: int) -> Result:
        self._file.seek(offset)
        self.held -= 1
        result: Result = pickle.load(self._file)  # noqa: S301 - this process wrote it
        return result

    def close(self) -> None:
        self._file.close()
