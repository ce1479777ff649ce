"""What is held against a host, and what against this machine, in virtual time."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from allup.model.attempt import Attempt
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.level import Level, Restraint
from allup.model.settings import CheckSettings, PaceSettings
from allup.model.target import Target
from allup.run.checking import checking
from unit.fake_client import FakeClient, Script, host_of, page_of, targets_of
from unit.run.adaptive.origins import Origins, steady
from unit.virtual_loop import CLOCK, now, run_virtual

NO_DESCRIPTORS = Failure(
    kind=FailureKind.LOCAL, certainty=Certainty.LOCAL, phase=Phase.CONNECT, detail="too many open files"
)


async def _level(targets: list[Target], client: Origins | FakeClient, per_host: int, most: int) -> Level:
    settings = CheckSettings(concurrency=most, adaptive=True, pace=PaceSettings(per_host=per_host))
    async with checking(targets, settings, client=client, clock=CLOCK) as run:
        async for _ in run:
            pass
    assert run.summary.level is not None
    return run.summary.level


def level(targets: list[Target], client: Origins | FakeClient, *, per_host: int = 10, most: int = 1_000) -> Level:
    return run_virtual(_level(targets, client, per_host, most))


def test_what_is_never_reached_was_not_needed() -> None:
    assert level(targets_of(20), Origins(steady(0.1))) == Level(100, Restraint.UNUSED)


def test_a_list_that_ends_first_leaves_it_growing() -> None:
    came = level(targets_of(1_000), Origins(steady(0.1)))
    assert (came.restraint, came.hosts) == (Restraint.GROWING, ())
    assert 100 < came.limit <= 1_000


def test_the_most_is_the_most() -> None:
    client = Origins(steady(0.1))
    assert level(targets_of(2_000), client, most=150).restraint is Restraint.MOST


class Poor(Origins):
    """A machine that has descriptors for so many."""

    def __init__(self, descriptors: int) -> None:
        super().__init__(steady(0.1))
        self._descriptors = descriptors
        self._open = 0

    async def attempt(self, target: Target, **asked: object) -> Attempt:
        del target, asked
        self._open += 1
        try:
            await asyncio.sleep(0.1)
            short = self._open > self._descriptors
        finally:
            self._open -= 1
        failure = NO_DESCRIPTORS if short else None
        return Attempt(started_at=now(), elapsed_s=0.1, method="GET", status=None if short else 200, failure=failure)


def test_what_this_machine_lacks_is_held_against_the_whole() -> None:
    came = level(targets_of(3_000), Poor(150))
    assert came.restraint is Restraint.LOCAL
    assert came.limit <= 200
    assert came.hosts == ()


@pytest.mark.parametrize("answer", [Script(status=429), Script(status=503, retry_after_s=0.1)])
def test_a_host_that_refuses_is_asked_one_at_a_time_in_the_end(answer: Script) -> None:
    targets = [page_of(number, host_of(0)) for number in range(200)]
    came = level(targets, FakeClient(otherwise=answer))
    (host,) = came.hosts
    assert (host.host, host.limit, host.restraint) == (host_of(0), 1, Restraint.REFUSED)


def test_a_host_that_is_down_is_given_up_no_more_slowly_than_ever() -> None:
    targets = [page_of(number, host_of(0)) for number in range(200)]
    down = Failure(
        kind=FailureKind.CONNECT_TIMEOUT, certainty=Certainty.TRANSIENT, phase=Phase.CONNECT, detail="no answer"
    )
    client = FakeClient(otherwise=Script(latency_s=10.0, failure=down))
    assert level(targets, client).hosts == ()
    assert client.peak == 10
    assert max(client.asked_at.values()) == 190.0


def test_a_limit_of_one_host_holds_again_when_it_comes_back() -> None:
    async def run() -> int:
        client = Origins(lambda asking: (0.1, 200 if asking <= 2 else 429))

        async def comes_back() -> AsyncIterator[Target]:
            for number in range(60):
                yield page_of(number, host_of(0), retries=5)
            await asyncio.sleep(60)  # by then the host is forgotten, but for what it bore
            client.peak = 0
            for number in range(60, 90):
                yield page_of(number, host_of(0), retries=5)

        settings = CheckSettings(concurrency=1_000, adaptive=True)
        async with checking(comes_back(), settings, client=client, clock=CLOCK) as checks:
            async for _ in checks:
                pass
        return client.peak

    assert run_virtual(run()) <= 3
