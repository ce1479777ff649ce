"""A race, for programs and for people."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from allup.model.failure import FailureKind, Phase
from allup.model.race import Finish, RaceOutcome
from allup.model.result import Result, cut_short
from allup.model.stop import Stop
from allup.model.target import Target
from allup.report.look import Look
from allup.report.race_format import RaceFormat, usable
from allup.report.race_table import MOST_ROWS, RaceTable

MakeResult = Callable[..., Result]
SLOW = Target(url="https://slow.example/", href="https://slow.example/", host="slow.example:443")


def outcome_of(make_result: MakeResult, *, need: int = 1, url: str = "https://example.org/") -> RaceOutcome:
    late = cut_short(2, SLOW, Stop.WON, Phase.CONNECT, attempts=1)
    finishes = (
        Finish(result=make_result(url=url), started_s=0.0, ended_s=0.1, place=1),
        Finish(result=make_result(url="https://second.example/"), started_s=0.0, ended_s=0.35, place=2),
        Finish(result=make_result(kind=FailureKind.RESET, detail="reset"), started_s=0.0, ended_s=0.05),
        Finish(result=late, started_s=0.0, ended_s=0.36),
    )
    return RaceOutcome(need=need, finishes=finishes, wall_s=0.36)


def drawn(outcome: RaceOutcome, width: int, encoding: str = "utf-8") -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(RaceTable(outcome, Look.on(encoding)))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def lines(outcome: RaceOutcome) -> str:
    stream = io.StringIO()
    RaceFormat.LINES.write(outcome, stream)
    return stream.getvalue()


@pytest.mark.parametrize("width", [140, 100, 80, 50])
def test_a_table_has_places_margins_and_everyone_s_reason_at_any_width(make_result: MakeResult, width: int) -> None:
    text = drawn(outcome_of(make_result), width)

    assert all(len(line) <= width for line in text.splitlines())
    for word in ("place", "100ms", "+250ms", ">360ms", "reset", "called off", "2 of 4 as expected in 360ms"):
        assert word in " ".join(text.split())


def test_a_plain_stream_has_plain_signs(make_result: MakeResult) -> None:
    assert drawn(outcome_of(make_result), 100, "ascii").isascii()


def test_a_table_does_not_grow_with_the_list(make_result: MakeResult) -> None:
    finish = Finish(result=make_result(status=404), started_s=0.0, ended_s=0.1)

    text = drawn(RaceOutcome(need=1, finishes=(finish,) * (MOST_ROWS + 5), wall_s=0.1), 140)

    assert "… and 5 more" in text
    assert "not won" in text


def test_lines_are_the_winners_that_are_needed_and_none_where_they_are_too_few(make_result: MakeResult) -> None:
    assert lines(outcome_of(make_result)) == "https://example.org/\n"
    assert lines(outcome_of(make_result, need=2)) == "https://example.org/\nhttps://second.example/\n"
    assert lines(outcome_of(make_result, need=3)) == ""


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://example.org/a?b='c'#d", "https://example.org/a?b='c'#d"),
        ("https://example.org/ü", "https://example.org/ü"),
        ("https://example.org/\u202e", "https://example.org/%E2%80%AE"),
        ("https://example.org/##[error]x", "https://example.org/#%23[error]x"),
    ],
)
def test_a_url_is_written_as_a_program_may_use_it_and_a_terminal_may_show_it(url: str, written: str) -> None:
    assert usable(url) == written


def test_what_others_say_takes_no_effect(make_result: MakeResult) -> None:
    text = drawn(outcome_of(make_result, url="https://example.org/\x1b[31m[red]"), 140)

    assert "\x1b" not in text
    assert "[red]" in text
