"""Report files: opened before the first request, whole or not at all."""

import errno
import os
import secrets
import stat
from pathlib import Path
from typing import Final, Literal, Self, TextIO

from allup.model.usage import UsageError
from allup.report.printable import printable

_DEVICES: Final = frozenset({Path("/dev"), Path("/dev/fd")})


class OutputError(UsageError):
    """A file cannot be written; the message says which one and why."""


class OutputFile:
    """A text file that appears when it is committed: until then `stream` writes to one beside it.

    Devices, pipes, sockets and the paths in `append` are written to directly.
    """

    def __init__(
        self, path: Path, stream: TextIO, *, unfinished: Path | None = None, target: Path | None = None
    ) -> None:
        self.path = path
        self.stream = stream
        self._unfinished = unfinished
        self._target = target or path

    @classmethod
    def open(cls, path: Path, *, append: frozenset[Path] = frozenset()) -> Self:
        """Open `path` for writing; raises OutputError where it cannot be written."""
        try:
            mode = _mode(path)
            if path in append or _is_direct(path, mode):
                # Not "w": what a shell has already written behind /dev/stdout must stay.
                return cls(path, _text(path, "a"))
            # What a link points to is replaced, not the link.
            target = Path(os.path.realpath(path))
            unfinished = _create_beside(target, mode)
            return cls(path, _text(unfinished, "w"), unfinished=unfinished, target=target)
        except OSError as error:
            raise _output_error(path, error) from error

    def commit(self) -> None:
        """Make the file appear under its name; raises OutputError, and leaves nothing behind then."""
        try:
            self.stream.close()
            if self._unfinished is not None:
                self._unfinished.replace(self._target)
        except OSError as error:
            self.discard()
            raise _output_error(self.path, error) from error

    def discard(self) -> None:
        """Leave nothing behind; what was there before stays as it was."""
        try:
            self.stream.close()
        except OSError:
            # A disk that is full may say so again; the text is unwanted by now.
            pass
        finally:
            if self._unfinished is not None:
                self._unfinished.unlink(missing_ok=True)


def _text(path: Path, mode: Literal["w", "a"]) -> TextIO:
    # backslashreplace: reports escape what UTF-8 cannot take, and a table must not fail over the rest.
    return path.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n")


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _is_direct(path: Path, mode: int | None) -> bool:
    return path.absolute().parent in _DEVICES or (mode is not None and not stat.S_ISREG(mode))


def _create_beside(target: Path, mode: int | None) -> Path:
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    unfinished = target.with_name(f".allup-{secrets.token_hex(8)}.tmp")
    # Not `tempfile`: it makes files for one user only, and this one shall be as the umask has it.
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    if mode is not None:
        unfinished.chmod(stat.S_IMODE(mode))
    return unfinished


def _output_error(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    if error.errno == errno.ENOENT:
        reason = f"No such directory ({path.parent}); create it first"
    return OutputError(printable(f"cannot write {path}: {reason}"))
