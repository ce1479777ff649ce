"""How a run is: what it waits for, and how late its event loop is, looked at by a timer."""

from collections.abc import Callable

from allup.model.clock import Clock
from allup.model.limited_by import LimitedBy
from allup.model.loop_lag import LoopLag
from allup.model.result import Result
from allup.run.bottlenecks import Bottlenecks, Look
from allup.run.lag_meter import LagMeter
from allup.run.pulse import Pulse


class Vitals:
    """Looks at the run while it goes on; `last` is its last result, and costs nothing but to be kept.

    `beat` is told how late the event loop is and the time since it was told before, in seconds.
    """

    def __init__(self, look: Look, clock: Clock, *, beat: Callable[[float, float], None] | None = None) -> None:
        self.last: Result | None = None
        self._told = beat
        self._meter = LagMeter()
        self._bottlenecks = Bottlenecks(look, clock.cpu)
        self._pulse = Pulse(clock, self._beat)

    def start(self) -> None:
        """Begin to look."""
        self._pulse.start()

    def stop(self) -> None:
        """Look no more."""
        self._pulse.stop()

    @property
    def lag(self) -> LoopLag | None:
        """How late the event loop was; None where the run was too short to tell."""
        return self._meter.lag

    def limited_by(self, wall_s: float) -> LimitedBy | None:
        """Return what the run waited for, which took `wall_s`; None where nothing was asked."""
        last = self.last
        return self._bottlenecks.limited_by(wall_s, None if last is None or last.attempt is None else last.url)

    def _beat(self, late_s: float, since_s: float) -> None:
        self._meter.add(late_s, self.last)
        self._bottlenecks.add(since_s)
        if self._told is not None:
            self._told(late_s, since_s)
