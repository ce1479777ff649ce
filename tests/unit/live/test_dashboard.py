"""A dashboard fits its terminal and shows first what needs a look."""

import io
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from allup.live.dashboard import Dashboard, change_line
from allup.live.sparkline import sparkline
from allup.live.watch_frame import Frame
from allup.model.clock import Clock
from allup.model.settings import PaceSettings
from allup.model.target import Entry
from allup.model.watch_settings import WatchSettings
from allup.report.look import Look
from allup.run.watching import Poll, Watching
from unit.fake_client import FakeClient, Script, invalid_of, target_of
from unit.virtual_loop import EPOCH, run_virtual
from unit.watched_hour import scripted, targets, watched

SETTINGS = WatchSettings(every_s=30.0, confirm_after=3)
CLOCKLESS = Clock(monotonic=lambda: 0.0, wall=lambda: EPOCH)
END_S = 40 * 30.0 - 0.5
SIGNS = ("+" * 40, "+" * 30 + "-" * 10, "+" * 39 + "-", "?" * 40)


def hour(signs: Sequence[str] = SIGNS, *, entries: list[Entry] | None = None) -> tuple[Watching, list[Poll]]:
    """A watch that is over, and whose clock stands still."""
    watch, polls = run_virtual(watched(entries or targets(len(signs)), scripted(signs), SETTINGS, for_s=END_S))
    watch.schedule._monotonic = lambda: END_S
    return watch, polls


WATCH, POLLS = hour()


def console(*, width: int = 120, height: int = 30, encoding: str = "utf-8") -> Console:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    return Console(file=file, force_terminal=True, color_system=None, width=width, height=height, legacy_windows=False)


def drawn(watch: Watching, paper: Console) -> list[str]:
    frame = Frame(watch, Look.on(paper.encoding), lambda: EPOCH + 1200.0)
    with paper.capture() as capture:
        paper.print(frame)
    return capture.get().splitlines()


def test_what_is_down_comes_first_then_what_is_in_doubt_then_what_is_not_known() -> None:
    rows = drawn(WATCH, console())[2:6]

    assert [row.split()[1] for row in rows] == ["down", "up", "unknown", "up"]
    assert "host-1" in rows[0]
    assert "1!" in rows[1]


def test_a_row_has_what_a_person_asks_for() -> None:
    row = drawn(WATCH, console())[2]

    for told in ("4m31s", "reset", "200ms", "█████", "75.00%", "http://host-1.test/"):
        assert told in row


def test_the_last_line_counts() -> None:
    assert drawn(WATCH, console())[-1].rstrip() == "2 up · 1 down · 1 unknown · 0 in flight"


def test_a_narrow_terminal_sheds_columns_and_never_the_target() -> None:
    shown = {width: drawn(WATCH, console(width=width))[0].split() for width in (100, 80, 64, 48, 30)}

    assert [len(columns) for columns in shown.values()] == [7, 6, 5, 4, 2]
    assert all((columns[0], columns[-1]) == ("state", "target") for columns in shown.values())


@given(width=st.integers(12, 200), height=st.integers(6, 60), count=st.integers(1, 60))
@settings(max_examples=20, deadline=None)
def test_it_is_never_larger_than_the_terminal(width: int, height: int, count: int) -> None:
    watch = Watching(targets(count), FakeClient(), SETTINGS, clock=CLOCKLESS, draw=random.Random(1).random)

    lines = drawn(watch, console(width=width, height=height))

    assert len(lines) < height
    assert max(map(cell_len, lines)) <= width
    shown = sum(line.startswith("? unknown") for line in lines)
    assert shown + sum(int(line.split()[2]) for line in lines if line.startswith("… and")) == count


def test_text_of_others_and_lines_that_are_none_do_no_harm() -> None:
    hostile = replace(target_of(0), url="http://x/\x1b[2J", name="[red]a\nb")
    watch, _ = hour(["+" * 40], entries=[hostile, invalid_of(1)])

    text = "\n".join(drawn(watch, console(width=150)))

    assert "\x1b" not in text
    assert "[red]a\\nb (http://x/\\x1b[2J)" in text
    assert "invalid_target" in text


def test_an_ascii_terminal_gets_ascii() -> None:
    assert all(line.isascii() for line in drawn(WATCH, console(encoding="ascii")))


def test_a_schedule_that_is_not_kept_is_told() -> None:
    lines: list[str] = []
    told = replace(SETTINGS, concurrency=1, pace=PaceSettings(rate_per_s=0.01))

    run_virtual(
        watched(
            targets(5),
            FakeClient(otherwise=Script(latency_s=1.0)),
            told,
            for_s=300.0,
            seen=lambda watch: lines.append(drawn(watch, console())[-1]),
        )
    )

    assert "skipped" in lines[0]
    assert lines[0].rstrip().endswith("late")


def test_a_change_is_one_line() -> None:
    (down,) = (poll.transition for poll in POLLS if poll.transition and poll.transition.after == "down")

    line = change_line(down, Look.on("utf-8")).plain

    assert "✗ down  reset  http://host-1.test/  reset" in line


def test_changes_stay_and_the_dashboard_goes() -> None:
    paper = console()
    change = next(poll.transition for poll in POLLS if poll.transition is not None)

    with Dashboard(paper, WATCH, lambda: EPOCH) as dashboard:
        dashboard.changed(change)
        with dashboard.aside():
            paper.print("aside")

    paper.file.flush()
    written = paper.file.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert "✓ up  200  http://host-" in written
    assert written.rstrip().endswith("\x1b[?25h") or "\x1b[?25h" in written
    assert "aside" in written


@pytest.mark.parametrize(
    ("values", "drawing"),
    [((), ""), ((0.0, 0.0), "▁▁"), ((1.0,), "█"), ((1.0, 2.0, 3.0, 4.0), "▃▅▇█"), ((9.0, 1.0, 2.0, 4.0, 8.0), "▂▃▅█")],
)
def test_bars_are_relative_to_the_largest_that_is_shown(values: tuple[float, ...], drawing: str) -> None:
    assert sparkline(values, width=4, plain=False) == drawing
    assert len(sparkline(values, width=4, plain=True)) == len(drawing)
