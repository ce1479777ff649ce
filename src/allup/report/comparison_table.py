"""A comparison as a table for people, at any width."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from allup.model.comparison import Comparison, Row
from allup.report.bar import bar
from allup.report.comparison_figures import Figures, times
from allup.report.limit import limit_sentence
from allup.report.look import Look

_ALL: Final = tuple(field.name for field in fields(Figures))
_MOST: Final = ("strategy", "concurrency", "wall", "speedup", "ideal", "efficiency", "p50", "p99", "failed")
_FEW: Final = ("strategy", "concurrency", "wall", "speedup", "efficiency")
_FEWEST: Final = ("strategy", "concurrency", "wall", "speedup")
_HEADINGS: Final = {"speedup": "speed-up", "peak_in_flight": "peak in\nflight"}
_SHORT_HEADINGS: Final = {"speedup": "speed-up", "concurrency": "-c", "efficiency": "effic."}


class ComparisonTable:
    """Draws all columns from 112 cells on, the most telling ones below that, and the sentence under them."""

    def __init__(self, comparison: Comparison, look: Look) -> None:
        self._comparison = comparison
        self._look = look
        self._best = max(comparison.speedup(row) for row in comparison.rows)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the widest layout that fits, and the sentence."""
        width = options.max_width
        if width >= 112:
            yield self._table(_ALL, bar_width=min(30, width - 105))
        elif width >= 77:
            yield self._table(_MOST, bar_width=min(20, width - 71))
        elif width >= 50:
            yield self._table(_FEW, bar_width=min(20, width - 42))
        else:
            yield self._table(_FEWEST, bar_width=0)
        yield Text()
        yield Text(limit_sentence(self._comparison, self._look.foreign), overflow="fold")

    def _table(self, columns: Sequence[str], *, bar_width: int) -> Table:
        table = self._look.table()
        for name in columns:
            left = name in ("strategy", "speedup")
            heading = (_HEADINGS if "p95" in columns else _SHORT_HEADINGS).get(name, name)
            table.add_column(heading, no_wrap=True, justify="left" if left else "right", vertical="bottom")
        for row in self._comparison.rows:
            table.add_row(*self._cells(row, columns, bar_width))
        return table

    def _cells(self, row: Row, columns: Sequence[str], bar_width: int) -> Iterator[Text]:
        figures = Figures.of(self._comparison, row)
        for name in columns:
            if name == "speedup":
                yield self._speedup(row, bar_width)
            else:
                figure: str = getattr(figures, name)
                yield Text(figure, style="red" if name == "failed" and row.median.failed else "")

    def _speedup(self, row: Row, bar_width: int) -> Text:
        speedup = self._comparison.speedup(row)
        # Rows that read the same are marked the same.
        best = times(speedup) == times(self._best)
        figure = f"{times(speedup):>6}"
        drawn = bar(speedup / self._best if self._best else 0.0, bar_width, plain=self._look.plain)
        if not bar_width:
            return Text(figure, style="bold" if best else "")
        return Text.assemble((figure, "bold" if best else ""), " ", (drawn, "green" if best else "cyan"))
