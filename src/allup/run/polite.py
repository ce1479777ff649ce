"""Turns with manners: a cap for all, caps and rates for hosts, pauses, and retries that wait outside.

A candidate takes its host's slot before a global one. The list is read ahead, but only where
nobody who was read already may go, and never further than `LOOK_AHEAD`: so a slow host's backlog
holds no global slot, holds back nobody else, and takes a bounded amount of memory, also where one
host owns the whole list.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from functools import cached_property
from typing import Final

from allup.model.clock import Clock
from allup.model.limited_by import Bottleneck
from allup.model.settings import PaceSettings
from allup.model.target import InvalidTarget, Target
from allup.run.agenda import Agenda
from allup.run.candidate import Candidate, Candidates
from allup.run.host import Host
from allup.run.hosts import Hosts
from allup.run.rate import Rate
from allup.run.reader import Reader
from allup.run.turns import Turn

LOOK_AHEAD: Final = 10_000
"""Candidates that may be in line: those that were read, and those that wait for a retry."""
_READ_AT_ONCE: Final = 64
"""Candidates that are read before others on the event loop get their turn."""


class PoliteTurns:
    """The candidates, each as soon as its host, the pace and the cap allow it; among those, in order."""

    def __init__(self, candidates: Candidates, clock: Clock, pace: PaceSettings, *, concurrency: int) -> None:
        self._monotonic = clock.monotonic
        self._pace = pace
        self._concurrency = concurrency
        self._changed = asyncio.Event()
        self._taking = asyncio.Lock()
        self._rate = self._new_rate(pace.rate_per_s)
        self._reader = Reader(candidates, clock.monotonic, self._changed.set)
        self._agenda: Agenda[Host | tuple[Candidate, str] | None] = Agenda(clock.monotonic, self._on_due)
        self._hosts = Hosts(self._new_host, call_later=lambda host, wait_s: self._agenda.add(host, in_s=wait_s))
        self._movers: deque[tuple[Turn, Host, asyncio.Future[None]]] = deque()
        self._takers = 0
        self._calling = False
        self._in_line = 0
        self._out_for_retry = 0
        self._active = 0
        self._more_to_read = False
        self._closed = False
        self._slots_of: Callable[[str], int] | None = None
        self.in_flight: dict[int, Turn] = {}
        self.peak_in_flight = 0

    async def take(self) -> Turn | None:
        """Wait for the next turn; None once nobody is left, or after `close`.

        Turns come in their order, whoever takes them: who has just released one may go on before who waits.
        """
        turn = None if self._closed else self._next_turn()
        if turn is not None:
            return turn
        if self._more_to_read:
            self._changed.set()
        self._takers += 1
        try:
            return await self._awaited_turn()
        finally:
            self._takers -= 1

    async def _awaited_turn(self) -> Turn | None:
        async with self._taking:  # one waits for all
            while not self._closed:
                turn = self._next_turn()
                if turn is not None:
                    return turn
                if self._over:
                    return None
                await self._wait()
        return None

    def release(self, turn: Turn) -> None:
        """End `turn`: its slots are free."""
        del self.in_flight[turn.index]
        self._active -= 1
        if turn.host is not None:
            self._hosts.leave(turn.host)
        if self._movers:
            self._serve_movers()
        # Most who release a turn take the next one at once: whoever waits is called after that, and only if need be.
        if self._takers and not self._calling:
            self._calling = True
            self._loop.call_soon(self._call_taker)

    def retry(self, candidate: Candidate, host: str, *, after_s: float) -> None:
        """Put `candidate` at the back of the line of `host` in `after_s`; it holds no slot until then."""
        self._out_for_retry += 1
        self._agenda.add((candidate, host), in_s=after_s)

    def pause(self, host: str, seconds: float) -> None:
        """Give no turn to `host` for `seconds`."""
        self._hosts[host].pause(seconds)

    def paused_for_s(self, host: str) -> float:
        """How long `host` was paused in this run up to now; what is left of a pause is not in it."""
        return self._hosts.spent_s(host)

    @property
    def pauses(self) -> dict[str, float]:
        """The hosts that are paused now, with the seconds that are left."""
        return {host.name: host.wait_s for host in self._hosts if host.paused_until > self._monotonic()}

    def adapt(self, concurrency: int, slots_of: Callable[[str], int]) -> None:
        """Have the caps change on the way: from now on `concurrency`, and for a host that is new `slots_of` it."""
        self._concurrency = concurrency
        self._slots_of = slots_of

    def allow(self, concurrency: int, host: str | None, slots: int) -> None:
        """Allow so many at once, and so many to `host`, from whom somebody has a turn that is about to be released."""
        self._concurrency = concurrency
        if host is not None:
            self._hosts[host].allow(slots)

    @property
    def active(self) -> int:
        """How many hold a slot."""
        return self._active

    def active_at(self, host: str) -> int:
        """How many hold a slot of `host`, which somebody does."""
        return self._hosts[host].in_use

    @property
    def held_up_by(self) -> tuple[Bottleneck, str | None]:
        """What keeps the next turn from being given, and the host or the URL that it is about."""
        if self._active >= self._concurrency:
            return Bottleneck.CAP, None
        if self._in_line or not self._reader.ended:
            if self._rate is not None and self._rate.wait_s > 0:
                return Bottleneck.RATE, None
            if not self._in_line and self._reader.is_reading:
                return Bottleneck.LIST, None
            # Where nothing is in the way, nobody has come round to it yet.
            return self._hosts.in_the_way or (Bottleneck.CPU, None)
        if self.in_flight:
            entry = next(iter(self.in_flight.values())).entry
            return Bottleneck.SLOWEST, entry.url if isinstance(entry, Target) else None
        paused = self._hosts.paused
        return (Bottleneck.BACKOFF, None) if paused is None else (Bottleneck.RETRY_AFTER, paused)

    def close(self) -> None:
        """Give no more turns; what is in flight goes on, and `rest` has what is left."""
        self._closed = True
        self._reader.stop()
        self._changed.set()

    async def rest(self) -> AsyncIterator[Candidate]:
        """Yield all candidates that will get no turn any more, those that waited for a retry included."""
        waiting = [candidate for host in self._hosts for candidate, _ in host.line]
        waiting += [item[0] for item in self._agenda.items() if isinstance(item, tuple)]
        for candidate in sorted(waiting, key=lambda one: one.index):
            yield candidate
        async for candidate in self._reader.rest():
            yield candidate

    async def aclose(self) -> None:
        """End the tasks and timers behind it."""
        self._agenda.close()
        await self._reader.aclose()

    @cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        # Kept, since before Python 3.12 to ask for it, or for the task without it, is a system call.
        return asyncio.get_running_loop()

    @property
    def _over(self) -> bool:
        # What is in flight may come back for a retry.
        return self._reader.ended and not (self._in_line or self._out_for_retry or self.in_flight)

    async def _wait(self) -> None:
        if self._more_to_read:
            await asyncio.sleep(0)
            return
        self._changed.clear()  # nothing was awaited since it was looked at
        await self._changed.wait()

    def _next_turn(self) -> Turn | None:
        self._more_to_read = False
        if self._active >= self._concurrency or (self._rate is not None and self._must_wait(self._rate)):
            return None
        host = self._hosts.next_ready()
        return self._read_ahead() if host is None else self._begin_next(host)

    def _must_wait(self, rate: Rate) -> bool:
        if rate.wait_s <= 0:
            return False
        self._agenda.add(None, in_s=rate.wait_s)
        return True

    def _read_ahead(self) -> Turn | None:
        for _ in range(_READ_AT_ONCE):
            if self._in_line + self._out_for_retry >= LOOK_AHEAD:
                return None
            candidate = self._reader.next()
            if candidate is None:
                self._reader.read_on()
                return None
            entry = candidate.entry
            if isinstance(entry, InvalidTarget):
                return self._begin(candidate, self._reader.batch_at, None)
            host = self._hosts[entry.host]
            if not host.line and host.may_go:
                host.enter()
                return self._begin(candidate, self._reader.batch_at, host.name)
            self._join(candidate, self._reader.batch_at, host)
        self._more_to_read = True
        return None

    def _join(self, candidate: Candidate, known_at: float, host: Host) -> None:
        host.line.append((candidate, known_at))
        self._in_line += 1
        self._hosts.offer(host)

    def _begin_next(self, host: Host) -> Turn:
        candidate, known_at = host.line.popleft()
        self._in_line -= 1
        host.enter()
        self._hosts.offer(host)
        return self._begin(candidate, known_at, host.name)

    def _begin(self, candidate: Candidate, known_at: float, host: str | None) -> Turn:
        now = self._monotonic()
        if self._rate is not None and host is not None:
            self._rate.take()
        turn = Turn(
            candidate,
            host=host,
            waited_s=now - known_at,
            taken_at=now,
            mover=self._move,
            task=asyncio.current_task(self._loop),
        )
        self.in_flight[candidate.index] = turn
        self._occupy()
        return turn

    def _occupy(self) -> None:
        self._active += 1
        self.peak_in_flight = max(self.peak_in_flight, self._active)

    async def _move(self, turn: Turn, name: str) -> float:
        began_at = self._monotonic()
        if turn.host is not None:
            self._hosts.leave(turn.host)
            turn.host = None
        host = self._hosts[name]
        if host.may_go:
            self._enter(turn, host)
            self._let_others_go()
        else:
            await self._line_up(turn, host)
        return self._monotonic() - began_at

    async def _line_up(self, turn: Turn, host: Host) -> None:
        # It holds no slot meanwhile, not even a global one: others may go.
        called = self._loop.create_future()
        place = (turn, host, called)
        self._movers.append(place)
        host.movers += 1
        self._active -= 1
        self._let_others_go()
        try:
            await called
        finally:
            host.movers -= 1
            if place in self._movers:  # cancelled: whoever releases the turn gives back what it had
                self._movers.remove(place)
                self._active += 1

    def _serve_movers(self) -> None:
        for place in tuple(self._movers):
            turn, host, called = place
            if self._active >= self._concurrency:
                return
            if called.cancelled():  # its task is on its way out
                continue
            if host.wait_s > 0:
                self._hosts.wake_later(host)
            elif host.has_room:
                self._movers.remove(place)
                self._enter(turn, host)
                self._occupy()
                called.set_result(None)

    def _enter(self, turn: Turn, host: Host) -> None:
        host.enter()
        turn.host = host.name

    def _on_due(self) -> None:
        for item in self._agenda.due():
            if isinstance(item, tuple):
                self._come_back(*item)
            elif item is not None:
                self._hosts.wake(item)
        self._let_others_go()

    def _let_others_go(self) -> None:
        self._serve_movers()
        self._changed.set()

    def _call_taker(self) -> None:
        self._calling = False
        if self._active < self._concurrency or self._over:
            self._changed.set()

    def _come_back(self, candidate: Candidate, host: str) -> None:
        self._out_for_retry -= 1
        self._join(candidate, self._monotonic(), self._hosts[host])

    def _new_host(self, name: str) -> Host:
        slots = self._pace.per_host if self._slots_of is None else self._slots_of(name)
        return Host(name, slots, self._new_rate(self._pace.per_host_rate_per_s), self._monotonic)

    def _new_rate(self, per_s: float | None) -> Rate | None:
        return None if per_s is None else Rate(1 / per_s, self._monotonic)
