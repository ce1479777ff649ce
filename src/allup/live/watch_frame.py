"""One picture of a watch: what needs a look first, never more than the terminal has lines."""

from collections.abc import Callable, Iterator, Sequence
from heapq import nsmallest
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.table import Table
from rich.text import Text

from allup.live.snapshot import Snapshot
from allup.live.sparkline import sparkline
from allup.model.duration import format_duration
from allup.model.state import State
from allup.model.target import Target
from allup.report.look import Look
from allup.report.outcome import status_or_kind
from allup.report.state_text import share, state_text
from allup.run.watched import Watched
from allup.run.watching import Watching

_FRAME_LINES: Final = 4
"""The table's head, the line under it, what is left out, and the counts."""
_SPARKS: Final = 20
_LAYOUTS: Final = (
    (100, ("state", "since", "status", "latency", "recent", "availability")),
    (80, ("state", "since", "status", "latency", "availability")),
    (64, ("state", "since", "status", "availability")),
    (48, ("state", "since", "status")),
    (0, ("state",)),
)
"""Columns beside the target, by the cells from which they are shown."""
_RIGHT: Final = frozenset({"since", "latency", "availability"})
_ORDER: Final = {State.DOWN: 0, State.UNKNOWN: 2, State.UP: 3}


class Frame:
    """A picture of `watch`, as high and as wide as there is room; `wall` is its clock."""

    def __init__(self, watch: Watching, look: Look, wall: Callable[[], float]) -> None:
        self._watch = watch
        self._in_flight = Snapshot(lambda: watch.in_flight)
        self._look = look
        self._wall = wall

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield it."""
        targets = self._watch.targets
        rows = nsmallest(max(1, console.height - 1 - _FRAME_LINES), targets, key=_urgency)
        yield Group(*self._parts(rows, len(targets) - len(rows), options.max_width))

    def _parts(self, rows: Sequence[Watched], more: int, width: int) -> Iterator[Table | Text]:
        columns = next(columns for cells, columns in _LAYOUTS if width >= cells)
        table = self._look.table()
        table.expand = True
        for name in columns:
            table.add_column(name, no_wrap=True, justify="right" if name in _RIGHT else "left")
        table.add_column("target", no_wrap=True, overflow="crop" if self._look.plain else "ellipsis", ratio=1)
        for one in rows:
            cells = self._cells(one)
            table.add_row(*(cells[name] for name in columns), Text(self._look.foreign(_called(one))))
        yield table
        if more:
            yield Text(f"{self._look.pick('…', '...')} and {more} more", style="dim", no_wrap=True, overflow="crop")
        yield self._counts()

    def _cells(self, one: Watched) -> dict[str, Text]:
        latencies = tuple(one.latencies_s)
        return {
            "state": self._state(one),
            "since": Text("" if one.since is None else format_duration(max(0.0, self._wall() - one.since))),
            "status": Text("" if one.last is None else status_or_kind(one.last)),
            "latency": Text(format_duration(latencies[-1]) if latencies else ""),
            "recent": Text(sparkline(latencies, width=_SPARKS, plain=self._look.plain), style="cyan"),
            "availability": Text(share(one.availability)),
        }

    def _state(self, one: Watched) -> Text:
        text = state_text(one.state, self._look)
        return text.append(f" {one.said_otherwise}!", style="yellow") if one.said_otherwise else text

    def _counts(self) -> Text:
        states = [one.state for one in self._watch.targets]
        skipped = sum(self._watch.schedule.skipped.values())
        parts = [f"{states.count(state)} {state.value}" for state in State if state in states]
        parts += [f"{len(self._in_flight())} in flight", *([f"{skipped} skipped"] if skipped else [])]
        if not self._watch.schedule.is_kept:
            parts.append(f"{format_duration(self._watch.schedule.late_s)} late")
        return Text(self._look.pick(" · ", " | ").join(parts), style="dim", no_wrap=True, overflow="crop")


def _urgency(one: Watched) -> tuple[int, int]:
    doubted = one.state is not State.DOWN and one.said_otherwise
    return (1 if doubted else _ORDER[one.state], one.index)


def _called(one: Watched) -> str:
    match one.entry:
        case Target(name=None):
            return one.entry.url
        case Target():
            return f"{one.entry.name} ({one.entry.url})"
        case _:
            return one.entry.text
