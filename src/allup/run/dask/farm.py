"""A run over the workers of a cluster: every target goes to the worker that has its host."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.limited_by import Bottleneck
from allup.model.result import Result, cut_short, judged, not_started, unreadable
from allup.model.retry_on import RetryOn
from allup.model.selection import EVERYTHING
from allup.model.settings import CheckSettings, FailOn, RetrySettings
from allup.model.stop import Stop
from allup.model.target import InvalidTarget, Target
from allup.run.candidate import Candidate, Candidates
from allup.run.dask.places import Places
from allup.run.dask.staff import NOBODY_S, Cluster, Staff
from allup.run.dask.station import Station, result_of
from allup.run.dask.turn import DistantTurn, phase_of
from allup.run.dask.words import Told
from allup.run.delivery import Delivery
from allup.run.doubts import Doubts
from allup.run.engine import BY_SIGNAL, CONFIRM_CONCURRENCY, COOL_DOWN_S
from allup.run.polite import LOOK_AHEAD
from allup.run.reader import Reader

PATIENCE_S: Final = 3.0
"""How long workers have to tell what became of their targets, once the run has ended early."""
MOST_LOST: Final = 3
"""Workers that may be lost over one target; it may be the target that ends them."""
_NEVER: Final = RetryOn(kinds=frozenset(), statuses=None, text="")


class Farm:
    """Gives every candidate exactly one result, also where workers are lost and where it is stopped.

    `note` is told of each result at once, `hand_over` takes it, or returns what is to be awaited until it has. What a
    lost worker had in hand goes to another one. `run` is to be called once, in a task of its own.
    """

    def __init__(
        self,
        candidates: Candidates,
        settings: CheckSettings,
        *,
        cluster: Cluster,
        clock: Clock,
        note: Callable[[Result], None],
        hand_over: Callable[[Result], Awaitable[None] | None],
        compare: Callable[[Result], Result] | None = None,
        keep: Callable[[Result], None] | None = None,
    ) -> None:
        self._cluster = cluster
        self._settings = settings
        self._clock = clock
        self._delivery = Delivery(settings, note=note, hand_over=hand_over, compare=compare, stop=self.stop)
        self._deliver = self._delivery.deliver
        self._keep_final = keep
        self._changed = asyncio.Event()
        self._reader = Reader(candidates, clock.monotonic, self._changed.set)
        self._doubts = Doubts()
        self._confirming = False
        self._staff: Staff | None = None
        shard = settings.selection.shard
        self._places = Places(lambda: self._stations, within=1 if shard is None else shard.count)
        self._outstanding = 0
        self._backlog: deque[Candidate] = deque()
        self._losses = Counter[int]()
        self._phases: dict[int, tuple[int, Phase]] = {}
        self._earlier_peak = 0
        self._stop: Stop | None = None
        self._signal: Stop | None = None
        self._impatient = False
        self._given_up = False
        self.governor = None
        self._timers: list[asyncio.TimerHandle] = []
        self._stopping: set[asyncio.Task[None]] = set()

    @property
    def stopped_by(self) -> Stop | None:
        """What ended the run early, if anything did; a signal goes before what came earlier."""
        return self._signal or self._stop

    @property
    def in_flight(self) -> Sequence[DistantTurn]:
        """The turns that are under way, as the workers told last, the oldest first."""
        now = self._clock.monotonic()
        turns = [
            DistantTurn(candidate, told, address=station.address, now=now)
            for station in self._stations
            for told in station.under_way
            if (candidate := station.outstanding.get(told[0])) is not None
        ]
        return sorted(turns, key=lambda turn: turn.taken_at)

    @property
    def pauses(self) -> Mapping[str, float]:
        """The hosts that are paused now, with the seconds that are left."""
        return {host: left_s for station in self._stations for host, left_s in station.pauses.items()}

    @property
    def held_up_by(self) -> tuple[Bottleneck, str | None] | None:
        """What keeps the next target from being asked, as a worker told last; None: the run is to end."""
        if self._stop is not None:
            return None
        if self._confirming:
            return Bottleneck.CONFIRM, None
        told = [station.held_up_by for station in self._stations if station.held_up_by is not None]
        # A worker that waits for its list has all that there is.
        waits = next((one for one in told if one[0] is not Bottleneck.LIST), None)
        return waits or (Bottleneck.SLOWEST if self._reader.ended else Bottleneck.LIST, None)

    @property
    def peak_in_flight(self) -> int:
        """How many were in flight at most, the most of each worker taken together."""
        return max(self._earlier_peak, 0 if self._staff is None else self._staff.peak_in_flight)

    async def run(self) -> None:
        """Run to the end; raises what a client or a list raises that is no failure of a target, and UsageError."""
        try:
            if self._settings.deadline_s is not None:
                self._later(self._settings.deadline_s, self.stop, Stop.DEADLINE)
            await self._pass(self._settings)
            if len(self._doubts) and not self._ended_early:
                await self._confirm()
            await self._account_for_the_rest()
        finally:
            for timer in self._timers:
                timer.cancel()
            await self._reader.aclose()
            self._doubts.close()

    def stop(self, reason: Stop) -> None:
        """Send no more; what is in flight may end within the grace of an interrupt, else is cut short."""
        first = self._stop is None
        if first:
            self._stop = reason
            self._reader.stop()
            self._withdraw()
        elif reason in BY_SIGNAL and self._stop not in BY_SIGNAL and self._signal is None:
            self._signal = reason
        if first or reason not in BY_SIGNAL:
            self._pass_on(reason)
            grace_s = self._settings.grace_s if reason in BY_SIGNAL else 0.0
            self._later(grace_s + PATIENCE_S, self._lose_patience)
        self._changed.set()

    async def take_in(self, result: Result) -> None:
        """Report a result that was known before: it counts as if it had been asked for now."""
        await self._deliver(result)

    @property
    def _stations(self) -> Sequence[Station]:
        return () if self._staff is None else self._staff.stations

    @property
    def _ended_early(self) -> bool:
        return self._stop is not None or self._given_up

    def _later(self, seconds: float, call: Callable[..., None], *arguments: object) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, call, *arguments))

    def _withdraw(self) -> None:
        self._take_back(self._places.withdraw())
        for station in self._stations:
            self._take_back(station.withdraw())

    def _lose_patience(self) -> None:
        self._impatient = True
        self._changed.set()

    def _pass_on(self, reason: Stop) -> None:
        if self._staff is not None:
            task = asyncio.create_task(self._staff.stop(reason), name="allup-stop-workers")
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)

    async def _confirm(self) -> None:
        give_up_at = self._clock.monotonic() + COOL_DOWN_S
        while not self._ended_early and (left_s := give_up_at - self._clock.monotonic()) > 0:
            self._changed.clear()
            try:
                async with asyncio.timeout(left_s):
                    await self._changed.wait()
            except TimeoutError:
                break
        if self._ended_early:
            return
        self._confirming = True
        self._doubts.rewind()
        self._reader = Reader(self._doubts, self._clock.monotonic, self._changed.set)
        gently = replace(self._settings.pace, per_host=1)
        retry = RetrySettings(on=_NEVER)
        concurrency = min(CONFIRM_CONCURRENCY, self._settings.concurrency)
        await self._pass(replace(self._settings, concurrency=concurrency, pace=gently, retry=retry))

    async def _pass(self, settings: CheckSettings) -> None:
        staff = self._staff = Staff(
            self._cluster,
            _of_a_worker(settings),
            deliver=self._told,
            came=self._places.join,
            lost=self._lost,
            changed=self._changed.set,
        )
        keeping = asyncio.create_task(staff.keep(), name="allup-staff")
        keeping.add_done_callback(lambda _: self._changed.set())
        try:
            while not (self._is_over or keeping.done()):
                if not await self._send_next(staff, settings.concurrency):
                    self._changed.clear()
                    await self._changed.wait()
        finally:
            for task in (keeping, *self._stopping):
                task.cancel()
            await asyncio.wait([keeping, *self._stopping])
            self._earlier_peak = self.peak_in_flight
            self._staff = None
        if not keeping.cancelled():
            keeping.result()

    @property
    def _is_over(self) -> bool:
        if self._staff is not None and self._staff.nobody:
            self._given_up = True
        if self._given_up or self._impatient:
            return True
        if self._outstanding:
            return False
        return self._stop is not None or (self._reader.ended and not self._backlog)

    async def _send_next(self, staff: Staff, concurrency: int) -> bool:
        """Send one; False where there is none, or it has to wait until something changes."""
        room = LOOK_AHEAD + 2 * concurrency * len(staff.stations)
        if self._stop is not None or not staff.is_ready or self._outstanding >= room:
            return False
        candidate = self._backlog.popleft() if self._backlog else self._reader.next()
        if candidate is None:
            self._reader.read_on()
            return False
        if isinstance(candidate.entry, InvalidTarget):
            await self._deliver(unreadable(candidate.index, candidate.entry))
        elif self._losses and self._losses[candidate.index] >= MOST_LOST:
            await self._deliver(self._unasked(candidate, candidate.entry))
        else:
            self._places.send(candidate)
            self._outstanding += 1
        return True

    async def _told(self, candidate: Candidate, told: Told) -> None:
        self._outstanding -= 1
        self._places.done(candidate)
        self._changed.set()
        result = result_of(candidate, told)
        if self._losses:
            self._losses.pop(candidate.index, None)
            self._phases.pop(candidate.index, None)
        passing = result in self._settings.retry.on
        if passing and self._settings.confirm and not self._confirming and self._stop is None:
            self._doubts.add(result)
            return
        # A run that was stopped gives nobody another chance: the one that goes on does.
        if self._keep_final is not None and (self._stop is None or not passing):
            self._keep_final(result)
        await self._deliver(result)

    def _lost(self, station: Station) -> None:
        for candidate in station.outstanding.values():
            self._losses[candidate.index] += 1
        self._phases |= {told[0]: phase_of(told) for told in station.under_way if told[0] in station.outstanding}
        self._take_back(self._places.lose(station))

    def _take_back(self, candidates: Sequence[Candidate]) -> None:
        self._outstanding -= len(candidates)
        self._backlog.extend(candidates)

    async def _account_for_the_rest(self) -> None:
        await self._delivery.deliver_rest()
        if not self._ended_early:
            return
        for candidate in sorted(self._backlog, key=lambda one: one.index):
            await self._deliver(self._as_it_stands(candidate))
        async for candidate in self._reader.rest():
            await self._deliver(self._as_it_stands(candidate))
        if not self._confirming:
            for candidate in self._doubts.unread():
                await self._deliver(self._as_it_stands(candidate))

    def _as_it_stands(self, candidate: Candidate) -> Result:
        if candidate.last is not None:
            return candidate.last
        entry = candidate.entry
        if isinstance(entry, InvalidTarget):
            return unreadable(candidate.index, entry)
        if self._stop is None:
            return self._unasked(candidate, entry)
        if candidate.index in self._phases:
            attempts, phase = self._phases[candidate.index]
            return cut_short(candidate.index, entry, self._stop, phase, attempts=attempts)
        return not_started(candidate.index, entry, detail=f"{self._stop.value} before its turn")

    def _unasked(self, candidate: Candidate, target: Target) -> Result:
        lost = self._losses[candidate.index]
        detail = (
            f"{lost} workers were lost that had it"
            if lost >= MOST_LOST
            else f"no worker was there for {NOBODY_S:g}s, or no scheduler"
        )
        failure = Failure(kind=FailureKind.LOCAL, certainty=Certainty.LOCAL, phase=Phase.BLOCKED, detail=detail)
        attempt = Attempt(started_at=self._clock.wall(), elapsed_s=0.0, method=target.request.method, failure=failure)
        return judged(candidate.index, target, attempt, attempts=candidate.attempts + 1)


def _of_a_worker(settings: CheckSettings) -> CheckSettings:
    """Return what a worker is told: all else is decided here."""
    return replace(
        settings,
        dask=None,
        processes=1,
        selection=EVERYTHING,
        fail_on=FailOn.ANY,
        confirm=False,
        deadline_s=None,
        max_failures=None,
    )
