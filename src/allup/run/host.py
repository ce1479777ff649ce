"""One host of a run: who waits for it, and when it may be asked again."""

from collections import deque
from collections.abc import Callable

from allup.run.candidate import Candidate
from allup.run.rate import Rate


class Host:
    """The line before a host, in the list's order, retries behind.

    `slots` are the most that may be in flight to it at once (None: any number), `paused_until` and
    the rate say when the next may go, on the clock of `monotonic`.
    """

    __slots__ = (
        "_monotonic",
        "_rate",
        "_slots",
        "in_use",
        "line",
        "movers",
        "name",
        "offered",
        "paused_for_s",
        "paused_until",
        "timed",
    )

    def __init__(self, name: str, slots: int | None, rate: Rate | None, monotonic: Callable[[], float]) -> None:
        self.name = name
        self.line: deque[tuple[Candidate, float]] = deque()
        self.in_use = 0
        self.movers = 0
        self.offered = False
        self.timed = False
        self.paused_until = 0.0
        self.paused_for_s = 0.0
        self._slots = slots
        self._rate = rate
        self._monotonic = monotonic

    @property
    def has_room(self) -> bool:
        """Whether one more may be in flight."""
        return self._slots is None or self.in_use < self._slots

    @property
    def may_go(self) -> bool:
        """Whether the next one may be in flight now."""
        if self._slots is not None and self.in_use >= self._slots:
            return False
        # Most hosts never had a pause and have no rate: what time it is does not matter to them.
        return self.wait_s <= 0 if self.paused_until or self._rate is not None else True

    @property
    def wait_s(self) -> float:
        """How long the next one has to wait for the clock; zero or less: not at all."""
        pause_s = self.paused_until - self._monotonic()
        return pause_s if self._rate is None else max(pause_s, self._rate.wait_s)

    @property
    def is_paused(self) -> bool:
        """Whether it is to be left alone now, whatever its rate says."""
        return self.paused_until > self._monotonic()

    @property
    def spent_s(self) -> float:
        """How long it was paused up to now."""
        return self.paused_for_s - max(0.0, self.paused_until - self._monotonic())

    @property
    def unused(self) -> bool:
        """Whether nobody is in line for it, on the way to it, or in flight to it."""
        return not (self.line or self.in_use or self.movers or self.offered)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to remember about it but for how long it was paused."""
        return self.unused and not (self.timed or self.wait_s > 0)

    def allow(self, slots: int) -> None:
        """Let so many be in flight at once from now on."""
        self._slots = slots

    def enter(self) -> None:
        """Use one slot, and one turn of the rate."""
        self.in_use += 1
        if self._rate is not None:
            self._rate.take()

    def leave(self) -> None:
        """Give the slot back."""
        self.in_use -= 1

    def pause(self, seconds: float) -> None:
        """Let nobody go for `seconds` from now."""
        until = self._monotonic() + seconds
        if until > self.paused_until:
            self.paused_for_s += until - max(self.paused_until, self._monotonic())
            self.paused_until = until
