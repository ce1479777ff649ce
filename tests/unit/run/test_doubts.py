"""A pile of failures on disk, read once, in the order in which they came."""

from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.attempt import Attempt
from allup.model.result import Result, judged
from allup.run.candidate import Candidate
from allup.run.doubts import Doubts
from unit.fake_client import target_of
from unit.virtual_loop import virtual


def result_of(number: int) -> Result:
    attempt = Attempt(started_at=0.0, elapsed_s=0.1, method="GET", status=503)
    return judged(number, target_of(number), attempt, attempts=3)


async def read(doubts: Doubts) -> list[Candidate]:
    doubts.rewind()
    candidates: list[Candidate] = []
    while (batch := await doubts.next_batch()) is not None:
        candidates.extend(batch)
    return candidates


@settings(deadline=None)
@given(indexes=st.lists(st.integers(0, 10_000), max_size=200))
@virtual
async def test_what_was_put_on_the_pile_comes_back_once_in_its_order(indexes: list[int]) -> None:
    doubts = Doubts()
    for index in indexes:
        doubts.add(result_of(index))
    assert len(doubts) == len(indexes)
    candidates = await read(doubts)
    assert [candidate.last for candidate in candidates] == [result_of(index) for index in indexes]
    assert [(candidate.index, candidate.attempts) for candidate in candidates] == [(index, 3) for index in indexes]
    assert len(doubts) == 0
    assert await doubts.next_batch() is None
    doubts.close()


@virtual
async def test_a_stop_does_not_shorten_the_pile() -> None:
    doubts = Doubts()
    for index in range(100):
        doubts.add(result_of(index))
    doubts.stop()
    assert len(await read(doubts)) == 100
    doubts.close()


@virtual
async def test_an_empty_pile_has_no_file_and_can_be_closed() -> None:
    doubts = Doubts()
    assert await read(doubts) == []
    doubts.close()
