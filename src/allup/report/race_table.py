"""A race as a table for people: places, margins, and everyone's reason."""

from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from allup.model.duration import format_duration
from allup.model.race import Finish, RaceOutcome
from allup.model.result import Verdict
from allup.report.look import Look
from allup.report.outcome import detail, hint, status_or_kind

MOST_ROWS: Final = 50
_ROOM_FOR_REASONS: Final = 100
"""Cells from which reasons have a column of their own."""


class RaceTable:
    """Draws who arrived when, and how far behind the first; then the others, and a sentence."""

    def __init__(self, outcome: RaceOutcome, look: Look) -> None:
        self._outcome = outcome
        self._look = look

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table and the sentence."""
        finishes = self._outcome.finishes
        yield self._table(wide=options.max_width >= _ROOM_FOR_REASONS)
        if len(finishes) > MOST_ROWS:
            yield Text(f"{self._look.pick('…', '...')} and {len(finishes) - MOST_ROWS} more", style="dim")
        yield Text()
        yield self._sentence()

    def _table(self, *, wide: bool) -> Table:
        table = self._look.table()
        for name in ("place", "time", "behind"):
            table.add_column(name, no_wrap=True, justify="right")
        table.add_column("status", no_wrap=True)
        table.add_column("URL", overflow="fold", ratio=1)
        if wide:
            table.add_column("detail", overflow="fold", ratio=1)
        for finish in self._outcome.finishes[:MOST_ROWS]:
            table.add_row(*self._figures(finish), *self._words(finish, wide=wide))
        return table

    def _figures(self, finish: Finish) -> tuple[Text, Text, Text, Text]:
        behind_s = self._outcome.behind_s(finish)
        return (
            Text(str(finish.place or self._look.pick("·", "-")), style="bold green" if finish.place else "dim"),
            Text(_time(finish)),
            Text(f"+{format_duration(behind_s)}" if behind_s else ""),
            Text(status_or_kind(finish.result)),
        )

    def _words(self, finish: Finish, *, wide: bool) -> list[Text]:
        url = Text(self._look.foreign(finish.result.url))
        parts = [self._look.foreign(text) for text in (detail(finish.result), hint(finish.result)) if text]
        reason = Text("\n".join(parts), style="" if wide else "dim")
        if wide:
            return [url, reason]
        return [Text("\n").join([url, reason]) if reason else url]

    def _sentence(self) -> Text:
        outcome = self._outcome
        arrived = sum(finish.place is not None for finish in outcome.finishes)
        verdict = ("won", "bold green") if outcome.won else ("not won", "bold red")
        took = format_duration(outcome.wall_s)
        rest = f": {arrived} of {len(outcome.finishes)} as expected in {took}, {outcome.need} needed"
        return Text.assemble(verdict, rest)


def _time(finish: Finish) -> str:
    if finish.started_s is None:
        return ""
    cut_short = finish.result.verdict is Verdict.UNCHECKED and finish.result.attempt is None
    return f"{'>' if cut_short else ''}{format_duration(finish.ended_s)}"
