"""Failures that are to be confirmed at the end of the run, on disk until then."""

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO, Final

from allup.model.result import Result
from allup.run.candidate import Candidate

_BATCH: Final = 64


class Doubts:
    """A pile of results, in the order in which they came; read once as candidates, after which it takes no more.

    The file has no name, and only this process can read it.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._left = 0

    def __len__(self) -> int:
        """Return how many have not been read."""
        return self._left

    def add(self, result: Result) -> None:
        """Put `result` away; raises OSError where the disk is full."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="allup-")  # noqa: SIM115 - closed by close()
        pickle.dump(result, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        self._left += 1

    def rewind(self) -> None:
        """Go to the first one."""
        if self._file is not None:
            self._file.seek(0)

    async def next_batch(self) -> Iterator[Candidate] | None:
        """Return the next candidates; None at the end."""
        return self._batch(self._file) if self._file is not None and self._left else None

    def unread(self) -> Iterator[Candidate]:
        """Yield all as candidates, where nothing was read yet: in the end, nobody will confirm them."""
        self.rewind()
        while self._file is not None and self._left:
            yield from self._batch(self._file)

    def stop(self) -> None:
        """Go on: the pile has an end."""

    def close(self) -> None:
        """Remove the file."""
        if self._file is not None:
            self._file.close()

    def _batch(self, file: IO[bytes]) -> Iterator[Candidate]:
        for _ in range(min(_BATCH, self._left)):
            result: Result = pickle.load(file)  # noqa: S301 - this process wrote it
            self._left -= 1
            yield Candidate(result.index, result.entry, result)
