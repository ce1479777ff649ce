"""The bytes of a list, as they come."""

import os
import stat
from pathlib import Path
from typing import Final, Protocol

from allup.lists.pipe import Pipe
from allup.lists.redaction import encodable
from allup.lists.source import FileSource, SourceError, StandardInput

_CHUNK: Final = 8 * 1024  # some 150 lines: to look at them all takes a millisecond
_BEGINNING: Final = 64
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0)


class Reader(Protocol):
    """The bytes of one list; both kinds of reader hold their descriptor until `aclose`."""

    @property
    def cut(self) -> bool:
        """Whether reading was stopped before the list ended."""

    async def read(self) -> bytes:
        """Return what comes next, nothing at the end; raises OSError."""

    def stop(self) -> None:
        """End a list that may never end by itself, after what was read already."""

    async def aclose(self) -> None:
        """Let go of the list; may be called again."""


class RegularFile:
    """A file on a disk: it ends by itself, so that `stop` leaves it alone."""

    cut = False

    def __init__(self, place: int | str) -> None:
        self._place = place
        self._fd = place if isinstance(place, int) else -1

    def beginning(self) -> bytes:
        """Return the first bytes of a file that is named by its path."""
        assert isinstance(self._place, str)
        fd = os.open(self._place, _FLAGS)
        try:
            return os.read(fd, _BEGINNING)
        finally:
            os.close(fd)

    async def read(self) -> bytes:
        """Return the next chunk, nothing at the end; raises OSError."""
        if isinstance(self._place, str) and self._fd < 0:
            # Opened when its turn comes: there may be more lists than descriptors.
            self._fd = os.open(self._place, _FLAGS)
        return os.read(self._fd, _CHUNK)

    def stop(self) -> None:
        """Go on: the file's end is near."""

    async def aclose(self) -> None:
        """Close the file, if it was opened here."""
        if self._fd >= 0 and not isinstance(self._place, int):
            os.close(self._fd)
            self._fd = -1


def open_reader(source: FileSource | StandardInput) -> Reader:
    """Return a reader of `source`, without waiting for its first byte; raises SourceError."""
    try:
        return _open_file(source.path) if isinstance(source, FileSource) else _open_descriptor(source.fd)
    except OSError as error:
        name = encodable(source.path) if isinstance(source, FileSource) else "standard input"
        raise SourceError(f"{name}: cannot be read: {error.strerror}") from None


def _open_descriptor(fd: int) -> Reader:
    os.read(fd, 0)  # takes nothing, and fails where nothing can be read
    return RegularFile(fd) if stat.S_ISREG(os.fstat(fd).st_mode) else Pipe(fd)


def _open_file(path: str) -> Reader:
    # To open a named pipe is to wait for its writer, which is the thread's business.
    if _is_pipe(path):
        return Pipe(path)
    os.close(os.open(path, _FLAGS))
    return RegularFile(path)


def _is_pipe(path: str) -> bool:
    mode = Path(path).stat().st_mode
    if stat.S_ISREG(mode):
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(0, "it is a directory")
    if stat.S_ISSOCK(mode):
        raise OSError(0, "it is a socket")
    if not os.access(path, os.R_OK):
        raise PermissionError(0, "permission denied")
    return True
