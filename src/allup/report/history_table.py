"""A history as tables for people, at any width: the targets, and the last incidents."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from allup.model.duration import format_duration
from allup.model.history import History, Incident, TargetHistory
from allup.report.instant import instant
from allup.report.look import Look
from allup.report.state_text import share, state_text

MOST_INCIDENTS: Final = 20
_COLUMNS: Final = ("state", "availability", "p50", "p95", "p99", "incidents", "down for")
_FEW: Final = ("state", "availability", "p95", "incidents")
_FEWEST: Final = ("state", "availability")


class HistoryTable:
    """Draws all columns from 100 cells on, the most telling ones below that."""

    def __init__(self, history: History, look: Look) -> None:
        self._history = history
        self._look = look

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the widest layout that fits, and the incidents."""
        width = options.max_width
        yield self._targets(_COLUMNS if width >= 100 else _FEW if width >= 70 else _FEWEST)
        incidents = [(incident, one) for one in self._history.targets for incident in one.incidents]
        if incidents:
            incidents.sort(key=lambda pair: pair[0].since, reverse=True)
            yield Text()
            yield self._incidents(incidents[:MOST_INCIDENTS])
            if len(incidents) > MOST_INCIDENTS:
                yield Text(f"and {len(incidents) - MOST_INCIDENTS} earlier ones; --format json has all", style="dim")
        began, ended = (instant(at, "seconds") for at in (self._history.began_at, self._history.now))
        yield Text(f"\nfrom {began} to {ended}", style="dim")

    def _targets(self, columns: Sequence[str]) -> Table:
        table = self._table()
        for name in columns:
            table.add_column(name, no_wrap=True, justify="left" if name == "state" else "right")
        table.add_column("target", overflow="fold")
        for one in self._history.targets:
            cells = self._cells(one)
            table.add_row(*(cells[name] for name in columns), Text(self._look.foreign(one.name or one.url)))
        return table

    def _cells(self, one: TargetHistory) -> dict[str, Text]:
        latencies = {"p50": one.latencies.p50_s, "p95": one.latencies.p95_s, "p99": one.latencies.p99_s}
        down_s = one.down_s(self._history.began_at, self._history.now)
        texts = {
            "availability": share(one.availability),
            "incidents": str(len(one.incidents) or ""),
            "down for": format_duration(down_s) if one.incidents else "",
            **{name: "" if latency_s is None else format_duration(latency_s) for name, latency_s in latencies.items()},
        }
        return {"state": state_text(one.state, self._look), **{name: Text(text) for name, text in texts.items()}}

    def _incidents(self, incidents: Sequence[tuple[Incident, TargetHistory]]) -> Table:
        table = self._table()
        for name in ("down since", "for", "what"):
            table.add_column(name, no_wrap=True, justify="right" if name == "for" else "left")
        table.add_column("target", overflow="fold")
        for incident, one in incidents:
            lasted = format_duration(incident.lasted_s(self._history.now))
            still = "" if incident.until is not None else "+"
            called = Text(self._look.foreign(one.name or one.url))
            table.add_row(
                instant(incident.since, "seconds"), lasted + still, Text(self._look.foreign(incident.outcome)), called
            )
        return table

    def _table(self) -> Table:
        return self._look.table()
