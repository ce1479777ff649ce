"""A client with no network: what each target does is written down beforehand."""

import asyncio
import heapq
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from allup.model.attempt import Attempt
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.target import InvalidTarget, Request, Target
from unit.virtual_loop import EPOCH, now


class Boom(Exception):
    """What no client should ever raise."""


@dataclass(frozen=True, kw_only=True)
class Script:
    """What one attempt does; `dies` raises Boom in the end, `parting_s` is how long a cancelled attempt cleans up.

    The attempt takes `latency_s` at the target's host, and again at each host that it `moves` to.
    """

    latency_s: float = 0.0
    status: int | None = 200
    failure: Failure | None = None
    dies: bool = False
    parting_s: float = 0.0
    dies_parting: bool = False
    reported_s: float | None = None
    retry_after_s: float | None = None
    moves: tuple[str, ...] = ()


Scripts = Script | Sequence[Script]
"""What a target does every time, or one after the other, the last one from then on."""

RESET = Failure(kind=FailureKind.RESET, certainty=Certainty.TRANSIENT, phase=Phase.WAIT, detail="reset")
REFUSED = Failure(
    kind=FailureKind.CONNECT_REFUSED, certainty=Certainty.DEFINITE, phase=Phase.CONNECT, detail="nobody listens"
)


class FakeClient:
    """Follows the script of each target (by URL), and is a spy: who was asked when, who was in flight at once.

    `visits` has every host that was asked with the time, `peaks` how many were in flight to each at most.
    """

    def __init__(self, scripts: Mapping[str, Scripts] | None = None, *, otherwise: Scripts = Script()) -> None:
        self._scripts = scripts or {}
        self._otherwise = otherwise
        self._times_asked = Counter[str]()
        self._at_hosts = Counter[str]()
        self.asked: list[str] = []
        self.asked_at: dict[str, float] = {}
        self.log: list[tuple[str, float]] = []
        self.visits: list[tuple[str, float]] = []
        self.peaks: dict[str, int] = {}
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
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        script = self._next_script(target.url)
        if watch is not None:
            watch(lambda: Phase.WAIT)
        self.asked.append(target.url)
        self.asked_at[target.url] = now()
        self.log.append((target.url, now()))
        self.waited[target.url] = waited_s
        return await self._follow(script, target, move)

    def times(self, url: str) -> list[float]:
        """When `url` was asked."""
        return [at for asked, at in self.log if asked == url]

    def _next_script(self, url: str) -> Script:
        scripts = self._scripts.get(url, self._otherwise)
        self._times_asked[url] += 1
        return scripts if isinstance(scripts, Script) else scripts[min(self._times_asked[url], len(scripts)) - 1]

    @contextmanager
    def _at(self, host: str) -> Iterator[None]:
        self.visits.append((host, now()))
        self._at_hosts[host] += 1
        self.peaks[host] = max(self.peaks.get(host, 0), self._at_hosts[host])
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            yield
        finally:
            self._at_hosts[host] -= 1
            self.in_flight -= 1

    async def _journey(self, script: Script, target: Target, move: Callable[[str], Awaitable[float]] | None) -> None:
        with self._at(target.host):
            await self._stay(script, target)
        for host in script.moves:
            if move is not None:
                await move(host)
            with self._at(host):
                await self._stay(script, target)

    async def _follow(self, script: Script, target: Target, move: Callable[[str], Awaitable[float]] | None) -> Attempt:
        began_at = now()
        await self._journey(script, target, move)
        return self._attempt(script, target, began_at)

    async def _stay(self, script: Script, target: Target) -> None:
        try:
            await asyncio.sleep(script.latency_s)
        except asyncio.CancelledError:
            self.cancelled.append(target.url)
            await asyncio.sleep(script.parting_s)
            if script.dies_parting:
                raise Boom(target.url) from None
            raise

    def _attempt(self, script: Script, target: Target, began_at: float) -> Attempt:
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
            retry_after_s=script.retry_after_s,
        )


def url_of(number: int) -> str:
    return f"http://host-{number}.test/"


def host_of(number: int) -> str:
    return f"host-{number}.test:80"


def target_of(number: int, *, name: str | None = None, retries: int = 0) -> Target:
    """The only URL of its host."""
    return page_of(number, host_of(number), name=name, retries=retries)


def page_of(number: int, host: str, *, name: str | None = None, retries: int = 0) -> Target:
    """One URL of many on `host`; its URL is unique by number."""
    url = url_of(number)
    return Target(url=url, href=url, host=host, name=name, request=Request(retries=retries))


def targets_of(count: int, *, retries: int = 0) -> list[Target]:
    return [target_of(number, retries=retries) for number in range(count)]


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
