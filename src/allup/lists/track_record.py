"""What became of earlier searches: an expression that was given up again and again is not tried any more."""

import time
from functools import lru_cache
from typing import Final

from allup.model.answer import TooSlow

_MOST_TIMES: Final = 3
_FORGIVEN_AFTER_S: Final = 60.0
"""What runs for long may look at other bodies by then."""
_MOST_KEPT: Final = 1_000


class TrackRecord:
    """How often in a row the search for one expression was given up; shared by threads, which may miscount by one."""

    def __init__(self) -> None:
        self._times = 0
        self._last_at = 0.0

    def check(self, what: str) -> None:
        """Raise TooSlow where `what` was given up so often that others would wait for nothing."""
        if self._times >= _MOST_TIMES and time.monotonic() < self._last_at + _FORGIVEN_AFTER_S:
            raise TooSlow(f"{what} is not tried any more: it was given up {_MOST_TIMES} times in a row")

    def gave_up(self) -> None:
        """Note that it was given up."""
        self._times += 1
        self._last_at = time.monotonic()

    def came_to_an_end(self) -> None:
        """Note that it came to an end by itself."""
        self._times = 0


@lru_cache(_MOST_KEPT)
def track_record(source: str) -> TrackRecord:
    """Return the record of the expression `source`."""
    del source  # it is the cache's key
    return TrackRecord()
