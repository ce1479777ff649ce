"""Bytes that wait come out as they went in, wherever they waited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.report import backlog
from allup.report.backlog import Backlog


@given(st.lists(st.one_of(st.binary(max_size=30), st.integers(1, 40))))
def test_bytes_come_out_in_order_though_most_wait_in_a_file(steps: list[bytes | int]) -> None:
    held, expected = Backlog(), b""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backlog, "MOST_IN_MEMORY", 16)
        patch.setattr(backlog, "_PIECE", 8)
        for step in steps:
            if isinstance(step, bytes):
                held.add(step)
                expected += step
            else:
                first = held.first(step)
                assert expected.startswith(first)
                assert bool(first) is bool(expected)
                held.drop(len(first))
                expected = expected[len(first) :]
            assert len(held) == len(expected)
            assert len(held._memory) <= 16
    held.clear()
    assert not held


def test_much_that_waits_is_not_in_memory() -> None:
    held = Backlog()
    for _ in range(100):
        held.add(b"x" * 100_000)
    assert len(held) == 10_000_000
    assert len(held._memory) <= backlog.MOST_IN_MEMORY
    held.clear()
