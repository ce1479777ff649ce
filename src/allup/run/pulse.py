"""A timer that tells how late the event loop is."""

import asyncio
from collections.abc import Callable
from typing import Final

from allup.model.clock import Clock

BEAT_S: Final = 1 / 64
"""How often it beats in the beginning; a power of two, so that sums of it are exact."""
LONGEST_BEAT_S: Final = 1 / 4
_BEATS: Final = 1024
"""Beats before they become half as frequent: what a long run costs is bounded, too."""


class Pulse:
    """Calls `beat` again and again between `start` and `stop`.

    It is told how late the event loop was, and the time since the beat before, both in seconds.
    """

    def __init__(self, clock: Clock, beat: Callable[[float, float], None]) -> None:
        self._monotonic = clock.monotonic
        self._beat = beat
        self._timer: asyncio.TimerHandle | None = None
        self._last_at = self._due_at = 0.0
        self._wait_s = BEAT_S
        self._beats = 0

    def start(self) -> None:
        """Begin to beat."""
        self._last_at = self._monotonic()
        self._arm()

    def stop(self) -> None:
        """Beat no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        self._beats += 1
        if self._beats % _BEATS == 0 and self._wait_s < LONGEST_BEAT_S:
            self._wait_s *= 2
        self._due_at = self._last_at + self._wait_s
        self._timer = asyncio.get_running_loop().call_later(self._wait_s, self._ring)

    def _ring(self) -> None:
        now = self._monotonic()
        late_s, since_s = max(0.0, now - self._due_at), now - self._last_at
        self._last_at = now
        self._arm()
        self._beat(late_s, since_s)
