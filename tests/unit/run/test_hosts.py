"""Hosts: their slots, their pauses, and that nobody is remembered without need."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.selection import SelectionSettings
from allup.model.settings import CheckSettings, PaceSettings
from allup.model.target import Entry
from allup.run.candidate import ListCandidates
from allup.run.checking import Checking
from allup.run.host import Host
from allup.run.polite import PoliteTurns
from unit.checked import checked
from unit.fake_client import FakeClient, Script, host_of, page_of, targets_of
from unit.virtual_loop import CLOCK, now, virtual


def turns_of(entries: list[Entry], pace: PaceSettings, concurrency: int) -> PoliteTurns:
    stream = EntryStream(entries, LineDefaults(), SelectionSettings(dedupe=False))
    return PoliteTurns(ListCandidates(stream), CLOCK, pace, concurrency=concurrency)


def hosts(turns: PoliteTurns) -> list[Host]:
    """All hosts that there is something to remember about."""
    return list(getattr(turns, "_hosts"))  # noqa: B009 - to look behind the scenes


def active(turns: PoliteTurns) -> int:
    count = getattr(turns, "_active")  # noqa: B009 - to look behind the scenes
    assert isinstance(count, int)
    return count


@settings(deadline=None)
@given(pauses=st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=20))
def test_pauses_that_overlap_are_spent_once(pauses: list[tuple[float, float]]) -> None:
    at = 1000.0
    host = Host("h:80", 1, None, lambda: at)
    covered_until, covered = at, 0.0
    for after_s, seconds in pauses:
        at += after_s
        host.pause(seconds)
        covered += max(0.0, at + seconds - max(at, covered_until))
        covered_until = max(covered_until, at + seconds)
        assert host.paused_for_s == pytest.approx(covered)
        assert 0 <= host.spent_s + 1e-6 <= host.paused_for_s + 2e-6
    at = max(at, covered_until)
    assert host.spent_s == pytest.approx(covered)


@pytest.mark.parametrize("pace", [PaceSettings(), PaceSettings(per_host=None), PaceSettings(per_host_rate_per_s=0.5)])
@pytest.mark.parametrize("moves", [(), ("elsewhere.test:80",), ("alias.test:80", "elsewhere.test:80")])
@virtual
async def test_a_host_that_nobody_needs_any_more_is_forgotten(pace: PaceSettings, moves: tuple[str, ...]) -> None:
    runs: list[Checking] = []
    remembered: list[int] = []

    def count() -> None:
        engine = getattr(runs[0], "_runner")  # noqa: B009 - to look behind the scenes
        remembered.append(len(hosts(engine._turns)))

    def begun(run: Checking) -> None:
        runs.append(run)
        for moment in range(100):
            asyncio.get_running_loop().call_later(moment + 0.5, count)

    client = FakeClient(otherwise=Script(latency_s=1, moves=moves))
    await checked(targets_of(400), client, CheckSettings(concurrency=4, pace=pace), begun=begun)
    assert len(remembered) == 100
    assert 0 < max(remembered) <= 4 + 4 * (len(moves) + 1) + len(moves)


@virtual
async def test_of_a_host_that_was_paused_only_for_how_long_is_remembered() -> None:
    turns = turns_of([page_of(number, host_of(number)) for number in range(100)], PaceSettings(), 10)
    while (turn := await turns.take()) is not None:
        turns.pause(turn.host or "", 5)
        turns.release(turn)
    assert len(hosts(turns)) == 100
    assert turns.paused_for_s(host_of(0)) == 0
    await asyncio.sleep(6)
    assert hosts(turns) == []
    assert [turns.paused_for_s(host_of(number)) for number in range(100)] == [5] * 100
    await turns.aclose()


@virtual
async def test_the_pauses_of_so_many_hosts_are_remembered_and_a_further_one_adds_to_those(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("allup.run.hosts.MOST_PAUSED", 10)
    names = [*range(11), 1]
    turns = turns_of([page_of(number, host_of(name)) for number, name in enumerate(names)], PaceSettings(), 1)
    while (turn := await turns.take()) is not None:
        turns.pause(turn.host or "", 0.5)
        turns.release(turn)
        await asyncio.sleep(1)
    assert hosts(turns) == []
    assert [turns.paused_for_s(host_of(name)) for name in (0, 1, 2, 10)] == [0, 1, 0.5, 0.5]
    await turns.aclose()


class Walk:
    """Takes, moves, pauses, tries again and releases turns in a random order, and watches the slots."""

    def __init__(self, turns: PoliteTurns, cap: int | None, concurrency: int) -> None:
        self.turns = turns
        self.cap = cap
        self.concurrency = concurrency
        self.visited: list[int] = []
        self.retries = 50  # dice may fall the same way again and again

    def watch(self) -> None:
        assert 0 <= active(self.turns) <= self.concurrency
        for host in hosts(self.turns):
            assert host.in_use >= 0
            assert self.cap is None or host.in_use <= self.cap
            holding = [turn for turn in self.turns.in_flight.values() if turn.host == host.name]
            assert host.in_use == len(holding)

    async def worker(self, draw: "Dice") -> None:
        while (turn := await self.turns.take()) is not None:
            self.watch()
            self.visited.append(turn.index)
            for _ in range(draw(3)):
                await asyncio.sleep(draw(3))
                before = now()
                moved_s = await turn.move(host_of(draw(4)))
                assert now() == before + moved_s
                self.watch()
            await asyncio.sleep(draw(3))
            if draw(4) == 0:
                self.turns.pause(turn.host or "", draw(5))
            if draw(3) == 0 and self.retries:
                self.retries -= 1
                self.visited.pop(self.visited.index(turn.index))
                self.turns.retry(turn.candidate, host_of(draw(4)), after_s=draw(6))
            self.turns.release(turn)
            self.watch()


class Dice:
    """Numbers below a bound, from a list that starts again at its end."""

    def __init__(self, numbers: list[int]) -> None:
        self._numbers = numbers
        self._at = 0

    def __call__(self, below: int) -> int:
        self._at = (self._at + 1) % len(self._numbers)
        # Those of 0 come up often: let the dice move on, or nothing would ever end.
        return (self._numbers[self._at] + self._at) % below


@settings(deadline=None, max_examples=200)
@given(
    names=st.lists(st.integers(0, 3), max_size=15),
    numbers=st.lists(st.integers(0, 59), min_size=61, max_size=61),
    cap=st.sampled_from([None, 1, 2]),
    rates=st.tuples(st.sampled_from([None, 2]), st.sampled_from([None, 1])),
    concurrency=st.integers(1, 4),
)
@virtual
async def test_slots_are_never_overdrawn_and_all_are_free_in_the_end(
    names: list[int],
    numbers: list[int],
    cap: int | None,
    rates: tuple[float | None, float | None],
    concurrency: int,
) -> None:
    pace = PaceSettings(per_host=cap, rate_per_s=rates[0], per_host_rate_per_s=rates[1])
    entries: list[Entry] = [page_of(number, host_of(name)) for number, name in enumerate(names)]
    turns = turns_of(entries, pace, concurrency)
    walk, dice = Walk(turns, cap, concurrency), Dice(numbers)
    async with asyncio.TaskGroup() as group:
        for number in range(concurrency + 6):
            group.create_task(walk.worker(dice), name=f"worker {number}")
    assert sorted(walk.visited) == list(range(len(names)))
    assert active(turns) == 0
    assert turns.in_flight == {}
    assert all(host.in_use == host.movers == len(host.line) == 0 for host in hosts(turns))
    await turns.aclose()


@virtual
async def test_who_gives_up_on_a_move_may_go_elsewhere_and_frees_all_it_had() -> None:
    turns = turns_of([page_of(number, host_of(number)) for number in range(2)], PaceSettings(per_host=1), 2)
    first, second = await turns.take(), await turns.take()
    assert first is not None
    assert second is not None
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(first.move(host_of(1)), 5)
    held = [first.host]
    assert await first.move(host_of(2)) == 0.0
    held.append(first.host)
    assert held == [None, host_of(2)]
    for turn in (first, second):
        turns.release(turn)
    assert active(turns) == 0
    await turns.aclose()


@settings(deadline=None, max_examples=100)
@given(
    names=st.lists(st.integers(0, 2), max_size=12),
    numbers=st.lists(st.integers(0, 59), min_size=61, max_size=61),
    concurrency=st.integers(1, 3),
    at_s=st.integers(0, 12),
)
@virtual
async def test_after_a_cancellation_at_any_moment_no_slot_is_held_and_the_rest_is_complete(
    names: list[int], numbers: list[int], concurrency: int, at_s: int
) -> None:
    entries: list[Entry] = [page_of(number, host_of(name)) for number, name in enumerate(names)]
    turns = turns_of(entries, PaceSettings(per_host=1), concurrency)
    begun: list[int] = []

    async def worker(dice: Dice) -> None:
        while (turn := await turns.take()) is not None:
            begun.append(turn.index)
            try:
                await asyncio.sleep(dice(3))
                await turn.move(host_of(dice(2)))
                await asyncio.sleep(dice(3))
            finally:
                turns.release(turn)

    workers = [asyncio.create_task(worker(Dice(numbers[n:])), name=f"worker {n}") for n in range(concurrency + 3)]
    await asyncio.wait(workers, timeout=at_s)
    for task in workers:
        task.cancel()
    await asyncio.wait(workers)
    assert active(turns) == 0
    assert all(host.in_use == host.movers == 0 for host in hosts(turns))
    turns.close()
    rest = [candidate.index async for candidate in turns.rest()]
    assert sorted([*begun, *rest]) == list(range(len(names)))
    await turns.aclose()
