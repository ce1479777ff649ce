"""Lines on their way into a journal."""

import asyncio
from typing import Final

from allup.run.journal.file import LARGEST, JournalFile
from allup.run.journal.frame import framed

REST_S: Final = 0.02
"""The most that a line waits before it is written: those that come fast go in few writes."""


class JournalWriter:
    """Appends to `file`: what was written survives this process, whatever ends it, but not a power cut.

    A line is in the file within REST_S; what was not by then is asked once more by the run that goes on. `error` is
    why nothing is written any more.
    """

    def __init__(self, file: JournalFile) -> None:
        self.error: OSError | None = None
        self.written = 0
        self._file = file
        self._waiting = bytearray()
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, body: bytes) -> None:
        """Take one line, from the running event loop; a longer one than a journal has is left out."""
        line = framed(body)
        if self.error is not None or len(line) >= LARGEST:
            return
        self._waiting += line
        self._count += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(REST_S, self.flush)

    def flush(self) -> None:
        """Write what waits."""
        self._cancel()
        if self.error is not None or not self._waiting:
            return
        try:
            self._file.append(bytes(self._waiting))
        except OSError as error:
            self.error = error
        else:
            self.written += self._count
        self._waiting.clear()
        self._count = 0

    def discard(self) -> None:
        """Write nothing of what waits; what was written is about to go, too."""
        self._cancel()
        self._waiting.clear()
        self._count = self.written = 0

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
