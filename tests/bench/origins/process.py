"""Server processes, and the processor time that they took."""

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PATIENCE_S: Final = 10.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    command: Sequence[str | Path], *, descriptors: Iterable[int], variables: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of `command` that inherits `descriptors`; at the end its standard input ends, and it is stopped."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, pass_fds=list(descriptors), env={**os.environ, **(variables or {})}
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=_PATIENCE_S)


def cpu_s(process: int) -> float:
    """The seconds of processor time that `process` and its children took; 0 where /proc does not say."""
    total = 0.0
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
        total += sum(int(field) for field in fields[11:13]) / _TICKS
        for child in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split():
            total += cpu_s(int(child))
    return total
