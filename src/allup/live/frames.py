"""What the live view of `check` shows: the bar with its counts, and what takes longest below it."""

from collections.abc import Callable, Sequence

from rich.console import Group
from rich.text import Text

from allup.live.counts import counts
from allup.live.pace import Pace
from allup.live.slowest import Slowest
from allup.live.track import track
from allup.model.tally import Tally
from allup.report.look import Look
from allup.run.turns import Turn


class Frames:
    """Draws the state of a run whenever it is asked to; `total` None: how long the list is, is not known.

    `in_flight` says how many targets are, `turns` lists their turns, `known` says how many were known before:
    they are done, and say nothing about the pace. `clock` counts seconds, and is that of
    the turns; time counts from the call of `begin`.
    """

    def __init__(
        self,
        tally: Tally,
        look: Look,
        *,
        total: int | None,
        in_flight: Callable[[], int],
        turns: Callable[[], Sequence[Turn]],
        known: Callable[[], int] = int,
        clock: Callable[[], float],
    ) -> None:
        self._tally = tally
        self._look = look
        self._total = total
        self._in_flight = in_flight
        self._known = known
        self._slowest = Slowest(turns, clock, look)
        self._clock = clock
        self._pace = Pace()
        self._began_at = clock()

    def begin(self) -> None:
        """Count time from now on."""
        self._began_at = self._clock()

    def frame(self, width: int) -> Group:
        """Return the lines to be shown now, in `width` cells."""
        elapsed_s = self._clock() - self._began_at
        self._pace.note(elapsed_s, self._tally.total - self._known())
        return Group(self._first_line(elapsed_s, width), *self._slowest.lines(width))

    def _first_line(self, elapsed_s: float, width: int) -> Text:
        done = self._tally.total
        bar = track(done, self._total, elapsed_s=elapsed_s, room=width, look=self._look)
        line = counts(
            self._tally,
            total=self._total,
            in_flight=self._in_flight(),
            known=self._known(),
            elapsed_s=elapsed_s,
            pace=self._pace,
            look=self._look,
            width=width - len(bar),
        )
        return Text(no_wrap=True, overflow=self._look.overflow).join([bar, line])
