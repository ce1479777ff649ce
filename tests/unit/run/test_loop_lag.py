"""How late the event loop is: measured by a timer, told where it matters."""

import asyncio
import time

import pytest

from allup.model.loop_lag import LoopLag
from allup.model.settings import CheckSettings
from allup.run import lag_meter
from allup.run.checking import checking
from allup.run.lag_meter import FEWEST, LagMeter
from allup.run.pulse import BEAT_S, LONGEST_BEAT_S, Pulse
from unit.fake_client import FakeClient, Script, targets_of
from unit.virtual_loop import CLOCK, virtual

MINUTE_S = 60.0


@virtual
async def test_a_pulse_beats_until_it_is_stopped_and_more_rarely_in_a_long_run() -> None:
    beats: list[tuple[float, float]] = []
    pulse = Pulse(CLOCK, lambda late_s, since_s: beats.append((late_s, since_s)))
    pulse.start()
    await asyncio.sleep(60 * MINUTE_S)
    pulse.stop()
    count = len(beats)
    await asyncio.sleep(MINUTE_S)
    assert len(beats) == count < 20_000
    assert {late_s for late_s, _ in beats} == {0.0}
    assert beats[0][1] == BEAT_S
    assert beats[-1][1] == LONGEST_BEAT_S


async def test_whoever_holds_up_the_event_loop_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lag_meter, "FEWEST", 20)  # for a test that is short
    client = FakeClient(otherwise=Script(latency_s=0.01))
    async with checking(targets_of(60), CheckSettings(concurrency=2), client=client) as run:
        async for _ in run:
            time.sleep(0.02)  # noqa: ASYNC251 - that is the point
    lag = run.summary.lag
    assert lag is not None
    assert lag.p99_s >= 0.005
    assert lag.is_suspect


@virtual
async def test_an_event_loop_that_is_never_late_has_no_lag() -> None:
    client = FakeClient(otherwise=Script(latency_s=1.0))
    async with checking(targets_of(300), CheckSettings(concurrency=3), client=client, clock=CLOCK) as run:
        async for _ in run:
            pass
    assert run.summary.lag is not None
    assert run.summary.lag.p99_s < 1e-3
    assert not run.summary.lag.is_suspect


@virtual
async def test_a_short_run_says_nothing_of_it() -> None:
    async with checking(targets_of(1), CheckSettings(), client=FakeClient(), clock=CLOCK) as run:
        async for _ in run:
            pass
    assert run.summary.lag is None


def test_too_few_samples_say_nothing() -> None:
    meter = LagMeter()
    for _ in range(FEWEST - 1):
        meter.add(0.5, None)
    before = meter.lag
    meter.add(0.5, None)
    assert before is None
    assert meter.lag == LoopLag(p50_s=0.5, p99_s=0.5)


def test_a_tenth_of_a_typical_latency_is_where_it_begins_to_matter() -> None:
    assert LoopLag(p50_s=0.0, p99_s=0.011, typical_s=0.1).is_suspect
    assert not LoopLag(p50_s=0.0, p99_s=0.009, typical_s=0.1).is_suspect
    assert not LoopLag(p50_s=0.0, p99_s=9.0).is_suspect
