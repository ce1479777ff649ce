"""The live view at any width."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from allup.live.frames import Frames
from allup.model.failure import Phase
from allup.model.result import Result
from allup.model.tally import Tally
from allup.model.target import Target
from allup.report.look import Look
from allup.run.turns import Turn

MakeResult = Callable[..., Result]


@dataclass(frozen=True)
class Flight:
    entry: Target
    taken_at: float
    phase: Phase


def flight(age_s: float, phase: Phase, url: str = "https://example.org/") -> Turn:
    return cast("Turn", Flight(Target(url=url, href=url, host="example.org:443"), 100.0 - age_s, phase))


def framed(results: list[Result], turns: list[Turn], *, width: int, total: int | None = 200) -> list[str]:
    tally = Tally()
    now = [90.0]
    frames = Frames(
        tally, Look.on("utf-8"), total=total, in_flight=lambda: 7, turns=lambda: turns, clock=lambda: now[0]
    )
    frames.frame(width)
    for result in results:
        tally.add(result)
    now[0] = 100.0
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(frames.frame(width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.fixture
def mixed(make_result: MakeResult) -> list[Result]:
    return [make_result()] * 110 + [make_result(attempts=2)] * 2 + [make_result(status=404)] * 11


def test_a_wide_terminal_is_told_everything(mixed: list[Result]) -> None:
    (line,) = framed(mixed, [], width=120)
    told = "123/200 · 110 ok · 2 flaky · 11 failed · 7 in flight · 10s · 12/s · 6s left"
    assert line == f"━━━━━━━━━━━━━━────────── {told}"


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (80, "123/200 · 110 ok · 2 flaky · 11 failed · 7 in flight · 6s left"),
        (60, "123/200 · 11 failed · 7 in flight · 6s left"),
        (40, "123/200 · 11 failed · 6s left"),
        (20, "123/200 · 11 failed"),
    ],
)
def test_a_narrow_one_what_matters_most(mixed: list[Result], width: int, told: str) -> None:
    (line,) = framed(mixed, [], width=width)
    assert told in line


def test_a_narrow_one_has_short_names_for_the_phases() -> None:
    slow = [flight(12, Phase.WAIT), flight(4, Phase.CONNECT)]
    assert framed([], slow, width=100)[1:] == [
        "   12s  waiting for an answer  https://example.org/",
        "    4s  connecting             https://example.org/",
    ]
    assert framed([], slow, width=50)[1:] == [
        "   12s  wait     https://example.org/",
        "    4s  connect  https://example.org/",
    ]


@settings(deadline=None, max_examples=60)
@given(
    width=st.integers(20, 200),
    total=st.none() | st.integers(1, 10**7),
    urls=st.lists(st.text(st.characters(codec="utf-8"), max_size=200), max_size=5),
    done=st.integers(0, 30),
)
def test_no_line_is_longer_than_the_terminal(
    make_result: MakeResult, *, width: int, total: int | None, urls: list[str], done: int
) -> None:
    turns = [flight(50, Phase.WAIT, url) for url in urls]
    lines = framed(
        [make_result(status=200 + number * 100 % 400) for number in range(done)], turns, width=width, total=total
    )
    assert max(map(cell_len, lines)) <= width
    assert len(lines) == 1 + min(3, len(urls))
