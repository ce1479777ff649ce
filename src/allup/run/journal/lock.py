"""One process at a time has a file: a lock that the kernel takes away with the process, however it ends."""

import sys
from errno import EACCES, EAGAIN, EDEADLK
from typing import Final

_HELD: Final = frozenset({EACCES, EAGAIN, EDEADLK})


def lock(fd: int) -> bool:
    """Lock the file of `fd` until it is closed; False where another process has it. Raises OSError."""
    try:
        _lock(fd)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True


if sys.platform == "win32":
    import msvcrt
    import os

    _BEYOND: Final = 2**62
    """A byte that no file has: on Windows, one that is locked cannot be read by another handle of this process."""

    def _lock(fd: int) -> None:
        os.lseek(fd, _BEYOND, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
