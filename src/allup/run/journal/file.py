"""The file of a journal: it only grows, and belongs to one process at a time."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Final, Self

from allup.run.journal.lock import lock
from allup.run.journal.problem import JournalError

LARGEST: Final = 1024 * 1024
"""Bytes of one line: a longer one is not written, and none that was read is ours."""
_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
_TIMES: Final = 10


class JournalFile:
    """The open file at `path`, locked until `close`; `name` is what messages call it.

    It is for its user alone. All but `open` raise OSError.
    """

    def __init__(self, path: Path, name: str, fd: int, reading: IO[bytes]) -> None:
        self.path = path
        self.name = name
        self._fd = fd
        self._reading = reading
        self.end = os.fstat(fd).st_size

    @classmethod
    def open(cls, path: Path, name: str) -> Self:
        """Open the file, or a new one; raises JournalError, where another process has it too."""
        # What a link points to is the journal: were the link removed in its place, the next run would find it.
        real = Path(os.path.realpath(path))
        try:
            for _ in range(_TIMES):
                opened = cls._opened(real, name)
                if opened is not None:
                    return opened
        except FileNotFoundError:
            raise JournalError(f"cannot write {name}: No such directory ({real.parent}); create it first") from None
        except OSError as error:
            raise JournalError(f"cannot write {name}: {error.strerror or error}") from None
        raise JournalError(f"cannot write {name}: it is removed again and again")

    @classmethod
    def _opened(cls, path: Path, name: str) -> Self | None:
        if path.exists() and not path.is_file():  # to open a pipe might be to wait for its other end
            raise JournalError(f"{name} is no regular file, and --resume keeps its journal in one: name another")
        fd = os.open(path, _FLAGS, 0o600)
        with ExitStack() as unused:
            unused.callback(os.close, fd)
            if not lock(fd):
                raise JournalError(f"{name} is in use by another run: wait for its end, or name another file")
            reading = _same(path, fd)
            if reading is None:  # whoever had it before has removed it meanwhile
                return None
            unused.pop_all()
        return cls(path, name, fd, reading)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield each line with its offset; the last one, and any that is too long, without its line end."""
        self._reading.seek(0)
        offset = 0
        while line := self._reading.readline(LARGEST):
            yield offset, line
            offset += len(line)

    def line_at(self, offset: int) -> bytes:
        """Return the line at `offset`."""
        self._reading.seek(offset)
        return self._reading.readline(LARGEST)

    def append(self, data: bytes) -> None:
        """Write `data` at the end, all of it or nothing: where it does not fit, the file is as it was."""
        rest = data
        try:
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError:
            os.ftruncate(self._fd, self.end)
            raise
        self.end += len(data)

    def cut(self, end: int) -> None:
        """Take away what is behind `end`."""
        if end < os.fstat(self._fd).st_size:
            os.ftruncate(self._fd, end)
        self.end = end

    def sync(self) -> None:
        """Have what was written survive a power cut, too."""
        os.fsync(self._fd)

    def remove(self) -> None:
        """Remove the file, as long as nobody else can have it; raises nothing, and leaves it where that cannot be."""
        with suppress(OSError):
            if not os.path.samestat(self.path.stat(), os.fstat(self._fd)):
                return  # somebody has removed this one, and another run has begun anew
            if os.name == "nt":  # where an open one cannot be removed
                self.close()
            self.path.unlink()

    def close(self) -> None:
        """Let go of the file; may be called again."""
        if not self._reading.closed:
            self._reading.close()
            os.close(self._fd)


def _same(path: Path, fd: int) -> IO[bytes] | None:
    try:
        reading = path.open("rb")
    except FileNotFoundError:
        return None
    if os.path.sameopenfile(reading.fileno(), fd):
        return reading
    reading.close()
    return None
