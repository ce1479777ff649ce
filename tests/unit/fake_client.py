"""A client with no network: what each target does is written down beforehand."""

import asyncio
import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from allup.model.attempt import Attempt
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.target import InvalidTarget, Target
from unit.virtual_loop import EPOCH, now


class Boom(Exception):
    """What no client should ever raise."""


@dataclass(frozen=True, kw_only=True)
class Script:
    """What one target does; `dies` raises Boom in the end, `parting_s` is how long a cancelled attempt cleans up."""

    latency_s: float = 0.0
    status: int | None = 200
    failure: Failure | None = None
    dies: bool = False
    parting_s: float = 0.0
    dies_parting: bool = False
    reported_s: float | None = None


REFUSED = Failure(
    kind=FailureKind.CONNECT_REFUSED, certainty=Certainty.DEFINITE, phase=Phase.CONNECT, detail="nobody listens"
)


class FakeClient:
    """Follows the script of each target (by URL), and is a spy: who was asked when, who was in flight at once."""

    def __init__(self, scripts: Mapping[str, Script] | None = None, *, otherwise: Script | None = None) -> None:
        self._scripts = scripts or {}
        self._otherwise = otherwise or Script()
        self.asked: list[str] = []
        self.asked_at: dict[str, float] = {}
        self.answered: list[str] = []
        self.cancelled: list[str] = []
        self.waited: dict[str, float] = {}
        self.in_flight = 0
        self.peak = 0

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Callable[[Callable[[], Phase]], None] | None = None,
    ) -> Attempt:
        script = self._scripts.get(target.url, self._otherwise)
        if watch is not None:
            watch(lambda: Phase.WAIT)
        self.asked.append(target.url)
        self.asked_at[target.url] = now()
        self.waited[target.url] = waited_s
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            return await self._follow(script, target)
        finally:
            self.in_flight -= 1

    async def _follow(self, script: Script, target: Target) -> Attempt:
        began_at = now()
        try:
            await asyncio.sleep(script.latency_s)
        except asyncio.CancelledError:
            self.cancelled.append(target.url)
            await asyncio.sleep(script.parting_s)
            if script.dies_parting:
                raise Boom(target.url) from None
            raise
        if script.dies:
            raise Boom(target.url)
        self.answered.append(target.url)
        return Attempt(
            started_at=EPOCH + began_at,
            elapsed_s=script.latency_s if script.reported_s is None else script.reported_s,
            method=target.request.method,
            status=None if script.failure else script.status,
            failure=script.failure,
            final_url=target.url,
        )


def url_of(number: int) -> str:
    return f"http://host-{number}.test/"


def target_of(number: int, *, name: str | None = None) -> Target:
    url = url_of(number)
    return Target(url=url, href=url, host=f"host-{number}.test:80", name=name)


def targets_of(count: int) -> list[Target]:
    return [target_of(number) for number in range(count)]


def invalid_of(number: int) -> InvalidTarget:
    return InvalidTarget(text=f"line {number}", reason="not a URL")


def client_of(latencies_s: Sequence[float]) -> FakeClient:
    """A client whose n-th target takes the n-th latency."""
    return FakeClient({url_of(number): Script(latency_s=latency_s) for number, latency_s in enumerate(latencies_s)})


def greedy_wall_s(latencies_s: Iterable[float], width: int) -> float:
    """When the last one ends where each goes, in order, to whoever is free first (Graham's list schedule)."""
    free_at = [0.0] * width
    for latency_s in latencies_s:
        heapq.heappush(free_at, heapq.heappop(free_at) + latency_s)
    return max(free_at)
