"""Results as rows for people, at any width."""

from collections.abc import Callable, Sequence
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from allup.model.duration import format_duration
from allup.model.result import Result
from allup.report.change_text import since
from allup.report.journey_text import journey_text
from allup.report.look import Look
from allup.report.outcome import detail, hint, status_or_kind, status_text

Status = Callable[[Result], str]
"""What the column says: the status or, where there is room for it, the kind of failure."""

_GAP: Final = 2
_ROOM_FOR_TWO: Final = 72
"""Cells from which URL and detail stand side by side."""
_ROOM_FOR_DETAIL: Final = 36
_ROOM_FOR_ONE: Final = 34
"""Cells from which they stand, one above the other, beside the verdict; with fewer they go below it."""


class ResultTable:
    """Draws `results`: verdict, status and time are never wrapped, URL and detail fold.

    `in_full` tells of each how it came about, too.
    """

    def __init__(self, results: Sequence[Result], look: Look, *, in_full: bool = False) -> None:
        self._results = results
        self._look = look
        self._in_full = in_full

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the widest layout that fits."""
        room = options.max_width - self._fixed_width(status_or_kind)
        if room >= _ROOM_FOR_TWO and not self._in_full:
            yield self._side_by_side(room)
        elif room >= _ROOM_FOR_ONE:
            yield self._stacked(status_or_kind)
        elif options.max_width - self._fixed_width(status_text) >= _ROOM_FOR_ONE:
            yield self._stacked(status_text)
        else:
            yield from self._blocks()

    def _fixed_width(self, status: Status) -> int:
        rows = [(f"# {result.verdict.value}", status(result), _time(result)) for result in self._results]
        return sum(
            max(map(cell_len, column)) + _GAP for column in zip(("verdict", "status", "time"), *rows, strict=True)
        )

    def _side_by_side(self, room: int) -> Table:
        table = self._table("URL")
        reasons = [self._reason(result) for result in self._results]
        if any(reasons):
            # Rich takes from both where not all fits; a URL is copied, and a detail reads on well in its next line.
            longest = max(_width(self._target(result)) for result in self._results)
            table.columns[-1].width = min(longest, room - _GAP - _ROOM_FOR_DETAIL)
            table.add_column("detail", overflow="fold")
        for result, reason in zip(self._results, reasons, strict=True):
            cells: list[RenderableType] = [*self._fixed_cells(result, status_or_kind), self._target(result)]
            table.add_row(*cells, *([reason] if any(reasons) else []))
        return table

    def _stacked(self, status: Status) -> Table:
        table = self._table("URL, detail")
        for result in self._results:
            table.add_row(*self._fixed_cells(result, status), self._target_and_reason(result, status))
        return table

    def _blocks(self) -> RenderResult:
        for result in self._results:
            yield Text("  ").join(cell for cell in self._fixed_cells(result, status_or_kind) if cell)
            yield Padding(self._target_and_reason(result, status_or_kind), (0, 0, 0, 2))

    def _table(self, last: str) -> Table:
        table = self._look.table()
        table.add_column("verdict", no_wrap=True)
        table.add_column("status", no_wrap=True)
        table.add_column("time", no_wrap=True, justify="right")
        table.add_column(last, overflow="fold")
        return table

    def _fixed_cells(self, result: Result, status: Status) -> tuple[Text, Text, Text]:
        return self._look.verdict(result.verdict), Text(status(result)), Text(_time(result))

    def _target(self, result: Result) -> Text:
        called = self._called(result)
        return _lines(called, Text(self._look.foreign(result.url), style="dim" if called else ""))

    def _journey(self, result: Result) -> Text:
        return journey_text(result, self._look) if self._in_full else Text()

    def _called(self, result: Result) -> Text:
        name = Text() if result.name is None else Text(self._look.foreign(result.name), style="bold")
        group = Text() if result.group is None else Text(f"in {self._look.foreign(result.group)}", style="dim")
        return Text(" ").join(part for part in (name, group) if part)

    def _reason(self, result: Result) -> Text:
        text = Text(self._look.foreign(detail(result)), overflow="fold")
        if since(result):
            text.append(f"{chr(10) if text else ''}{since(result)}", style="dim")
        if hint(result):
            text.append(f"\n{self._look.pick('→', '->')} {self._look.foreign(hint(result))}", style="dim")
        return text

    def _target_and_reason(self, result: Result, status: Status) -> Text:
        # A kind that has no column of its own is not lost.
        kind = status_or_kind(result) if status(result) != status_or_kind(result) else ""
        reason = Text(": " if kind else "").join(part for part in (Text(kind), self._reason(result)) if part)
        return _lines(self._target(result), reason, self._journey(result))


def _lines(*parts: Text) -> Text:
    return Text("\n", overflow="fold").join(part for part in parts if part)


def _width(text: Text) -> int:
    return max(map(cell_len, text.plain.splitlines()), default=0)


def _time(result: Result) -> str:
    return "" if result.attempt is None else format_duration(result.attempt.elapsed_s)
