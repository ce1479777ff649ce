"""What a run is said to have waited for, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from allup.model.limited_by import Bottleneck, LimitedBy
from allup.model.settings import CheckSettings, PaceSettings
from allup.model.stop import Stop
from allup.model.target import Target
from allup.run.bottlenecks import Bottlenecks
from allup.run.checking import checking
from unit.fake_client import RESET, FakeClient, Script, host_of, page_of, target_of, targets_of, url_of
from unit.virtual_loop import CLOCK, run_virtual, virtual

SECOND = FakeClient(otherwise=Script(latency_s=1.0))


async def _limit(targets: object, settings: CheckSettings, client: FakeClient) -> LimitedBy:
    async with checking(targets, settings, client=client, clock=CLOCK) as run:  # type: ignore[arg-type]
        async for _ in run:
            pass
    limit = run.summary.limited_by
    assert limit is not None
    return limit


def limit_of(targets: object, client: FakeClient | None = None, **settings: object) -> LimitedBy:
    told = CheckSettings(**settings)  # type: ignore[arg-type]
    return run_virtual(_limit(targets, told, client or FakeClient(otherwise=Script(latency_s=1.0))))


def test_the_cap() -> None:
    limit = limit_of(targets_of(50), concurrency=5)
    assert limit.bottleneck is Bottleneck.CAP
    assert limit.share > 0.85


def test_a_host_by_its_name() -> None:
    limit = limit_of([page_of(number, host_of(7)) for number in range(30)], pace=PaceSettings(per_host=3))
    assert (limit.bottleneck, limit.name) == (Bottleneck.HOST, host_of(7))


def test_the_rate() -> None:
    assert limit_of(targets_of(20), pace=PaceSettings(rate_per_s=2)).bottleneck is Bottleneck.RATE


def test_the_rate_of_a_host() -> None:
    targets = [page_of(number, host_of(7)) for number in range(20)]
    limit = limit_of(targets, pace=PaceSettings(per_host_rate_per_s=2))
    assert (limit.bottleneck, limit.name) == (Bottleneck.HOST_RATE, host_of(7))


def test_the_slowest_url_by_its_name() -> None:
    client = FakeClient({url_of(3): Script(latency_s=9.0)}, otherwise=Script(latency_s=0.1))
    limit = limit_of(targets_of(20), client)
    assert (limit.bottleneck, limit.name) == (Bottleneck.SLOWEST, url_of(3))
    assert limit.seconds == pytest.approx(9.0, abs=0.5)


def test_a_pause_that_was_asked_for() -> None:
    busy = Script(status=503, retry_after_s=20)
    client = FakeClient({url_of(0): [busy, Script()]}, otherwise=Script(latency_s=0.1))
    limit = limit_of([target_of(0, retries=1)], client)
    assert (limit.bottleneck, limit.name) == (Bottleneck.RETRY_AFTER, host_of(0))


def test_the_waits_before_further_attempts() -> None:
    client = FakeClient(otherwise=Script(failure=RESET))
    assert limit_of([target_of(0, retries=6)], client).bottleneck is Bottleneck.BACKOFF


def test_the_second_look_at_the_end() -> None:
    client = FakeClient(otherwise=Script(failure=RESET))
    assert limit_of(targets_of(3), client, confirm=True).bottleneck is Bottleneck.CONFIRM


def test_a_list_that_comes_slowly() -> None:
    async def slow() -> AsyncIterator[Target]:
        for number in range(10):
            await asyncio.sleep(1)
            yield target_of(number)

    assert limit_of(slow(), FakeClient(otherwise=Script(latency_s=0.01))).bottleneck is Bottleneck.LIST


@virtual
async def test_a_reader_who_takes_no_more() -> None:
    client = FakeClient(otherwise=Script(latency_s=0.01))
    async with checking(targets_of(500), CheckSettings(), client=client, clock=CLOCK) as run:
        async for _ in run:
            await asyncio.sleep(0.1)
    assert run.summary.limited_by is not None
    assert run.summary.limited_by.bottleneck is Bottleneck.READER


def test_of_a_run_too_short_to_look_at_the_last_url() -> None:
    limit = limit_of(targets_of(1), FakeClient(otherwise=Script(latency_s=0.01)))
    assert limit == LimitedBy(Bottleneck.SLOWEST, seconds=0.01, share=1.0, name=url_of(0))


@virtual
async def test_what_a_run_that_was_stopped_waited_for_until_then() -> None:
    async with checking(targets_of(50), CheckSettings(concurrency=5), client=SECOND, clock=CLOCK) as run:
        asyncio.get_running_loop().call_later(3.0, run.stop, Stop.DEADLINE)
        async for _ in run:
            pass
    assert run.summary.limited_by is not None
    assert run.summary.limited_by.bottleneck is Bottleneck.CAP


def looks(*seen: tuple[Bottleneck, str | None], busy: float = 0.0) -> LimitedBy | None:
    """What comes of a look a second at `seen`, by a process that is `busy`, a share of a CPU."""
    worked: Iterator[float] = (busy * second for second in range(len(seen) + 1))
    one = iter(seen)
    bottlenecks = Bottlenecks(lambda: next(one), lambda: next(worked))
    for _ in seen:
        bottlenecks.add(1.0)
    return bottlenecks.limited_by(float(len(seen)), "last")


@pytest.mark.parametrize(("busy", "named"), [(0.5, Bottleneck.CAP), (0.95, Bottleneck.CPU)])
def test_a_busy_cpu_goes_before_the_cap(busy: float, named: Bottleneck) -> None:
    limit = looks(*[(Bottleneck.CAP, None)] * 10, busy=busy)
    assert limit is not None
    assert limit.bottleneck is named


def test_a_busy_cpu_does_not_go_before_a_rate() -> None:
    limit = looks(*[(Bottleneck.RATE, None)] * 10, busy=1.0)
    assert limit is not None
    assert limit.bottleneck is Bottleneck.RATE


def test_of_many_hosts_none_is_named() -> None:
    limit = looks(*[(Bottleneck.HOST, f"host-{number}") for number in range(10)])
    assert limit == LimitedBy(Bottleneck.HOST, seconds=10.0, share=1.0)
