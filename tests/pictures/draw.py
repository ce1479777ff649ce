"""Draws the pictures of the README anew: ``PYTHONPATH=tests python -m pictures.draw``."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from rich.console import Console

from allup.lab.profiles import COMPARED
from allup.live.failure_line import failure_line, is_news
from allup.live.frames import Frames
from allup.model.comparison import Comparison
from allup.model.failure import Phase
from allup.model.result import Result
from allup.model.settings import CompareSettings
from allup.model.tally import Tally
from allup.model.target import Entry, Target
from allup.report.comparison_table import ComparisonTable
from allup.report.depth import Depth
from allup.report.lanes_picture import lanes_picture
from allup.report.look import Look
from allup.report.table import TableReport
from allup.run.comparing import Comparing
from allup.run.turns import Turn
from pictures.canvas import canvas, picture
from pictures.scene import checked, summary
from unit.fake_client import FakeClient, Script
from unit.virtual_loop import CLOCK, run_virtual

HERE: Final = Path(__file__).parent
OVERHEAD_S: Final = 0.0018
"""What a request costs beside its latency, about as on a laptop."""
LOOK: Final = Look.on("utf-8")


@dataclass(frozen=True, slots=True)
class Flight:
    """A target in flight, as the live view sees it."""

    entry: Entry
    taken_at: float
    phase: Phase


def check(results: Sequence[Result], *, width: int = 110, depth: Depth = Depth.USUAL, color: bool = True) -> Console:
    """The table at the end of a run."""
    verbose = " --verbose" if depth is Depth.FULL else ""
    console = canvas(f"allup check urls.txt{verbose}", width=width, color=color)
    report = TableReport(console, depth)
    for result in results:
        report.add(result)
    report.finish(summary(list(results)))
    return console


def live(results: Sequence[Result], *, width: int = 110, color: bool = True) -> Console:
    """The live view in the middle of a run of 200."""
    console = canvas("allup check urls.txt", width=width, color=color)
    tally, time = Tally(), [0.0]
    flights = [
        Flight(results[number].entry, 5.2 - age_s, phase)
        for number, age_s, phase in ((10, 4.1, Phase.WAIT), (1, 2.3, Phase.RECEIVE), (13, 1.4, Phase.CONNECT))
    ]
    frames = Frames(
        tally,
        LOOK,
        total=200,
        in_flight=lambda: 31,
        turns=lambda: cast("Sequence[Turn]", flights),
        clock=lambda: time[0],
    )
    news = iter([one for one in results if is_news(one)][:4])
    for step in range(128):
        time[0] = 5.2 * step / 127
        result = next(news, results[0]) if step % 30 == 20 else results[3 if step == 50 else 0]
        tally.add(result)
        if is_news(result):
            console.print(failure_line(result, LOOK), no_wrap=True, overflow=LOOK.overflow)
        frame = frames.frame(width)
    console.print(frame)
    return console


def compare(*, width: int = 110) -> Console:
    """The table of a comparison."""
    console = canvas("allup compare urls.txt", width=width)
    console.print(ComparisonTable(run_virtual(_compared()), LOOK))
    return console


async def _compared() -> Comparison:
    targets = [_target(f"https://shop.example{one.path}") for one in COMPARED]
    scripts = {
        target.url: Script(latency_s=one.latency_s + OVERHEAD_S, reported_s=one.latency_s)
        for target, one in zip(targets, COMPARED, strict=True)
    }

    @asynccontextmanager
    async def opened() -> AsyncIterator[FakeClient]:
        yield FakeClient(scripts)

    comparing = Comparing(targets, CompareSettings(), CLOCK, opened)
    await comparing.rounds(lambda _contender, _number: lambda _result: None)
    return comparing.comparison


def _target(url: str) -> Target:
    return Target(url=url, href=url, host="shop.example:443")


def pictures() -> dict[str, str]:
    """Return every picture by the name of its file."""
    results = asyncio.run(checked())
    drawn = {"check": check(results), "live": live(results), "compare": compare()}
    return {
        **{f"{name}.svg": picture(console) for name, console in drawn.items()},
        "concurrency.svg": lanes_picture(run_virtual(_compared())),
    }


if __name__ == "__main__":
    for name, svg in pictures().items():
        (HERE / name).write_text(svg, encoding="utf-8")
