"""Clients that let no failure pass for the target's that is this machine's own."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from allup.http.round_trip import RoundTrip
from allup.model.attempt import Attempt, Timings
from allup.model.canaries import may_be_ours, unknowable
from allup.model.clock import Clock
from allup.model.failure import Phase
from allup.model.target import Target
from allup.run.canaries.canaries import Canaries
from allup.run.canaries.down_hosts import DownHosts
from allup.run.client import Client

Watch = Callable[[Callable[[], Phase]], None]


class PatientClient:
    """Asks `client` as long as the canaries are there; what fails while they are not is asked again when they are back.

    An attempt waits in its turn for what they say: so nobody else begins meanwhile, and nothing has to be put away.
    """

    def __init__(self, client: Client, canaries: Canaries, clock: Clock) -> None:
        self._client = client
        self._canaries = canaries
        self._clock = clock
        self._down = DownHosts()

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Watch | None = None,
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        """Ask `target` once that counts; what is not known in the end is local, and CancelledError passes."""
        turn_at, trip = self._clock.monotonic(), RoundTrip(move, target.host)
        last: Attempt | None = None
        if not self._canaries.present:
            _wait(watch)
            await self._canaries.presence()
        while not self._canaries.lost:
            began_at = self._clock.monotonic()
            last = await self._client.attempt(
                target, waited_s=waited_s + began_at - turn_at, watch=watch, move=None if move is None else trip.move
            )
            if await self._stands(target.host, last, began_at, watch):
                return last
            await trip.back()
        return _unknown(target, last, self._canaries, self._clock)

    async def _stands(self, host: str, attempt: Attempt, began_at: float, watch: Watch | None) -> bool:
        failure, canaries = attempt.failure, self._canaries
        if failure is None or not may_be_ours(attempt):
            self._down.forget(host)
            return True
        if canaries.present and self._down.holds(host, failure.kind, self._clock.monotonic()):
            return True
        _wait(watch)
        await canaries.word()
        if canaries.lost or canaries.back_at > began_at:
            return False
        self._down.note(host, failure.kind, self._clock.monotonic())
        return True


class SkepticalClient:
    """Asks `client`, and where that fails the canaries: if none of them answers, nothing is known of the target."""

    def __init__(self, client: Client, canaries: Canaries, clock: Clock) -> None:
        self._client = client
        self._canaries = canaries
        self._clock = clock

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Watch | None = None,
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        """Ask `target` once; what is not known is local, and CancelledError passes."""
        attempt = await self._client.attempt(target, waited_s=waited_s, watch=watch, move=move)
        if not may_be_ours(attempt):
            return attempt
        await self._canaries.word()
        return attempt if self._canaries.present else _unknown(target, attempt, self._canaries, self._clock)


def _wait(watch: Watch | None) -> None:
    if watch is not None:
        watch(lambda: Phase.BLOCKED)


def _unknown(target: Target, last: Attempt | None, canaries: Canaries, clock: Clock) -> Attempt:
    if last is not None:
        return replace(last, failure=unknowable(canaries.urls, last.failure))
    return Attempt(
        started_at=clock.wall(),
        elapsed_s=0.0,
        method=target.request.method,
        failure=unknowable(canaries.urls, None),
        timings=Timings(),
    )
