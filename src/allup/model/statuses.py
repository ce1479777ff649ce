"""Sets of HTTP statuses as people write them: ``200``, ``2xx``, ``200-299``, ``2xx,401``."""

import re
from dataclasses import dataclass
from typing import Final, Self

_ONE: Final = re.compile(r"[1-9][0-9]{2}")
_CLASS: Final = re.compile(r"[1-9]xx", re.IGNORECASE)
_RANGE: Final = re.compile(r"(?P<low>[1-9][0-9]{2})-(?P<high>[1-9][0-9]{2})")


@dataclass(frozen=True, slots=True)
class Statuses:
    """A set of statuses, kept as inclusive ranges, that still reads as it was written."""

    ranges: tuple[tuple[int, int], ...]
    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the set that `text` names; raises ValueError with a message for people."""
        parts = [part.strip() for part in text.split(",")]
        return cls(ranges=tuple(_parse_range(part) for part in parts), text=",".join(parts))

    def __contains__(self, status: int) -> bool:
        """Say whether `status` is in the set."""
        for low, high in self.ranges:  # noqa: SIM110 - any() makes a generator, in four times the time, for each answer
            if low <= status <= high:
                return True
        return False

    def __str__(self) -> str:
        """Return the set as it was written."""
        return self.text


def _parse_range(part: str) -> tuple[int, int]:
    if _ONE.fullmatch(part):
        return int(part), int(part)
    if _CLASS.fullmatch(part):
        return int(part[0]) * 100, int(part[0]) * 100 + 99
    match = _RANGE.fullmatch(part)
    if match is None:
        raise ValueError(f"{part!r} is not a status: write 200, 2xx, 200-299, or a list of these with commas")
    low, high = int(match["low"]), int(match["high"])
    if low > high:
        raise ValueError(f"{part!r} is an empty range: the lower status comes first")
    return low, high


SUCCESSFUL: Final = Statuses(ranges=((200, 299),), text="200-299")
"""What is expected where nothing else is said: RFC 9110, section 15.3."""
