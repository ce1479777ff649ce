"""Whose turn it is."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.failure import Phase
from allup.model.target import Entry
from allup.run.turns import ListTurns, Turn
from unit.fake_client import target_of, targets_of
from unit.virtual_loop import CLOCK, virtual


def turns_of(entries: list[Entry] | AsyncIterator[Entry] | Iterator[Entry]) -> ListTurns:
    return ListTurns(EntryStream(entries, LineDefaults(), dedupe=False), CLOCK)


async def taken(turns: ListTurns) -> Turn:
    turn = await turns.take()
    assert turn is not None
    return turn


@virtual
async def test_turns_come_in_the_lists_order_and_end_with_it() -> None:
    turns = turns_of([*targets_of(600)])
    assert [(await taken(turns)).index for _ in range(600)] == list(range(600))
    assert await turns.take() is None
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
    assert (turn.taken_at, turn.waited_s, turn.task_name) == (4.0, 4.0, "somebody")


def test_a_turn_can_be_made_outside_of_any_task() -> None:
    async def make() -> Turn:
        made: list[Turn] = []
        asyncio.get_running_loop().call_soon(lambda: made.append(turn_at_zero()))
        await asyncio.sleep(0)
        return made[0]

    def turn_at_zero() -> Turn:
        return Turn(index=0, entry=target_of(0), waited_s=0.0, taken_at=0.0)

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
    assert [await turns.rest() for _ in range(4)] == [(1, entries[1]), (2, entries[2]), (3, entries[3]), None]


@virtual
async def test_many_who_wait_for_the_source_get_each_entry_once() -> None:
    async def trickle() -> AsyncIterator[Entry]:
        for target in targets_of(20):
            await asyncio.sleep(1)
            yield target

    turns = turns_of(trickle())
    got = await asyncio.gather(*(turns.take() for _ in range(25)))
    assert sorted(turn.index for turn in got if turn is not None) == list(range(20))
    assert [turn for turn in got if turn is None] == [None] * 5


class SlowBatches:
    """A source that comes in batches, as a file or a pipe does; each takes a second."""

    def __init__(self, *batches: list[Entry]) -> None:
        self.repeats = 0
        self.empty_sources: Sequence[str] = ()
        self._batches = list(batches)

    async def next_batch(self) -> Iterator[Entry] | None:
        await asyncio.sleep(1)
        return iter(self._batches.pop(0)) if self._batches else None

    def stop(self) -> None:
        pass


@virtual
async def test_nobody_reads_on_over_a_batch_that_is_not_used_up() -> None:
    entries = [*targets_of(9)]
    turns = ListTurns(SlowBatches([*entries[:4]], [], [*entries[4:8]], [*entries[8:]]), CLOCK)
    got = await asyncio.gather(*(turns.take() for _ in range(12)))
    assert {turn.index: turn.entry for turn in got if turn is not None} == dict(enumerate(entries))


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
    assert await turns.take() is None


@virtual
async def test_blank_stretches_of_a_list_are_read_over() -> None:
    lines = iter(["# nothing"] * 1000 + ["http://host-0.test/"] + [""] * 1000)
    turns = ListTurns(EntryStream(lines, LineDefaults()), CLOCK)
    assert (await taken(turns)).index == 0
    assert await turns.take() is None
