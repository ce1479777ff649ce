"""What `wait` shows while it waits."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from allup.live.wait_line import wait_line
from allup.live.wait_log import MOST_LINES, WaitLog
from allup.live.wait_screen import MOST_MISSING, WaitScreen
from allup.model.result import Result
from allup.model.target import Target
from allup.model.waiting import Poll
from allup.report.look import Look
from unit.live.conftest import result_of

LOOK = Look.on("utf-8")


def poll(result: Result, *, index: int = 0, streak: int = 0, ready: bool = False) -> Poll:
    return Poll(
        result=replace(result, index=index), after_s=3.0, streak=streak, ready=ready, ready_count=int(ready), count=2
    )


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_line_says_when_what_where_and_why() -> None:
    assert wait_line(poll(result_of(status=503)), LOOK).plain == (
        "    3s  waiting  503  https://example.org/  503 Service Unavailable, expected 200-299"
    )
    assert wait_line(poll(result_of(), streak=1, ready=True), LOOK).plain == "    3s  ready  200  https://example.org/"


def test_what_others_say_takes_no_effect() -> None:
    line = wait_line(poll(result_of(url="https://example.org/\x1b[31m::error::x")), LOOK).plain

    assert "\x1b" not in line
    assert "::error" not in line


def test_a_log_has_a_line_where_something_changes_and_no_more() -> None:
    console = Console(file=io.StringIO(), width=40)
    log = WaitLog(console)
    down, up = result_of(status=503), result_of()

    for one in (poll(down), poll(down), poll(up, streak=1), poll(up, streak=2), poll(down), poll(up, ready=True)):
        log.polled(one)

    lines = written(console).splitlines()
    assert [line.split()[1:3] for line in lines] == [
        ["waiting", "503"],
        ["waiting", "200"],
        ["waiting", "503"],
        ["ready", "200"],
    ]


def test_a_log_does_not_grow_with_the_list() -> None:
    console = Console(file=io.StringIO(), width=40)
    log = WaitLog(console)

    for index in range(3 * MOST_LINES):
        log.polled(poll(result_of(status=503), index=index))

    assert len(written(console).splitlines()) == MOST_LINES + 1


def test_a_screen_has_what_is_missing_and_how_much_time_is_left(console: Console) -> None:
    with WaitScreen(console, for_s=60, clock=iter((0.0, *([12.0] * 99))).__next__) as screen:
        for index in range(MOST_MISSING + 3):
            screen.polled(poll(result_of(status=503, url=f"https://example.org/{index}"), index=index))
        screen.polled(poll(result_of(url="https://example.org/0"), ready=True))
        screen._live.refresh()
        shown = written(console)

    assert "1 of 2 ready, 12s of 1m" in shown
    assert "https://example.org/1" in shown
    assert "… and 2 more" in shown


@pytest.mark.parametrize(("group", "left"), [("mirrors", 0), (None, 1)])
def test_a_group_is_missing_no_more_once_one_of_it_is_ready(console: Console, group: str | None, left: int) -> None:
    def member(index: int) -> Result:
        url = f"https://example.org/{index}"
        return replace(result_of(), index=index, entry=Target(url=url, href=url, host="h:1", group=group))

    screen = WaitScreen(console, for_s=60, clock=lambda: 0.0)
    screen.polled(poll(member(0)))
    screen.polled(poll(member(1), index=1, ready=True))

    assert len(screen._missing) == left
