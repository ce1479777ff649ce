"""Sizes as people write them: ``65536``, ``64KiB``, ``10MiB``; k, M and G alone are powers of 1024 too."""

import re
from typing import Final

_UNITS: Final = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_SIZE: Final = re.compile(r"(?P<number>[0-9]{1,12})\s*(?P<unit>[kmg]?)(?:i?b)?", re.IGNORECASE)
LARGEST: Final = 1024**3


def parse_size(text: str) -> int:
    """Return the bytes that `text` names, from 1 to a GiB; raises ValueError with a message for people."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a size: write 65536, 64KiB or 10MiB")
    size = int(match["number"]) * _UNITS[match["unit"].lower()]
    if not 0 < size <= LARGEST:
        raise ValueError(f"{text!r} is out of range: a size is from 1 byte to 1 GiB")
    return size


def format_size(size: int) -> str:
    """Return `size` (bytes) in the largest unit that divides it: ``64KiB``, ``1000``."""
    for unit in ("g", "m", "k"):
        if size and size % _UNITS[unit] == 0:
            return f"{size // _UNITS[unit]}{unit.upper()}iB"
    return str(size)
