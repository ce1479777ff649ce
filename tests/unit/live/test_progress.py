"""What `check` shows while it runs."""

import io
import re
import sys
from collections.abc import Callable

import pytest
from rich.console import Console

from allup.live.display import Display, NullDisplay
from allup.live.failure_line import failure_line, is_news
from allup.live.progress import ProgressDisplay
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.result import Result, Verdict, cut_short, not_started
from allup.model.stop import Stop
from allup.model.target import Target
from allup.report.look import Look

MakeResult = Callable[..., Result]
TARGET = Target(url="https://example.org/", href="https://example.org/", host="example.org:443")
LOCAL = Failure(kind=FailureKind.LOCAL, certainty=Certainty.LOCAL, phase=None, detail="no descriptors left")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def displayed(console: Console, *, total: int | None, clock: Clock | None = None) -> ProgressDisplay:
    return ProgressDisplay(console, total=total, in_flight=lambda: 7, clock=clock or Clock())


def drawn(display: ProgressDisplay) -> str:
    display._live.refresh()
    return shown(display._console)


def test_it_shows_done_verdicts_in_flight_and_time(console: Console, make_result: MakeResult) -> None:
    clock = Clock()
    with displayed(console, total=20, clock=clock) as display:
        display.completed(make_result())
        display.completed(make_result(status=404))
        display.completed(make_result(attempts=2))
        clock.now_s = 1.2
        assert "3/20 · 1 ok · 1 flaky · 1 failed · 7 in flight · 1.2s" in drawn(display)


def test_it_tells_how_fast_it_goes_and_what_is_left(console: Console, make_result: MakeResult) -> None:
    clock = Clock()
    with displayed(console, total=100, clock=clock) as display:
        for _ in range(20):
            display.completed(make_result())
        clock.now_s = 2.0
        assert "20/100 · 20 ok · 7 in flight · 2s · 10/s · 8s left" in drawn(display)


def test_a_bar_of_unknown_length_moves(console: Console) -> None:
    clock = Clock()
    with displayed(console, total=None, clock=clock) as display:
        clock.now_s = 1.0
        drawn(display)
    first, second, *_ = re.findall("([━─]+) 0 ", shown(console))
    assert first != second


def test_a_list_of_unknown_length_has_no_total(console: Console, make_result: MakeResult) -> None:
    with displayed(console, total=None) as display:
        display.completed(make_result())
        assert " 1 · 1 ok · 7 in flight" in drawn(display)


def test_a_failure_is_listed_as_it_happens_and_stays(console: Console, make_result: MakeResult) -> None:
    with displayed(console, total=2) as display:
        display.completed(make_result(status=404))
        assert "✗ failed  404  https://example.org/  404 Not Found, expected 200-299\n" in shown(console)


def test_what_is_fine_is_not_listed(console: Console, make_result: MakeResult) -> None:
    with displayed(console, total=2) as display:
        display.completed(make_result())
        display.completed(make_result(attempts=2))
    assert "https://" not in shown(console)


def test_after_a_hundred_failures_it_says_so_once(console: Console, make_result: MakeResult) -> None:
    with displayed(console, total=300) as display:
        for _ in range(250):
            display.completed(make_result(status=404))
    assert shown(console).count("https://example.org/") == 100
    assert shown(console).count("More failures are counted, not listed here") == 1


@pytest.mark.parametrize("width", [40, 80])
def test_a_failure_takes_one_line_at_any_width(width: int, make_result: MakeResult) -> None:
    console = Console(file=io.StringIO(), width=width)
    displayed(console, total=1).completed(make_result(status=404, url="https://example.org/" + "x" * 500))
    assert shown(console).count("\n") == 1
    assert shown(console).endswith("x…\n")
    assert len(shown(console).strip()) == width


def test_text_of_others_takes_no_effect(make_result: MakeResult) -> None:
    line = failure_line(make_result(status=404, url="https://x/[red]\x1b[2J\n"), Look.on("utf-8"))
    assert r"https://x/[red]\x1b[2J\n" in line.plain


def test_an_ascii_line_has_no_ellipsis(make_result: MakeResult) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    displayed(Console(file=stream, width=40), total=1).completed(make_result(status=404, url="https://x/" + "x" * 50))
    assert raw.getvalue().decode("ascii").startswith("x failed  404  https://x/xxx")
    stream.close()


def test_what_was_not_reached_is_no_news_but_a_local_fault_is() -> None:
    assert not is_news(not_started(0, TARGET, detail="interrupted"))
    assert not is_news(cut_short(0, TARGET, Stop.INTERRUPT, Phase.DNS, attempts=1))
    assert is_news(Result(index=0, entry=TARGET, verdict=Verdict.UNCHECKED, failure=LOCAL, attempts=1))


def test_the_null_display_takes_everything_and_shows_nothing(make_result: MakeResult) -> None:
    display: Display = NullDisplay()
    with display as entered:
        entered.completed(make_result())
    assert entered is display


def test_results_on_stdout_are_not_drawn_above_the_bar(console: Console) -> None:
    stdout = sys.stdout
    with displayed(console, total=1):
        assert sys.stdout is stdout
