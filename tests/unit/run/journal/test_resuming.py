"""Runs that are killed at any moment, and go on: every target once, and the same as of a run that nobody disturbed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.entry_stream import EntryStream
from allup.model.past import Known
from allup.model.result import Result, Verdict
from allup.model.selection import SelectionSettings
from allup.model.settings import CheckSettings, FailOn, Order
from allup.model.stop import Stop
from allup.model.target import Entry
from allup.run.baseline.baseline import Baseline
from allup.run.checking import Checking, checking
from allup.run.journal.problem import JournalError
from unit.fake_client import REFUSED, RESET, FakeClient, Script, Scripts, invalid_of, target_of, targets_of, url_of
from unit.run.journal.journals import DEFAULTS, SETTINGS, opened
from unit.virtual_loop import CLOCK, run_virtual, virtual

SCRIPTS = st.builds(
    Script,
    latency_s=st.sampled_from([0, 0.01, 0.1, 1]),
    status=st.sampled_from([200, 404]),
    failure=st.sampled_from([None, None, REFUSED]),
)


@dataclass(frozen=True, kw_only=True)
class Kill:
    """A run is killed when so many of its results were handed on, and loses so many of the last bytes."""

    after: int
    loses: int


@dataclass(frozen=True, kw_only=True)
class Scene:
    scripts: list[Script | None]
    told: CheckSettings
    kills: list[Kill]
    with_baseline: bool

    @property
    def entries(self) -> list[Entry]:
        return [invalid_of(n) if script is None else target_of(n) for n, script in enumerate(self.scripts)]

    @property
    def client(self) -> FakeClient:
        return FakeClient({url_of(number): script for number, script in enumerate(self.scripts) if script is not None})

    @property
    def baseline(self) -> Baseline | None:
        if not self.with_baseline:
            return None
        baseline = Baseline()
        for number in range(0, len(self.scripts), 2):
            baseline.add(url_of(number), None, None, Known(verdict=Verdict.OK, elapsed_s=number / 7))
        return baseline


SCENES = st.builds(
    Scene,
    scripts=st.lists(st.one_of(SCRIPTS, SCRIPTS, SCRIPTS, st.none()), max_size=30),
    told=st.builds(
        CheckSettings,
        concurrency=st.integers(1, 5),
        order=st.sampled_from(Order),
        max_failures=st.none() | st.just(1_000),
    ),
    kills=st.lists(
        st.builds(Kill, after=st.integers(0, 10), loses=st.sampled_from([0, 0, 0, 1, 100, 1_000])), max_size=5
    ),
    with_baseline=st.booleans(),
)


def without_times(result: Result) -> Result:
    attempt = result.attempt
    return replace(result, attempt=None if attempt is None else replace(attempt, started_at=0.0))


def content(path: Path) -> bytes:
    return path.read_bytes()


def leave(path: Path, left: bytes) -> None:
    path.write_bytes(left)


async def killed(scene: Scene, path: Path, kill: Kill) -> None:
    """Run up to the kill, and leave what a process that is no more leaves behind."""
    journal = opened(path)
    try:
        async with checking(
            scene.entries, scene.told, client=scene.client, clock=CLOCK, baseline=scene.baseline, journal=journal
        ) as run:
            count = 0
            async with aclosing(aiter(run)) as results:  # type: ignore[type-var]
                while count < kill.after and await anext(results, None) is not None:
                    count += 1
            left = content(path)
    finally:
        journal.close(complete=False)
    leave(path, left[: max(0, len(left) - kill.loses)])


@settings(deadline=None, max_examples=100)
@given(SCENES)
def test_whatever_was_killed_and_when_the_last_run_has_all_of_it(scene: Scene) -> None:
    async def told(path: Path | None) -> list[Result]:
        journal = None if path is None else opened(path)
        async with checking(
            scene.entries, scene.told, client=scene.client, clock=CLOCK, baseline=scene.baseline, journal=journal
        ) as run:
            results = [result async for result in run]
        if journal is not None:
            journal.close(complete=True)
        return results

    undisturbed = run_virtual(told(None))
    with TemporaryDirectory() as folder:
        path = Path(folder, "journal")
        for kill in scene.kills:
            run_virtual(killed(scene, path, kill))
        results = run_virtual(told(path))
        assert not path.exists()
    if scene.told.order is Order.COMPLETION:
        results.sort(key=lambda one: one.index)
        undisturbed.sort(key=lambda one: one.index)
    assert list(map(without_times, results)) == list(map(without_times, undisturbed))


async def run_on(
    path: Path,
    entries: list[Entry],
    client: FakeClient,
    told: CheckSettings = SETTINGS,
    *,
    stop_at_s: float | None = None,
    stop: Stop = Stop.INTERRUPT,
) -> tuple[list[Result], Checking, int]:
    """Run with the journal at `path`, which stays; return how many were known before, too."""
    journal = opened(path, settings=told)
    try:
        async with checking(entries, told, client=client, clock=CLOCK, journal=journal) as run:
            if stop_at_s is not None:
                asyncio.get_running_loop().call_later(stop_at_s, run.stop, stop)
            results = [result async for result in run]
    finally:
        journal.close(complete=False)
    return results, run, journal.known


@virtual
async def test_what_is_completed_is_not_asked_again(tmp_path: Path) -> None:
    client = FakeClient({url_of(0): Script(latency_s=100)}, otherwise=Script(latency_s=1))
    entries: list[Entry] = [*targets_of(6)]
    told = CheckSettings(concurrency=2, grace_s=0)
    first, _, _ = await run_on(tmp_path / "j", entries, client, told, stop_at_s=3.5)
    assert [one.verdict for one in first] == ["unchecked", "ok", "ok", "ok", "unchecked", "unchecked"]

    again = FakeClient()
    results, run, known = await run_on(tmp_path / "j", entries, again, told)
    assert again.asked == [url_of(0), url_of(4), url_of(5)]
    assert known == 3
    assert [one.verdict for one in results] == ["ok"] * 6
    assert [one.index for one in results] == list(range(6))
    assert run.summary.tally.verdicts == Counter(ok=6)


@virtual
async def test_a_failure_that_would_have_been_tried_again_is_not_final(tmp_path: Path) -> None:
    again: dict[str, Scripts] = {url_of(0): (Script(failure=RESET), Script()), url_of(1): Script(failure=REFUSED)}
    entries: list[Entry] = [*targets_of(2, retries=2)]
    first, _, _ = await run_on(tmp_path / "j", entries, FakeClient(again), stop_at_s=0.001)
    assert [one.verdict for one in first] == ["failed", "failed"]

    client = FakeClient(again)
    results, _, _ = await run_on(tmp_path / "j", entries, client)
    assert set(client.asked) == {url_of(0)}
    assert [one.verdict for one in results] == ["flaky", "failed"]


@virtual
async def test_in_the_grace_of_an_interrupt_what_may_pass_is_not_final(tmp_path: Path) -> None:
    scripts: dict[str, Scripts] = {
        url_of(0): Script(failure=RESET, latency_s=1),
        url_of(1): Script(status=404, latency_s=1),
        url_of(2): Script(latency_s=1),
    }
    entries: list[Entry] = [*targets_of(3, retries=2)]
    first, _, _ = await run_on(tmp_path / "j", entries, FakeClient(scripts), stop_at_s=0.5)
    assert [one.verdict for one in first] == ["failed", "failed", "ok"]
    client = FakeClient()
    await run_on(tmp_path / "j", entries, client)
    assert client.asked == [url_of(0)]


@virtual
async def test_what_is_in_doubt_is_kept_when_it_was_confirmed(tmp_path: Path) -> None:
    client = FakeClient({url_of(0): Script(failure=RESET)})
    entries: list[Entry] = [*targets_of(2)]
    told = CheckSettings(confirm=True)
    first, _, _ = await run_on(tmp_path / "j", entries, client, told, stop_at_s=1)
    results, _, known = await run_on(tmp_path / "j", entries, client, told)
    assert [one.verdict for one in first] == [one.verdict for one in results] == ["failed", "ok"]
    assert known == 1
    *_, known = await run_on(tmp_path / "j", entries, client, told)
    assert known == 2


@pytest.mark.parametrize("order", list(Order))
@virtual
async def test_known_failures_count_towards_the_limit(tmp_path: Path, order: Order) -> None:
    client = FakeClient(otherwise=Script(status=404, latency_s=1))
    entries: list[Entry] = [*targets_of(6)]
    told = CheckSettings(concurrency=1, max_failures=2, order=order)
    first, run, _ = await run_on(tmp_path / "j", entries, client, told)
    assert (len(first), run.stopped_by) == (6, Stop.FAILURES)
    asked = len(client.asked)
    results, run, known = await run_on(tmp_path / "j", entries, client, told)
    assert (known, run.stopped_by, len(client.asked)) == (2, Stop.FAILURES, asked)
    assert Counter(one.verdict for one in results) == Counter(failed=2, unchecked=4)
    results, _, _ = await run_on(tmp_path / "j", entries, client, replace(told, max_failures=4))
    assert Counter(one.verdict for one in results) == Counter(failed=4, unchecked=2)


@virtual
async def test_the_same_target_twice_has_two_results(tmp_path: Path) -> None:
    settings_ = CheckSettings(selection=SelectionSettings(dedupe=False), concurrency=1, grace_s=0)
    entries: list[Entry] = [target_of(1), target_of(1), target_of(1)]
    client = FakeClient(otherwise=Script(latency_s=1))
    for stop_at_s in (1.5, None):
        journal = opened(tmp_path / "j", settings=settings_)
        async with (
            EntryStream(entries, DEFAULTS, settings_.selection) as stream,
            checking(stream, settings_, client=client, clock=CLOCK, journal=journal) as run,
        ):
            if stop_at_s is not None:
                asyncio.get_running_loop().call_later(stop_at_s, run.stop, Stop.INTERRUPT)
            results = [result async for result in run]
        journal.close(complete=False)
    assert [one.verdict for one in results] == ["ok"] * 3
    assert len(client.answered) == 3


@virtual
async def test_what_is_new_is_decided_anew(tmp_path: Path) -> None:
    baseline = Baseline()
    baseline.add(url_of(0), None, None, Known(verdict=Verdict.OK))
    told = CheckSettings(fail_on=FailOn.NEW)
    client = FakeClient(otherwise=Script(status=404))
    for _ in range(2):
        journal = opened(tmp_path / "j", settings=told)
        async with checking(targets_of(2), told, client=client, clock=CLOCK, baseline=baseline, journal=journal) as run:
            changes = [result.past.change async for result in run if result.past is not None]
        journal.close(complete=False)
        assert changes == ["broke", "new"]
    assert len(client.asked) == 2


@virtual
async def test_another_list_ends_the_run_and_leaves_the_journal(tmp_path: Path) -> None:
    await run_on(tmp_path / "j", [*targets_of(5)], FakeClient())
    before = content(tmp_path / "j")
    for others in ([target_of(0), target_of(9), *targets_of(5)], targets_of(3), [invalid_of(0), *targets_of(4)]):
        with pytest.raises(JournalError, match="is the journal of another list"):
            await run_on(tmp_path / "j", [*others], FakeClient())
        assert content(tmp_path / "j") == before


@virtual
async def test_a_list_that_was_stopped_is_not_taken_for_a_shorter_one(tmp_path: Path) -> None:
    async def typed() -> AsyncIterator[Entry]:
        for number in range(5):
            yield target_of(number)

    await run_on(tmp_path / "j", [*targets_of(5)], FakeClient())
    journal = opened(tmp_path / "j")
    async with checking(typed(), client=FakeClient(), clock=CLOCK, journal=journal) as run:
        run.stop(Stop.INTERRUPT)
        assert [one.verdict async for one in run] == []
    journal.close(complete=False)
