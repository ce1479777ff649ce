"""Durations as people write them: ``500ms``, ``2s``, ``1.5m``, ``1h``; a bare number is seconds."""

import re
from typing import Final

_SECONDS_PER_UNIT: Final = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION: Final = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*(?P<unit>ms|s|m|h|)")
_DAYS: Final = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]*)?)\s*d")
LONGEST_S: Final = 366 * 24 * 3600.0


def parse_duration(text: str) -> float:
    """Return the seconds that `text` names: more than zero, a year at most.

    Raises ValueError with a message for people.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a duration: write 500ms, 2s, 1.5m or 1h (a bare number is seconds)")
    seconds = float(match["number"]) * _SECONDS_PER_UNIT[match["unit"]]
    if not 0 < seconds <= LONGEST_S:
        raise ValueError(f"{text!r} is out of range: a duration is more than 0 and a year at most")
    return seconds


def parse_wait(text: str) -> float:
    """Return the seconds that `text` names, as `parse_duration`, but nothing (``0``) is a wait too."""
    return 0.0 if text.strip() in {"0", "0s", "0ms"} else parse_duration(text)


def parse_period(text: str) -> float:
    """Return the seconds that `text` names, as `parse_duration`, but days are a unit too: ``90d``, ten years at most.

    Raises ValueError with a message for people.
    """
    days = _DAYS.fullmatch(text.strip())
    if days is None:
        return parse_duration(text)
    seconds = float(days["number"]) * 24 * 3600
    if not 0 < seconds <= 10 * LONGEST_S:
        raise ValueError(f"{text!r} is out of range: a period is more than 0 and ten years at most")
    return seconds


def parse_rate(text: str) -> float:
    """Return how often a second: ``5`` and ``5/s`` are five times, ``30/m`` is every two seconds.

    Raises ValueError with a message for people.
    """
    number, slash, unit = text.strip().partition("/")
    try:
        times = float(number)
        per_s = times / (_SECONDS_PER_UNIT[unit] if slash else 1.0)
    except (ValueError, KeyError):
        per_s = 0.0
    if not 1e-6 <= per_s <= 1e6 or (unit in ("", "ms") and slash):
        raise ValueError(f"{text!r} is not a rate: write 5/s, 30/m or 100/h (a bare number is per second)")
    return per_s


def format_duration(seconds: float) -> str:
    """Return `seconds` (zero or more) in the unit that reads best: ``0.4ms``, ``812ms``, ``2.5s``, ``3m20s``."""
    if seconds < 0.0095:
        return f"{seconds * 1000:.1f}ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f}ms"
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0") + "s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}m{rest:02d}s" if rest else f"{minutes}m"
    return f"{minutes // 60}h{minutes % 60:02d}m"
