"""Results that wait on disk: they come back whole, and the files go."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.attempt import Attempt, Hop, Timings, Tls
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.result import Result, Verdict, not_started, unreadable
from allup.model.target import Origin, Request, Target
from allup.run.ordering import ListOrder
from allup.run.spill import Spill
from unit.fake_client import invalid_of, target_of


def result_of(index: int) -> Result:
    return not_started(index, target_of(index), detail=f"result {index}")


class Disk:
    """A spy on temporary files."""

    def __init__(self) -> None:
        self.files: list[IO[bytes]] = []
        self._make = tempfile.TemporaryFile

    def make(self, **how: Any) -> IO[bytes]:
        made: IO[bytes] = self._make(**how)
        self.files.append(made)
        return made

    @property
    def open(self) -> int:
        return sum(not file.closed for file in self.files)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Disk]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spy = Disk()
    monkeypatch.setattr(tempfile, "TemporaryFile", spy.make)
    yield spy
    assert spy.open == 0
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None)
@given(
    indexes=st.lists(st.integers(0, 300), unique=True, max_size=80),
    segment=st.integers(1, 9),
)
def test_what_goes_in_comes_out_once_in_rising_order(indexes: list[int], segment: int) -> None:
    with closing(Spill(segment)) as spill:
        for index in indexes:
            spill.add(result_of(index))
        for index in range(302):
            assert spill.pop(index) == (result_of(index) if index in indexes else None)
            assert spill.pop(index) is None
        assert spill._segments == {}


@settings(deadline=None)
@given(data=st.data(), segment=st.integers(1, 5))
def test_adding_and_taking_out_may_take_turns(data: st.DataObject, segment: int) -> None:
    held: set[int] = set()
    upcoming = 0
    with closing(Spill(segment)) as spill:
        for _ in range(data.draw(st.integers(0, 60))):
            if data.draw(st.booleans()):
                index = upcoming + data.draw(st.integers(0, 20))
                if index not in held:
                    spill.add(result_of(index))
                    held.add(index)
            else:
                assert spill.pop(upcoming) == (result_of(upcoming) if upcoming in held else None)
                held.discard(upcoming)
                upcoming += 1
            assert len(spill._segments) <= len(held)


def test_everything_that_is_known_of_a_result_survives() -> None:
    target = Target(
        url="http://h/",
        href="http://u:p@h/",
        host="h:80",
        name="né <b>",
        origin=Origin(source="urls.txt", line=3),
        request=Request(method="HEAD", headers=(("A", "b"),), timeout_s=2.5, follow=False),
    )
    attempt = Attempt(
        started_at=1.5,
        elapsed_s=0.25,
        method="HEAD",
        status=503,
        final_url="http://h/x",
        redirects=(Hop(status=301, url="http://h/"),),
        timings=Timings(dns_s=0.1),
        tls=Tls(version="TLSv1.3", expires_at=None),
    )
    failure = Failure(
        kind=FailureKind.STATUS, certainty=Certainty.TRANSIENT, phase=Phase.WAIT, detail="\udcff", hint=None
    )
    results = [
        Result(index=0, entry=target, verdict=Verdict.FAILED, failure=failure, attempt=attempt, attempts=3),
        unreadable(1, invalid_of(1)),
    ]
    with closing(Spill()) as spill:
        for result in results:
            spill.add(result)
        assert [spill.pop(0), spill.pop(1)] == results


def test_no_file_is_made_before_the_first_result(disk: Disk) -> None:
    spill = Spill()
    assert spill.pop(0) is None
    spill.close()
    assert disk.files == []


def test_a_file_goes_as_soon_as_it_is_empty(disk: Disk) -> None:
    spill = Spill(10)
    for index in range(35):
        spill.add(result_of(index))
    open_after = []
    for index in range(35):
        spill.pop(index)
        open_after.append(disk.open)
    assert open_after == [4] * 9 + [3] * 10 + [2] * 10 + [1] * 5 + [0]


def test_a_hundred_times_as_many_results_need_no_hundred_times_as_many_files(disk: Disk) -> None:
    spill = Spill(10)
    for index in range(10_000):
        spill.add(result_of(index))
    assert disk.open < 100
    assert [spill.pop(index) for index in range(10_000)] == [result_of(index) for index in range(10_000)]
    assert disk.open == 0
    spill.close()


def test_close_removes_the_files_that_are_left(disk: Disk) -> None:
    spill = Spill(10)
    for index in range(35):
        spill.add(result_of(index))
    assert disk.open == 4
    spill.close()
    spill.close()
    assert disk.open == 0


def test_the_files_have_no_name_that_could_be_left_behind(disk: Disk, tmp_path: Path) -> None:
    spill = Spill()
    spill.add(result_of(7))
    assert disk.open == 1
    assert list(tmp_path.iterdir()) == []
    spill.close()


def test_an_order_spills_only_beyond_its_window_and_cleans_up(disk: Disk) -> None:
    order = ListOrder(window=5)
    for index in range(1, 6):
        assert list(order.push(result_of(index))) == []
    assert disk.files == []
    for index in range(6, 20):
        assert list(order.push(result_of(index))) == []
    assert disk.open == 1
    assert [result.index for result in order.push(result_of(0))] == list(range(20))
    assert disk.open == 0
    order.close()


def test_an_order_that_is_given_up_cleans_up(disk: Disk) -> None:
    order = ListOrder(window=0)
    assert list(order.push(result_of(1))) == []
    assert disk.open == 1
    order.close()


def test_the_index_of_a_long_wait_is_let_go_of_as_it_is_used_up() -> None:
    with closing(Spill(100)) as spill:
        for index in range(1, 5_001):
            spill.add(result_of(index))
        for index in range(1, 4_901):
            assert spill.pop(index) == result_of(index)
        assert len(spill._places) <= 200
