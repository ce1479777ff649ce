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


class Slowest:
    """The few oldest turns that are older than `SLOW_S`; `turns` lists them, the oldest first."""

    def __init__(self, turns: Callable[[], Sequence[Turn]], clock: Callable[[], float], look: Look) -> None:
        self._turns = turns
        self._clock = clock
        self._look = look

    def lines(self) -> list[Text]:
        """Return a line for each: age, phase and URL, cut to the width in place of wrapped."""
        now = self._clock()
        slow = takewhile(lambda turn: now - turn.taken_at > SLOW_S, self._turns())
        return [self._line(turn, now) for turn in islice(slow, MOST)]

    def _line(self, turn: Turn, now: float) -> Text:
        age = format_duration(now - turn.taken_at)
        url = self._look.foreign(getattr(turn.entry, "url", ""))
        line = Text(f"{age:>6}  {doing(turn.phase)}  {url}", style="dim", no_wrap=True)
        line.overflow = "crop" if self._look.plain else "ellipsis"
        return line
