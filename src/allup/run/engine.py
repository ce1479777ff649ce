"""A run from its first turn to its last result: attempts, retries, confirmation, and an end in good order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from allup.model.canaries import unknowable
from allup.model.clock import Clock
from allup.model.limited_by import Bottleneck
from allup.model.result import Result, cut_short, judged, not_started, unasked, unreadable
from allup.model.settings import CheckSettings, PaceSettings
from allup.model.stop import Stop
from allup.model.target import InvalidTarget, Target
from allup.run.asking import asked
from allup.run.candidate import Candidate, Candidates
from allup.run.client import Client
from allup.run.comeback import comes_back
from allup.run.delivery import Delivery
from allup.run.doubts import Doubts
from allup.run.fanout import Work, fan_out
from allup.run.polite import PoliteTurns
from allup.run.retrying import Retrying
from allup.run.turns import Turn

if TYPE_CHECKING:  # for those who leave the number to it
    from allup.run.adaptive.governor import Governor

COOL_DOWN_S: Final = 5.0
"""What a confirmation waits before it begins: long enough for a restart."""
CONFIRM_CONCURRENCY: Final = 5
BY_SIGNAL: Final = frozenset({Stop.INTERRUPT, Stop.TERMINATE})
_GRACEFUL: Final = BY_SIGNAL | {Stop.OFFLINE}


class Engine:
    """Gives every candidate exactly one result, also where it is stopped.

    `note` is told of each result at once, `hand_over` takes it, or returns what is to be awaited until it has. Before
    both, `compare` gives it its past, if there is one; `keep` is told of what was asked and will not be asked again.
    `run` is to be called once, in a task of its own: to cut it short, the engine cancels that task.
    """

    def __init__(
        self,
        candidates: Candidates,
        settings: CheckSettings,
        *,
        client: Client,
        clock: Clock,
        note: Callable[[Result], None],
        hand_over: Callable[[Result], Awaitable[None] | None],
        compare: Callable[[Result], Result] | None = None,
        keep: Callable[[Result], None] | None = None,
    ) -> None:
        self._client = client
        self._settings = settings
        self._clock = clock
        self._delivery = Delivery(settings, note=note, hand_over=hand_over, compare=compare, stop=self.stop)
        self._deliver = self._delivery.deliver
        self._keep_final = keep
        self._retrying = Retrying(settings=settings.retry)
        self._turns = self._turns_for(candidates, settings.pace, settings.concurrency)
        self.governor = _governor(self._turns, clock, settings) if settings.adaptive else None
        self._doubts = Doubts()
        self._cooling = self._confirming = False
        self._earlier_peak = 0
        self._stop: Stop | None = None
        self._signal: Stop | None = None  # one that came after the run had stopped by itself
        self._task: asyncio.Task[None] | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._cutting = False

    @property
    def stopped_by(self) -> Stop | None:
        """What ended the run early, if anything did; a signal goes before what came earlier."""
        return self._signal or self._stop

    @property
    def in_flight(self) -> Sequence[Turn]:
        """The turns that are under way, the oldest first."""
        return tuple(self._turns.in_flight.values())

    @property
    def pauses(self) -> Mapping[str, float]:
        """The hosts that are paused now, with the seconds that are left."""
        return self._turns.pauses

    @property
    def held_up_by(self) -> tuple[Bottleneck, str | None] | None:
        """What keeps the next target from being asked, and its host or URL; None: the run is to end."""
        if self._stop is not None:
            return None
        if self._cooling or self._confirming:
            return Bottleneck.CONFIRM, None
        return self._turns.held_up_by

    @property
    def peak_in_flight(self) -> int:
        """How many were in flight at most, over all passes."""
        return max(self._earlier_peak, self._turns.peak_in_flight)

    async def run(self) -> None:
        """Run to the end; raises what a client or a list raises that is no failure of a target."""
        try:
            await self._interruptibly(self._all_passes)
            await self._account_for_the_rest()
        finally:
            for timer in self._timers:
                timer.cancel()
            await self._turns.aclose()
            self._doubts.close()

    def stop(self, reason: Stop) -> None:
        """Give no more turns; what is in flight may end within the grace of an interrupt, else is cut short."""
        first = self._stop is None
        if first:
            self._stop = reason
            self._turns.close()
        elif reason in BY_SIGNAL and self._stop not in BY_SIGNAL and self._signal is None:
            self._signal = reason
        if reason not in _GRACEFUL or not self._turns.in_flight:
            self._cut()
        elif first:
            self._later(self._settings.grace_s, self._cut)

    async def take_in(self, result: Result) -> None:
        """Report a result that was known before: it counts as if it had been asked for now."""
        await self._deliver(result)

    async def _interruptibly(self, work: Callable[[], Awaitable[None]]) -> None:
        self._task = asyncio.current_task()
        try:
            await work()
        except asyncio.CancelledError:
            # Only the cancellation that `stop` asked for ends here; one from outside passes.
            if not self._cutting or self._task is None or self._task.uncancel() > 0:
                raise
        finally:
            self._task = None

    def _cut(self) -> None:
        if self._task is not None and not self._cutting:
            self._cutting = True
            self._task.cancel()

    def _later(self, seconds: float, call: Callable[..., None], *arguments: object) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, call, *arguments))

    async def _all_passes(self) -> None:
        if self._settings.deadline_s is not None:
            self._later(self._settings.deadline_s, self.stop, Stop.DEADLINE)
        await self._pass(self._settings.concurrency)
        if len(self._doubts) and self._stop is None:
            await self._confirm()

    async def _pass(self, concurrency: int) -> None:
        await fan_out(Work(turns=self._turns, visit=self._visit, concurrency=concurrency))

    async def _confirm(self) -> None:
        self._cooling = True
        await asyncio.sleep(COOL_DOWN_S)
        concurrency = min(self._settings.concurrency, CONFIRM_CONCURRENCY)
        await self._turns.aclose()
        self._confirming = True
        self._earlier_peak = self._turns.peak_in_flight
        self._doubts.rewind()
        self._turns = self._turns_for(self._doubts, replace(self._settings.pace, per_host=1), concurrency)
        await self._pass(concurrency)

    def _turns_for(self, candidates: Candidates, pace: PaceSettings, concurrency: int) -> PoliteTurns:
        return PoliteTurns(candidates, self._clock, pace, concurrency=concurrency)

    async def _visit(self, turn: Turn) -> None:
        entry = turn.entry
        if isinstance(entry, InvalidTarget):
            await self._deliver(unreadable(turn.index, entry))
            return
        try:
            attempt = await asked(self._client, turn, entry)
        except asyncio.CancelledError:
            if self._stop is not None:
                self._delivery.put_by(
                    cut_short(turn.index, entry, self._stop, turn.phase, attempts=turn.attempt_number)
                )
            raise
        result = judged(turn.index, entry, attempt, attempts=turn.attempt_number)
        if self.governor is not None and not self._confirming:
            self.governor.answered(turn, result)
        if result.failure is None or not (
            self._tried_again(result, entry, turn.host or entry.host) or self._put_in_doubt(result)
        ):
            if self._keep_final is not None and self._is_final(result):
                self._keep_final(result)
            await self._deliver(result)

    def _tried_again(self, result: Result, target: Target, answered_by: str) -> bool:
        if self._stop is not None or self._confirming:
            return False
        return comes_back(result, target, answered_by, self._retrying, self._turns)

    def _put_in_doubt(self, result: Result) -> bool:
        doubtful = self._settings.confirm and not self._confirming and self._stop is None
        if not doubtful or result not in self._settings.retry.on:
            return False
        self._doubts.add(result)
        return True

    def _is_final(self, result: Result) -> bool:
        # A run that was stopped gives nobody another chance: the one that goes on does.
        return self._stop is None or result.failure is None or result not in self._settings.retry.on

    async def _account_for_the_rest(self) -> None:
        await self._delivery.deliver_rest()
        if self._stop is None:
            return
        async for candidate in self._turns.rest():
            await self._deliver(self._as_it_stands(candidate, self._stop))
        if not self._confirming:
            for candidate in self._doubts.unread():
                await self._deliver(self._as_it_stands(candidate, self._stop))

    def _as_it_stands(self, candidate: Candidate, stop: Stop) -> Result:
        # What failed and waited for another attempt has failed, as far as anybody knows.
        if candidate.last is None and stop is Stop.OFFLINE:
            urls = [canary.url for canary in self._settings.canaries.targets]
            return unasked(candidate.index, candidate.entry, unknowable(urls, None))
        return candidate.last or not_started(candidate.index, candidate.entry, detail=f"{stop.value} before its turn")


def _governor(turns: PoliteTurns, clock: Clock, settings: CheckSettings) -> "Governor":
    from allup.run.adaptive.governor import Governor  # noqa: PLC0415 - likewise

    return Governor(turns, clock.monotonic, most=settings.concurrency, per_host=settings.pace.per_host)
