"""Numbers as a line of small bars."""

from collections.abc import Sequence
from typing import Final

_BARS: Final = "▁▂▃▄▅▆▇█"
_PLAIN: Final = "_.-=+*%#"


def sparkline(values: Sequence[float], *, width: int, plain: bool) -> str:
    """Return the last `width` of `values` (zero or more), the largest of them as a full bar."""
    shown = values[-width:]
    bars = _PLAIN if plain else _BARS
    most = max(shown, default=0.0) or 1.0
    return "".join(bars[min(len(bars) - 1, int(value / most * len(bars)))] for value in shown)
