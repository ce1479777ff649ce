"""All canaries of a run: asked when something fails, and until one of them answers again."""

import asyncio
import math
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self

from allup.model.canaries import CanarySettings, CanarySummary
from allup.model.clock import Clock
from allup.run.calling_off import call_off
from allup.run.canaries.canary import Canary, Opening

EVERY_S: Final = 0.2
"""How far apart they are asked at least, however much fails meanwhile."""
FIRST_POLL_S: Final = 0.5
LONGEST_POLL_S: Final = 2.0
"""How far apart they are asked at most while none answers: twice as long each time."""


class Canaries:
    """What they say of the network; a context manager, with which all that is asked ends.

    One that answers as expected is enough. Where none does, they are asked again and again, until one does or
    the patience of `settings` is at its end: then `lost` is True for good, and `on_lost` was called.
    `on_away` was called before, with the seconds that are left of it. Without any patience they are asked again
    when somebody wants to know.
    """

    def __init__(self, settings: CanarySettings, opening: Opening, clock: Clock) -> None:
        self._canaries = [Canary(target, opening) for target in settings.targets]
        self._monotonic = clock.monotonic
        self._patience_s = settings.patience_s
        self._asked_at = -math.inf
        self._next: asyncio.Task[None] | None = None  # a round that has not begun to ask
        self._current: asyncio.Task[None] | None = None  # one that has
        self._away_since: float | None = None
        self._timeout: asyncio.Timeout | None = None
        self._away_s = 0.0
        self._outages = 0
        self.present = False
        """Whether one answered when they were asked last."""
        self.lost = False
        self.back_at = -math.inf
        """When one answered again after none had; on the clock of the run."""
        self.on_lost: Callable[[], None] = lambda: None
        self.on_away: Callable[[float], None] = lambda _: None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        rounds = [task for task in (self._next, self._current) if task is not None]
        if rounds:
            await call_off(rounds)

    @property
    def are_awaited(self) -> bool:
        """Whether they are asked now and none has answered, so that everybody waits for them."""
        return not self.present and (self._current is not None or self._next is not None)

    @property
    def urls(self) -> Sequence[str]:
        """Where they are; printable."""
        return [canary.url for canary in self._canaries]

    @property
    def summary(self) -> CanarySummary:
        """How they did so far."""
        since = self._away_since
        return CanarySummary(
            canaries=tuple(canary.count for canary in self._canaries),
            outages=self._outages,
            away_s=self._away_s + (0.0 if since is None else self._monotonic() - since),
            lost=self.lost,
        )

    def give_up(self) -> None:
        """Wait no longer where none answers."""
        if self._away_since is not None and self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(asyncio.get_running_loop().time())

    async def presence(self) -> None:
        """Wait until one was there when they were asked last, or they are `lost`."""
        if not self.present and not self.lost:
            await asyncio.shield(self._current or self._next_round())

    async def word(self) -> None:
        """Wait for what they say from now on: that one is there, perhaps again, or that they are `lost`."""
        if self._away_since is not None:
            await self.presence()
        elif not self.lost:
            # An answer that is on its way already says nothing of what comes after it.
            await asyncio.shield(self._next_round())

    def _next_round(self) -> asyncio.Task[None]:
        if self._next is None:
            self._next = asyncio.create_task(self._round(self._current), name="allup-canaries")
        return self._next

    async def _round(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait((before,))
        if not self.lost:
            await asyncio.sleep(max(0.0, self._asked_at + EVERY_S - self._monotonic()))
            self._current, self._next = self._next, None
            try:
                await self._ask()
            finally:
                self._current = None

    async def _ask(self) -> None:
        if await self._any_sings():
            self.present = True
            return
        self.present = False
        self._outages += 1
        if self._patience_s is None:
            return
        self._away_since = self._monotonic()
        try:
            await self._wait_until_back(max(0.0, self._patience_s - self._away_s))
        finally:
            self._away_s += self._monotonic() - self._away_since
            self._away_since = None

    async def _wait_until_back(self, left_s: float) -> None:
        self.on_away(left_s)
        try:
            async with asyncio.timeout(left_s) as self._timeout:
                await self._poll()
        except TimeoutError:
            self.lost = True
            self.on_lost()
        else:
            self.present = True
            self.back_at = self._monotonic()

    async def _poll(self) -> None:
        wait_s = FIRST_POLL_S
        await asyncio.sleep(wait_s)
        while not await self._any_sings():
            wait_s = min(2 * wait_s, LONGEST_POLL_S)
            await asyncio.sleep(wait_s)

    async def _any_sings(self) -> bool:
        self._asked_at = self._monotonic()
        asked = [asyncio.create_task(one.sings(), name=f"allup-canary-{n}") for n, one in enumerate(self._canaries, 1)]
        try:
            for answer in asyncio.as_completed(asked):
                if await answer:
                    return True
            return False
        finally:
            await call_off(asked)
