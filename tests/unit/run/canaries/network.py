"""A client whose network goes away and comes back, at given times."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from allup.model.attempt import Attempt
from allup.model.canaries import CanarySettings
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.target import Request, Target
from unit.fake_client import FakeClient, Script
from unit.virtual_loop import EPOCH, now

CANARY = "http://canary.test/"
GONE = Failure(kind=FailureKind.CONNECT_TIMEOUT, certainty=Certainty.TRANSIENT, phase=Phase.CONNECT, detail="timed out")
FOREVER = float("inf")

Outage = tuple[float, float]
"""From, and until."""


class Network:
    """Asks `client` where the network is there all the while, else fails after `fails_after_s`.

    Canaries take `answers_after_s`; `asked` has when they were asked.
    """

    def __init__(
        self,
        client: FakeClient,
        outages: Sequence[Outage],
        *,
        fails_after_s: float = 0.0,
        answers_after_s: float = 0.05,
        failure: Failure = GONE,
    ) -> None:
        self._client = client
        self._outages = outages
        self._fails_after_s = fails_after_s
        self._answers_after_s = answers_after_s
        self._failure = failure
        self.asked: list[float] = []
        self.futile = 0

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Callable[[Callable[[], Phase]], None] | None = None,
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        began_at = now()
        if target.url == CANARY:
            self.asked.append(began_at)
            await asyncio.sleep(self._answers_after_s)
            return _attempt(began_at, self._failure if self._is_away(began_at) else None)
        if not self._is_away(began_at):
            attempt = await self._client.attempt(target, waited_s=waited_s, watch=watch, move=move)
            if not self._is_away(began_at):
                return attempt
        else:
            await asyncio.sleep(self._fails_after_s)
        self.futile += 1
        return _attempt(began_at, self._failure)

    def _is_away(self, since: float) -> bool:
        return any(since < until and start <= now() for start, until in self._outages)


def _attempt(began_at: float, failure: Failure | None) -> Attempt:
    return Attempt(
        started_at=EPOCH + began_at,
        elapsed_s=now() - began_at,
        method="GET",
        status=200 if failure is None else None,
        failure=failure,
    )


def canary_of(url: str = CANARY) -> Target:
    return Target(url=url, href=url, host="canary.test:80", request=Request(retries=0))


def canaries(*, patience_s: float = 60.0) -> CanarySettings:
    return CanarySettings(targets=(canary_of(),), patience_s=patience_s)


FINE = Script(latency_s=0.2)
