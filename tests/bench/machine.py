"""How busy the whole machine is, so that a report can say what others did to its figures."""

import os
from pathlib import Path
from typing import Final

_STAT: Final = Path("/proc/stat")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_IDLE: Final = {3, 4, 8, 9}
"""Idle, waiting for a disk, and the guests, who count as users."""


def busy_s() -> float | None:
    """The processor time that everybody took since the machine started; None where the system does not say."""
    if not _STAT.exists():
        return None
    fields = _STAT.read_text("ascii").splitlines()[0].split()[1:]
    return sum(int(field) for index, field in enumerate(fields) if index not in _IDLE) / _TICKS
