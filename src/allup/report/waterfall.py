"""The slowest targets, each as a bar over its phases."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from allup.model.attempt import Attempt
from allup.model.duration import format_duration
from allup.model.result import Result
from allup.report.look import Look
from allup.report.phases import PARTS, Part, Span, spans

NARROWEST: Final = 60
"""Cells from which a bar stands beside its target; with fewer it goes below it."""
_GAP: Final = 2
_LABEL_SHARE: Final = 0.4
_LONGEST_BAR: Final = 72

Drawn = tuple[Result, Attempt, list[Span]]


class Waterfall:
    """Draws `results`, the slowest first, on one scale from zero; false where none has phases to be drawn."""

    def __init__(self, results: Sequence[Result], look: Look) -> None:
        self._look = look
        self._rows: list[Drawn] = [
            (one, one.attempt, found) for one in results if one.attempt and (found := spans(one.attempt))
        ]

    def __bool__(self) -> bool:
        """Say whether there is anything to draw."""
        return bool(self._rows)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the bars, beside their targets and under a scale where there is room, and the legend."""
        if options.max_width >= NARROWEST:
            yield from self._beside(options.max_width)
        else:
            yield from self._below(options.max_width)

    def _beside(self, width: int) -> RenderResult:
        labels = [self._label(result) for result, _, _ in self._rows]
        label_width = min(max(map(cell_len, labels)), int(width * _LABEL_SHARE)) + _GAP
        times = [format_duration(attempt.elapsed_s) for _, attempt, _ in self._rows]
        time_width = max(map(len, [*times, "time"]))
        bar_width = min(_LONGEST_BAR, width - label_width - time_width - 2 * _GAP)
        table = self._look.table()
        table.add_column("slowest", width=label_width, no_wrap=True, overflow=self._look.overflow)
        table.add_column("time", width=time_width, no_wrap=True, justify="right")
        table.add_column(self._scale(bar_width), width=bar_width, no_wrap=True, overflow=self._look.overflow)
        for (result, _, found), label, time in zip(self._rows, labels, times, strict=True):
            table.add_row(self._signed(result, label), time, self._bar(found, bar_width))
        yield table
        yield self._legend(bar_width)

    def _below(self, width: int) -> RenderResult:
        yield Text("slowest", style="bold")
        for result, attempt, found in self._rows:
            line = self._signed(result, f"{format_duration(attempt.elapsed_s)}  {self._label(result)}")
            line.truncate(width, overflow=self._look.overflow)
            yield line
            yield self._bar(found, width)
        yield self._legend(width)

    def _label(self, result: Result) -> str:
        # The scheme is the same for most, and the end of a URL is what tells them apart.
        return self._look.foreign(result.name or result.url.partition("://")[2] or result.url)

    def _signed(self, result: Result, label: str) -> Text:
        return Text.assemble(self._look.sign(result.verdict), " ", label, no_wrap=True, overflow=self._look.overflow)

    @property
    def _scale_s(self) -> float:
        return max(attempt.elapsed_s for _, attempt, _ in self._rows)

    def _bar(self, found: Sequence[Span], width: int) -> Text:
        bar = Text(no_wrap=True)
        for part, count in _cells(found, self._scale_s, width):
            bar.append(self._look.pick(part.sign, part.plain) * count, style=part.style)
        return bar

    def _scale(self, width: int) -> Text:
        end = format_duration(self._scale_s)
        middle = format_duration(self._scale_s / 2).center(width)
        return Text(f"0{middle[1 : -len(end)]}{end}", style="not bold dim")

    def _legend(self, width: int) -> Text:
        bars = [_cells(found, self._scale_s, width) for _, _, found in self._rows]
        seen = {part for cells in bars for part, count in cells if count}
        return Text("   ").join(self._named(part) for part in PARTS if part in seen)

    def _named(self, part: Part) -> Text:
        return Text.assemble((self._look.pick(part.sign, part.plain) * 2, part.style), (f" {part.label}", "dim"))


def _cells(found: Sequence[Span], scale_s: float, width: int) -> list[tuple[Part, int]]:
    """Return how many cells each part takes: together as many as all of it, rounded, and one at least."""
    cells: list[tuple[Part, int]] = []
    drawn, until_s = 0, 0.0
    for part, seconds in found:
        until_s += seconds
        end = min(width, round(until_s / scale_s * width)) if scale_s else 0
        cells.append((part, end - drawn))
        drawn = end
    return cells if drawn else [(max(found, key=lambda one: one[1])[0], 1)]
