"""A turn, and the list as turns."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.lists.stream import Entries
from allup.model.failure import Phase
from allup.model.selection import SelectionSettings
from allup.model.settings import PaceSettings
from allup.model.target import Entry
from allup.run.candidate import Candidate, ListCandidates
from allup.run.polite import PoliteTurns
from allup.run.turns import Turn
from unit.fake_client import target_of, targets_of
from unit.virtual_loop import CLOCK, virtual


def politely(entries: Entries) -> PoliteTurns:
    return PoliteTurns(ListCandidates(entries), CLOCK, PaceSettings(), concurrency=1_000)


def turns_of(entries: list[Entry] | AsyncIterator[Entry] | Iterator[Entry]) -> PoliteTurns:
    return politely(EntryStream(entries, LineDefaults(), SelectionSettings(dedupe=False)))


async def taken(turns: PoliteTurns) -> Turn:
    turn = await turns.take()
    assert turn is not None
    return turn


async def none_is_left(turns: PoliteTurns) -> bool:
    """End all turns, and say whether there is none any more."""
    for turn in tuple(turns.in_flight.values()):
        turns.release(turn)
    return await turns.take() is None


async def nowhere(turn: Turn, host: str) -> float:
    raise NotImplementedError(turn, host)


@virtual
async def test_turns_come_in_the_lists_order_and_end_with_it() -> None:
    turns = turns_of([*targets_of(600)])
    assert [(await taken(turns)).index for _ in range(600)] == list(range(600))
    assert await none_is_left(turns)
    assert await turns.take() is None


@virtual
async def test_a_turn_is_in_flight_until_it_is_released() -> None:
    turns = turns_of([*targets_of(3)])
    first, second = await taken(turns), await taken(turns)
    assert list(turns.in_flight.values()) == [first, second]
    turns.release(first)
    assert list(turns.in_flight.values()) == [second]
    assert turns.peak_in_flight == 2


@virtual
async def test_a_turn_says_when_it_was_taken_by_whom_and_how_long_its_entry_was_known() -> None:
    turns = turns_of([*targets_of(2)])
    await taken(turns)
    await asyncio.sleep(4)
    turn = await asyncio.create_task(taken(turns), name="somebody")
    assert (turn.taken_at, turn.waited_s, turn.task_name, turn.attempt_number) == (4.0, 4.0, "somebody", 1)


def test_a_turn_can_be_made_outside_of_any_task() -> None:
    async def make() -> Turn:
        made: list[Turn] = []
        asyncio.get_running_loop().call_soon(lambda: made.append(turn_at_zero()))
        await asyncio.sleep(0)
        return made[0]

    def turn_at_zero() -> Turn:
        return Turn(Candidate(0, target_of(0)), host=None, waited_s=0.0, taken_at=0.0, mover=nowhere)

    assert asyncio.run(make()).task_name == ""


@virtual
async def test_the_phase_is_what_the_probe_says() -> None:
    turn = await taken(turns_of([target_of(0)]))
    assert turn.phase is Phase.BLOCKED
    phases = [Phase.DNS, Phase.RECEIVE]
    turn.watch(lambda: phases.pop(0))
    assert [turn.phase, turn.phase] == [Phase.DNS, Phase.RECEIVE]


@virtual
async def test_closed_turns_give_no_more_and_the_rest_keeps_its_numbers() -> None:
    entries = [*targets_of(4)]
    turns = turns_of([*entries])
    await taken(turns)
    turns.close()
    assert await turns.take() is None
    rest = [(candidate.index, candidate.entry) async for candidate in turns.rest()]
    assert rest == [(1, entries[1]), (2, entries[2]), (3, entries[3])]


@virtual
async def test_many_who_wait_for_the_source_get_each_entry_once() -> None:
    async def trickle() -> AsyncIterator[Entry]:
        for target in targets_of(20):
            await asyncio.sleep(1)
            yield target

    turns = turns_of(trickle())
    got: list[int] = []

    async def take_one() -> None:
        turn = await turns.take()
        if turn is not None:
            got.append(turn.index)
            turns.release(turn)

    await asyncio.gather(*(take_one() for _ in range(25)))
    assert got == list(range(20))


class SlowBatches:
    """A source that comes in batches, as a file or a pipe does; each takes a second."""

    def __init__(self, *batches: list[Entry]) -> None:
        self.repeats = 0
        self.excluded = 0
        self.share = None
        self.empty_sources: Sequence[str] = ()
        self._batches = list(batches)
        self._current: Iterator[Entry] = iter(())

    async def next_batch(self) -> Iterator[Entry] | None:
        assert next(self._current, None) is None, "the last batch is not used up"
        await asyncio.sleep(1)
        if not self._batches:
            return None
        self._current = iter(self._batches.pop(0))
        return self._current

    def stop(self) -> None:
        pass


@virtual
async def test_nobody_reads_on_over_a_batch_that_is_not_used_up() -> None:
    entries = [*targets_of(9)]
    turns = politely(SlowBatches([*entries[:4]], [], [*entries[4:8]], [*entries[8:]]))
    got = await asyncio.gather(*(taken(turns) for _ in range(9)))
    assert {turn.index: turn.entry for turn in got} == dict(enumerate(entries))
    assert await none_is_left(turns)


@pytest.mark.parametrize("at_s", [0.5, 1.0, 1.5, 3.5])
@virtual
async def test_the_rest_begins_where_the_turns_ended_also_within_a_batch(at_s: float) -> None:
    entries = [*targets_of(9)]
    turns = politely(SlowBatches([*entries[:4]], [], [*entries[4:8]], [*entries[8:]]))
    taking = [asyncio.create_task(turns.take(), name=f"taker {number}") for number in range(3)]
    await asyncio.sleep(at_s)
    turns.close()
    begun = [turn.index for task in taking if (turn := await task) is not None]
    assert [*begun, *[candidate.index async for candidate in turns.rest()]] == list(range(9))


@virtual
async def test_who_is_cancelled_while_waiting_for_the_source_costs_no_entry() -> None:
    async def trickle() -> AsyncIterator[Entry]:
        for target in targets_of(3):
            await asyncio.sleep(10)
            yield target

    turns = turns_of(trickle())
    waiter = asyncio.create_task(turns.take(), name="impatient")
    await asyncio.sleep(5)
    waiter.cancel()
    assert [(await taken(turns)).entry for _ in range(3)] == targets_of(3)
    assert await none_is_left(turns)


@virtual
async def test_blank_stretches_of_a_list_are_read_over() -> None:
    lines = iter(["# nothing"] * 1000 + ["http://host-0.test/"] + [""] * 1000)
    turns = politely(EntryStream(lines, LineDefaults()))
    assert (await taken(turns)).index == 0
    assert await none_is_left(turns)


@virtual
async def test_a_source_that_breaks_is_told_to_whoever_takes_and_to_whoever_reads_the_rest() -> None:
    async def broken() -> AsyncIterator[Entry]:
        yield target_of(0)
        raise LookupError("the source broke")

    turns = turns_of(broken())
    await taken(turns)
    with pytest.raises(LookupError):
        await turns.take()
    turns.close()
    with pytest.raises(LookupError):
        _ = [candidate async for candidate in turns.rest()]


@virtual
async def test_closing_lets_go_of_a_source_that_is_awaited() -> None:
    turns = politely(SlowBatches(*([] for _ in range(1_000_000))))
    taking = asyncio.create_task(turns.take(), name="taker")
    await asyncio.sleep(1)
    taking.cancel()
    await turns.aclose()
