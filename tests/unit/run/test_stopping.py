"""`stop`, at any moment: every entry exactly once, and the truth about each."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allup.model.failure import Certainty, FailureKind, Phase
from allup.model.result import Result, Verdict
from allup.model.settings import CheckSettings, Order
from allup.model.stop import Stop
from allup.model.target import Entry, InvalidTarget, Target
from allup.run.checking import Checking, checking
from unit.fake_client import REFUSED, FakeClient, Script, client_of, invalid_of, target_of, targets_of, url_of
from unit.virtual_loop import CLOCK, now, virtual

SCRIPTS = st.builds(
    Script,
    latency_s=st.integers(0, 5),
    status=st.sampled_from([200, 404, 503]),
    failure=st.sampled_from([None, None, REFUSED]),
    parting_s=st.integers(0, 2),
)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A list (None: a line that is no target), how it is run, and when it is stopped."""

    scripts: list[Script | None]
    concurrency: int
    order: Order
    queue: int
    consumer_s: int
    grace_s: int
    stop_after_s: int
    stop_after_steps: int

    @property
    def entries(self) -> list[Entry]:
        return [invalid_of(n) if script is None else target_of(n) for n, script in enumerate(self.scripts)]

    @property
    def client(self) -> FakeClient:
        return FakeClient({url_of(number): script for number, script in enumerate(self.scripts) if script is not None})

    @property
    def told(self) -> CheckSettings:
        return CheckSettings(concurrency=self.concurrency, order=self.order, grace_s=self.grace_s)


SCENES = st.builds(
    Scene,
    scripts=st.lists(st.one_of(SCRIPTS, SCRIPTS, SCRIPTS, st.none()), max_size=20),
    concurrency=st.integers(1, 6),
    order=st.sampled_from(Order),
    queue=st.sampled_from([1, 2, 5, 100]),
    consumer_s=st.integers(0, 2),
    grace_s=st.integers(0, 3),
    stop_after_s=st.integers(0, 12),
    stop_after_steps=st.integers(0, 8),
)


class Moment:
    """Stops a run when its time has come, and remembers how things stood."""

    def __init__(self, run: Checking, scene: Scene) -> None:
        self._run = run
        self._scene = scene
        self._known: list[int] = []
        self.known: set[int] = set()
        self.in_flight: set[int] = set()
        run.observe(self)

    def completed(self, result: Result) -> None:
        self._known.append(result.index)

    async def come(self) -> None:
        await asyncio.sleep(self._scene.stop_after_s)
        for _ in range(self._scene.stop_after_steps):
            await asyncio.sleep(0)
        self.known = set(self._known)
        self.in_flight = {turn.index for turn in self._run.in_flight} - self.known
        self._run.stop(Stop.INTERRUPT)

    @property
    def told_of(self) -> list[int]:
        return sorted(self._known)


async def consume(run: Checking, pause_s: float) -> list[Result]:
    results = []
    async for result in run:
        results.append(result)
        await asyncio.sleep(pause_s)
    return results


def is_as_it_stood(result: Result, moment: Moment, client: FakeClient) -> bool:
    kind = result.failure and result.failure.kind
    if isinstance(result.entry, InvalidTarget):
        return kind is FailureKind.INVALID_TARGET
    if result.index in moment.known or result.url in client.answered:
        return result.attempt is not None and result.url in client.answered
    expected = FailureKind.INTERRUPTED if result.index in moment.in_flight else FailureKind.NOT_STARTED
    return result.verdict is Verdict.UNCHECKED and kind is expected


@settings(deadline=None, max_examples=300)
@given(scene=SCENES)
@virtual
async def test_a_stop_at_any_moment_leaves_every_entry_with_exactly_one_true_result(scene: Scene) -> None:
    client = scene.client
    with ExitStack() as stack:
        stack.enter_context(patch("allup.run.checking.QUEUE", scene.queue))
        async with checking(scene.entries, scene.told, client=client, clock=CLOCK) as run:
            moment = Moment(run, scene)
            results, _ = await asyncio.gather(consume(run, scene.consumer_s), moment.come())
    indexes = [result.index for result in results]
    everyone = list(range(len(scene.entries)))
    assert sorted(indexes) == everyone
    assert [result.entry for result in sorted(results, key=lambda one: one.index)] == scene.entries
    assert all(is_as_it_stood(result, moment, client) for result in results)
    assert moment.told_of == everyone
    assert run.summary.tally.total == len(everyone)
    assert run.stopped_by is Stop.INTERRUPT
    assert len(client.asked) == len(set(client.asked))
    if scene.order is Order.LIST:
        assert indexes == everyone


def _generated(scene: Scene, drawn: list[Entry]) -> Iterator[Entry]:
    for entry in scene.entries:
        drawn.append(entry)
        yield entry


async def _trickling(scene: Scene, drawn: list[Entry], every_s: float) -> AsyncIterator[Entry]:
    for entry in scene.entries:
        await asyncio.sleep(every_s)
        drawn.append(entry)
        yield entry


@settings(deadline=None, max_examples=200)
@given(scene=SCENES)
@virtual
async def test_what_was_drawn_from_a_generator_is_reported_exactly_once(scene: Scene) -> None:
    drawn: list[Entry] = []
    async with checking(_generated(scene, drawn), scene.told, client=scene.client, clock=CLOCK) as run:
        moment = Moment(run, scene)
        results, _ = await asyncio.gather(consume(run, scene.consumer_s), moment.come())
    assert [result.entry for result in sorted(results, key=lambda one: one.index)] == drawn


ONE_IN_HAND = Scene(
    scripts=[None],
    concurrency=1,
    order=Order.LIST,
    queue=1,
    consumer_s=0,
    grace_s=0,
    stop_after_s=0,
    stop_after_steps=0,
)


@settings(deadline=None, max_examples=200)
@given(scene=SCENES, every_s=st.sampled_from([0, 0, 1]))
@example(scene=ONE_IN_HAND, every_s=0)
@virtual
async def test_what_came_from_an_async_source_is_reported_exactly_once(scene: Scene, every_s: int) -> None:
    drawn: list[Entry] = []
    async with checking(_trickling(scene, drawn, every_s), scene.told, client=scene.client, clock=CLOCK) as run:
        moment = Moment(run, scene)
        results, _ = await asyncio.gather(consume(run, scene.consumer_s), moment.come())
        await asyncio.sleep(2)
    assert [result.entry for result in sorted(results, key=lambda one: one.index)] == drawn


@virtual
async def test_without_a_grace_a_stop_takes_no_time_where_the_attempts_take_none_to_end() -> None:
    async with checking(
        targets_of(500),
        CheckSettings(concurrency=50, grace_s=0),
        client=FakeClient(otherwise=Script(latency_s=60)),
        clock=CLOCK,
    ) as run:
        asyncio.get_running_loop().call_later(30, run.stop, Stop.INTERRUPT)
        results = [result async for result in run]
    assert now() == run.summary.wall_s == 30.0
    assert len(results) == 500


@pytest.mark.parametrize(("reason", "words"), [(Stop.INTERRUPT, "Ctrl-C"), (Stop.TERMINATE, "SIGTERM")])
@virtual
async def test_what_was_cut_short_says_why_and_what_it_was_doing(reason: Stop, words: str) -> None:
    client = FakeClient(otherwise=Script(latency_s=9))
    async with checking(targets_of(2), CheckSettings(concurrency=1), client=client, clock=CLOCK) as run:
        asyncio.get_running_loop().call_later(1, run.stop, reason)
        cut, waiting = [result.failure async for result in run]
    assert cut is not None
    assert waiting is not None
    assert (cut.kind, cut.phase, cut.certainty) == (FailureKind.INTERRUPTED, Phase.WAIT, Certainty.LOCAL)
    assert (waiting.kind, waiting.phase, waiting.certainty) == (FailureKind.NOT_STARTED, None, Certainty.LOCAL)
    assert words in cut.detail
    assert "waiting for an answer" in cut.detail
    assert words in waiting.detail
    assert "before its turn" in waiting.detail


@virtual
async def test_a_stop_before_the_first_turn_asks_nobody() -> None:
    client = FakeClient()
    async with checking(targets_of(5), client=client, clock=CLOCK) as run:
        run.stop(Stop.TERMINATE)
        kinds = [result.failure and result.failure.kind async for result in run]
    assert kinds == [FailureKind.NOT_STARTED] * 5
    assert client.asked == []


@virtual
async def test_a_second_stop_changes_nothing() -> None:
    client = FakeClient(otherwise=Script(latency_s=5, parting_s=3))
    async with checking(targets_of(5), CheckSettings(concurrency=2, grace_s=0), client=client, clock=CLOCK) as run:
        loop = asyncio.get_running_loop()
        loop.call_later(1, run.stop, Stop.INTERRUPT)
        loop.call_later(2, run.stop, Stop.TERMINATE)
        results = [result async for result in run]
    assert run.stopped_by is Stop.INTERRUPT
    assert [result.index for result in results] == list(range(5))
    assert now() == 4.0


@virtual
async def test_a_stop_after_the_last_result_takes_nothing_back() -> None:
    async with checking(targets_of(3), client=FakeClient(), clock=CLOCK) as run:
        verdicts = [result.verdict async for result in run]
        run.stop(Stop.INTERRUPT)
    assert verdicts == [Verdict.OK] * 3
    assert run.summary.tally.total == 3


@virtual
async def test_an_observer_may_stop_the_run() -> None:
    class StopAtTheFirst:
        def completed(self, _: Result) -> None:
            run.stop(Stop.READER_GONE)

    client = client_of([1, 2, 3, 4])
    async with checking(targets_of(4), CheckSettings(concurrency=2), client=client, clock=CLOCK) as run:
        run.observe(StopAtTheFirst())
        kinds = [result.failure and result.failure.kind async for result in run]
    assert kinds == [None, FailureKind.INTERRUPTED, FailureKind.NOT_STARTED, FailureKind.NOT_STARTED]


@virtual
async def test_the_consumer_may_stop_the_run_and_go_on_reading() -> None:
    async with checking(
        targets_of(300), CheckSettings(concurrency=3), client=FakeClient(otherwise=Script(latency_s=1)), clock=CLOCK
    ) as run:
        results = []
        async for result in run:
            results.append(result)
            run.stop(Stop.READER_GONE)
    assert [result.index for result in results] == list(range(300))
    assert results[-1].verdict is Verdict.UNCHECKED


@virtual
async def test_an_endless_source_ends_with_the_stop() -> None:
    def endless() -> Iterator[Target]:
        number = 0
        while True:
            yield target_of(number)
            number += 1

    client = FakeClient(otherwise=Script(latency_s=1))
    async with checking(endless(), CheckSettings(concurrency=4), client=client, clock=CLOCK) as run:
        asyncio.get_running_loop().call_later(2.5, run.stop, Stop.INTERRUPT)
        results = [result async for result in run]
    assert [result.index for result in results] == list(range(12))
