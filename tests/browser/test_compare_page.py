"""The page of a comparison in a real browser."""

import io
from pathlib import Path

import pytest

from allup.model.comparison import Comparison, Flight, Round, Row
from allup.model.settings import Strategy
from allup.report.comparison_format import ComparisonFormat
from allup.report.printable import printable
from browser.chromium import Tab
from unit.report.hostile import HOSTILE

pytestmark = pytest.mark.slow

TOLD = "document.getElementById('told').textContent"
NAMES = [*HOSTILE, "<img src=x onerror=alert(1)>", "a: from 1ms on"]


def row(strategy: Strategy, concurrency: int, count: int) -> Row:
    flights = tuple(
        Flight(
            target=NAMES[number] if number < len(NAMES) else f"https://example.org/{number}",
            lane=number % concurrency,
            began_s=number // concurrency * 0.1,
            ended_s=number // concurrency * 0.1 + 0.1,
            as_expected=number % 5 != 4,
        )
        for number in range(count)
    )
    one = Round(
        wall_s=flights[-1].ended_s,
        latencies_s=(0.1,) * count,
        slowest=NAMES[0],
        peak_in_flight=concurrency,
        ok=count,
        failed=0,
        flights=flights,
    )
    return Row(strategy=strategy, concurrency=concurrency, rounds=(one,))


def page(path: Path, count: int = 60) -> Path:
    rows = (row(Strategy.SEQUENTIAL, 1, count), row(Strategy.GATHER, 10, count), row(Strategy.TASKGROUP, 10, count))
    stream = io.StringIO()
    ComparisonFormat.HTML.write(Comparison(targets=count, rounds=1, rows=rows), stream)
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


async def test_strategies_stand_above_each_other_on_one_axis(browser: Tab, tmp_path: Path) -> None:
    path = page(tmp_path / "page.html")
    await browser.open(path)
    boxes = "[...document.querySelectorAll('svg.lanes')].map((svg) => svg.getBoundingClientRect())"
    lefts = await browser.evaluate(f"{boxes}.map((box) => box.left)")
    tops = await browser.evaluate(f"{boxes}.map((box) => box.top)")
    widths = await browser.evaluate(
        "[...document.querySelectorAll('svg.lanes')].map((svg) => Math.max(...[...svg.querySelectorAll('rect')]"
        ".map((rect) => rect.getBoundingClientRect().right)) - svg.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == 1
    assert tops == sorted(tops)
    assert widths[0] / widths[1] == pytest.approx(10, rel=0.02)
    assert browser.requests == [path.as_uri()]


async def test_keys_go_from_bar_to_bar_and_show_the_same_target_elsewhere(browser: Tab, tmp_path: Path) -> None:
    await browser.open(page(tmp_path / "page.html"))
    await browser.evaluate("document.querySelectorAll('svg.lanes')[1].focus()")
    for name in NAMES:
        await browser.press("ArrowDown")
        assert (await browser.evaluate(TOLD)).startswith(f"{printable(name)}: from ")
        assert await browser.evaluate("document.querySelectorAll('.here').length") == 1
        assert await browser.evaluate("document.querySelectorAll('.same').length") == 2
    await browser.press("End")
    assert await browser.evaluate(TOLD) == "https://example.org/59: from 500ms on, 100ms, not as expected"
    assert await browser.evaluate("document.querySelectorAll('img').length") == 0


@pytest.mark.parametrize("width", [360, 1200])
async def test_no_width_makes_the_page_scroll_sideways(browser: Tab, tmp_path: Path, width: int) -> None:
    await browser.open(page(tmp_path / "page.html", 2000), width=width)
    assert await browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
