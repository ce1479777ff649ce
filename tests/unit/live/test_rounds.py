"""What `compare` shows while it runs."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from allup.live.round_display import RoundDisplay
from allup.live.rounds import NullRoundDisplay, Rounds
from allup.model.result import Result
from allup.model.settings import Strategy

MakeResult = Callable[..., Result]


def drawn(display: RoundDisplay) -> str:
    file = display._live.console.file
    assert isinstance(file, io.StringIO)
    file.truncate(0)
    display._live.refresh()
    return file.getvalue()


def test_it_shows_strategy_round_and_how_many_are_done(console: Console, make_result: MakeResult) -> None:
    with RoundDisplay(console, targets=20, rounds=3, clock=lambda: 0.0) as display:
        display.round_started(Strategy.GATHER, 10, 2)
        display.completed(make_result())
        display.completed(make_result(status=404))
        text = drawn(display)
    assert "gather -c 10, round 2 of 3" in text
    assert "2/20 in 0.0ms" in text


def test_each_round_counts_anew(console: Console, make_result: MakeResult) -> None:
    with RoundDisplay(console, targets=20, rounds=1, clock=lambda: 0.0) as display:
        display.round_started(Strategy.SEQUENTIAL, 1, 1)
        display.completed(make_result())
        display.round_started(Strategy.TASKGROUP, 10, 1)
        text = drawn(display)
    assert "taskgroup -c 10" in text
    assert "round" not in text
    assert "0/20" in text


def test_nothing_is_drawn_before_the_first_round(console: Console) -> None:
    with RoundDisplay(console, targets=20, rounds=1, clock=lambda: 0.0) as display:
        assert "/20" not in drawn(display)


@pytest.mark.parametrize("rounds", [NullRoundDisplay()])
def test_the_null_version_takes_everything(rounds: Rounds, make_result: MakeResult) -> None:
    with rounds:
        rounds.round_started(Strategy.WAIT, 10, 1)
        rounds.completed(make_result())
