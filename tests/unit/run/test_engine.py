"""Whatever comes: the run ends, every target is there once, no cap is passed, and nothing is left behind."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allup.model.attempt import Attempt
from allup.model.failure import FailureKind
from allup.model.result import Result, Verdict
from allup.model.retry_on import TRANSIENT
from allup.model.selection import SelectionSettings
from allup.model.settings import CheckSettings, Order, PaceSettings, RetrySettings
from allup.model.stop import Stop
from allup.model.target import Entry, InvalidTarget
from allup.run.checking import Checking, checking
from unit.fake_client import REFUSED, RESET, FakeClient, Script, host_of, invalid_of, page_of, url_of
from unit.virtual_loop import CLOCK, now, virtual

BUSY_MACHINE = [HealthCheck.too_slow]
"""Examples of this size take their time to draw where other tests run beside them."""

HOSTS = st.integers(0, 3)
SCRIPTS = st.builds(
    Script,
    latency_s=st.sampled_from([0, 0, 0.3, 1, 4]),
    status=st.sampled_from([200, 200, 404, 429, 503]),
    failure=st.sampled_from([None, None, None, RESET, REFUSED]),
    retry_after_s=st.sampled_from([None, None, 0, 1, 3, 100]),
    moves=st.lists(HOSTS.map(host_of), max_size=2).map(tuple),
    parting_s=st.sampled_from([0, 0, 1]),
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the list: a target with what it does each time, or none."""

    host: int
    scripts: list[Script]
    retries: int
    valid: bool


@dataclass(frozen=True, kw_only=True)
class Weather:
    """What happens from outside: stops, and a consumer that is slow, or that leaves after so many results."""

    stops: list[tuple[float, Stop]]
    consumer_s: float
    leaves_after: int | None
    queue: int
    look_ahead: int


LINES = st.lists(
    st.builds(
        Line,
        host=HOSTS,
        scripts=st.lists(SCRIPTS, min_size=1, max_size=3),
        retries=st.integers(0, 2),
        valid=st.sampled_from([True, True, True, True, False]),
    ),
    max_size=20,
)
TOLD = st.builds(
    CheckSettings,
    concurrency=st.integers(1, 6),
    order=st.sampled_from(Order),
    selection=st.just(SelectionSettings(dedupe=False)),
    pace=st.builds(
        PaceSettings,
        per_host=st.sampled_from([None, 1, 1, 2, 3]),
        rate_per_s=st.sampled_from([None, None, 3, 0.7]),
        per_host_rate_per_s=st.sampled_from([None, None, 2]),
    ),
    retry=st.builds(RetrySettings, budget_s=st.sampled_from([0, 4, 60])),
    confirm=st.booleans(),
    deadline_s=st.sampled_from([None, None, 0.5, 2, 7]),
    max_failures=st.sampled_from([None, None, 1, 3]),
    grace_s=st.sampled_from([0, 0.5, 2]),
)
WEATHERS = st.builds(
    Weather,
    stops=st.lists(st.tuples(st.sampled_from([0, 0.3, 1, 2, 5, 9]), st.sampled_from(Stop)), max_size=2),
    consumer_s=st.sampled_from([0, 0, 0.5, 2]),
    leaves_after=st.one_of(st.none(), st.none(), st.integers(1, 20)),
    queue=st.sampled_from([1, 3, 100]),
    look_ahead=st.sampled_from([1, 4, 10_000]),
)


class Sentry(FakeClient):
    """A client that cries out as soon as a cap is passed."""

    def __init__(self, lines: list[Line], told: CheckSettings) -> None:
        super().__init__({url_of(number): line.scripts for number, line in enumerate(lines)})
        self._told = told

    def within_the_caps(self) -> bool:
        per_host = self._told.pace.per_host
        return self.peak <= self._told.concurrency and (
            per_host is None or all(peak <= per_host for peak in self.peaks.values())
        )


def entries_of(lines: list[Line]) -> list[Entry]:
    return [
        page_of(number, host_of(line.host), retries=line.retries) if line.valid else invalid_of(number)
        for number, line in enumerate(lines)
    ]


class Notes:
    """What was told of, and that it was told once."""

    def __init__(self) -> None:
        self.counts = Counter[int]()

    def completed(self, result: Result) -> None:
        self.counts[result.index] += 1


def timers() -> list[asyncio.TimerHandle]:
    scheduled = getattr(asyncio.get_running_loop(), "_scheduled")  # noqa: B009 - asyncio's own heap, untyped
    return [timer for timer in scheduled if not timer.cancelled()]


async def consume(run: Checking, weather: Weather) -> list[Result]:
    results: list[Result] = []
    async for result in run:
        results.append(result)
        await asyncio.sleep(weather.consumer_s)
        if len(results) == weather.leaves_after:
            break
    return results


def tells_the_truth(result: Result, client: FakeClient, run: Checking) -> bool:
    """Whether a result says what its attempts, if there were any, came to."""
    kind = None if result.failure is None else result.failure.kind
    if isinstance(result.entry, InvalidTarget):
        return kind is FailureKind.INVALID_TARGET
    asked = client.asked.count(result.url)
    match kind:
        case FailureKind.NOT_STARTED:
            true = run.stopped_by is not None and asked == 0
        case FailureKind.DEADLINE:
            # A signal that came later is what the run was stopped by, as far as the exit code goes.
            true = run.stopped_by in (Stop.DEADLINE, Stop.INTERRUPT, Stop.TERMINATE) and asked > 0
        case FailureKind.INTERRUPTED:
            true = run.stopped_by not in (None, Stop.DEADLINE) and asked > 0
        case FailureKind.LOCAL:
            true = run.stopped_by in (Stop.OFFLINE, Stop.INTERRUPT, Stop.TERMINATE)
        case None:
            true = result.verdict is (Verdict.OK if asked == 1 else Verdict.FLAKY)
        case _:
            true = result.verdict is Verdict.FAILED and isinstance(result.attempt, Attempt)
    return true and result.attempts == asked


def was_tried_enough(result: Result, line: Line, told: CheckSettings) -> bool:
    """Whether a run that nobody stopped did all it could."""
    if result not in TRANSIENT or any(script.retry_after_s is not None for script in line.scripts):
        return True
    return result.attempts == line.retries + 1 + told.confirm


@settings(deadline=None, max_examples=300, suppress_health_check=BUSY_MACHINE)
@given(lines=LINES, told=TOLD, weather=WEATHERS)
@virtual
async def test_the_engine_ends_and_gives_every_target_exactly_one_true_result(
    lines: list[Line], told: CheckSettings, weather: Weather
) -> None:
    entries, client, notes = entries_of(lines), Sentry(lines, told), Notes()
    loop = asyncio.get_running_loop()
    with (
        patch("allup.run.checking.QUEUE", weather.queue),
        patch("allup.run.polite.LOOK_AHEAD", weather.look_ahead),
    ):
        async with checking(entries, told, client=client, clock=CLOCK) as run:
            run.observe(notes)
            stops = [loop.call_later(at_s, run.stop, reason) for at_s, reason in weather.stops]
            results = await consume(run, weather)
    for stop in stops:
        stop.cancel()
    assert timers() == []
    assert client.in_flight == 0
    assert client.within_the_caps()
    assert run.summary.peak_in_flight <= told.concurrency
    assert len(run.in_flight) == 0
    assert set(notes.counts.values()) <= {1}
    assert all(result.entry == entries[result.index] for result in results)
    assert all(tells_the_truth(result, client, run) for result in results)
    indexes = [result.index for result in results]
    if told.order is Order.LIST:
        assert indexes == list(range(len(indexes)))
    if weather.leaves_after is None or len(results) < weather.leaves_after:
        assert sorted(indexes) == sorted(notes.counts) == list(range(len(lines)))
        assert run.summary.tally.total == len(lines)
        if run.stopped_by is None:
            assert all(was_tried_enough(result, lines[result.index], told) for result in results)


@settings(deadline=None, max_examples=200, suppress_health_check=BUSY_MACHINE)
@given(lines=LINES, told=TOLD, at_s=st.sampled_from([0, 0.3, 1, 2.5, 6]), steps=st.integers(0, 4))
@virtual
async def test_a_cancellation_from_outside_passes_and_leaves_nothing_behind(
    lines: list[Line], told: CheckSettings, at_s: float, steps: int
) -> None:
    client = Sentry(lines, told)

    async def run_it() -> None:
        async with checking(entries_of(lines), told, client=client, clock=CLOCK) as run:
            async for _ in run:
                pass

    task = asyncio.create_task(run_it(), name="consumer")
    await asyncio.wait([task], timeout=at_s)
    for _ in range(steps):
        await asyncio.sleep(0)
    ended = task.done()
    task.cancel()
    await asyncio.wait([task])
    with suppress(asyncio.CancelledError):
        task.result()
    assert task.cancelled() or ended or now() >= at_s
    assert client.in_flight == 0
    assert client.within_the_caps()
    assert timers() == []
