"""How a wait ended, for people: what is missing and why, and a sentence."""

from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from allup.model.duration import format_duration
from allup.model.waiting import Waited
from allup.report.look import Look
from allup.report.result_table import ResultTable

MOST_ROWS: Final = 50


class WaitTable:
    """Draws what is missing where it was waited for in vain, and the sentence."""

    def __init__(self, waited: Waited, look: Look) -> None:
        self._waited = waited
        self._look = look

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table and the sentence."""
        missing = self._waited.missing
        if missing and not self._waited.in_time:
            yield ResultTable(missing[:MOST_ROWS], self._look)
            if len(missing) > MOST_ROWS:
                yield Text(f"{self._look.pick('…', '...')} and {len(missing) - MOST_ROWS} more", style="dim")
            yield Text()
        yield self._sentence()

    def _sentence(self) -> Text:
        waited = self._waited
        verdict = ("ready", "bold green") if waited.in_time else ("not ready", "bold red")
        return Text.assemble(
            verdict, f": {waited.ready_count} of {waited.count} after {format_duration(waited.wall_s)}"
        )
