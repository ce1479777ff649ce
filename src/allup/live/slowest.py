"""What takes longest right now, for the lines below the progress bar."""

from collections.abc import Callable, Sequence
from itertools import islice, takewhile
from typing import Final

from rich.text import Text

from allup.model.duration import format_duration
from allup.model.failure import doing
from allup.report.look import Look
from allup.run.turns import Turn

MOST: Final = 3
SLOW_S: Final = 1.0
_NARROW: Final = 60
"""Cells below which a phase is called by its short name."""


class Slowest:
    """The few oldest turns that are older than `SLOW_S`; `turns` lists them, the oldest first."""

    def __init__(self, turns: Callable[[], Sequence[Turn]], clock: Callable[[], float], look: Look) -> None:
        self._turns = turns
        self._clock = clock
        self._look = look

    def lines(self, width: int) -> list[Text]:
        """Return a line for each: age, phase and URL, cut to `width` in place of wrapped."""
        now = self._clock()
        slow = list(islice(takewhile(lambda turn: now - turn.taken_at > SLOW_S, self._turns()), MOST))
        phases = [turn.phase.value if width < _NARROW else doing(turn.phase) for turn in slow]
        wide = max(map(len, phases), default=0)
        return [self._line(turn, now, phase.ljust(wide)) for turn, phase in zip(slow, phases, strict=True)]

    def _line(self, turn: Turn, now: float, phase: str) -> Text:
        age = format_duration(now - turn.taken_at)
        url = self._look.foreign(getattr(turn.entry, "url", ""))
        return Text(f"{age:>6}  {phase}  {url}", style="dim", no_wrap=True, overflow=self._look.overflow)
