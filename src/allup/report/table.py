"""The table for people, drawn at the end."""

from typing import Final

from rich.console import Console
from rich.text import Text

from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.look import Look
from allup.report.outcome import needs_a_look
from allup.report.result_table import ResultTable
from allup.report.summary_text import summary_counts, summary_sentence

MOST_TARGETS_IN_FULL: Final = 50
MOST_ROWS: Final = 200


class TableReport:
    """Draws every row up to 50 targets, beyond that what needs a look (200 rows at most), and the summary."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._look = Look.on(console.encoding)
        self._first: list[Result] = []
        self._notable: list[Result] = []
        self._total = 0
        self._total_notable = 0

    def start(self) -> None:
        """Draw nothing yet: the widths depend on all rows."""

    def add(self, result: Result) -> None:
        """Keep one result, as long as it may be shown."""
        self._total += 1
        if self._total <= MOST_TARGETS_IN_FULL:
            self._first.append(result)
        if needs_a_look(result):
            self._total_notable += 1
            if len(self._notable) < MOST_ROWS:
                self._notable.append(result)

    def finish(self, summary: Summary) -> None:
        """Draw it all."""
        in_full = self._total <= MOST_TARGETS_IN_FULL
        rows = self._first if in_full else self._notable
        if rows:
            self._console.print(ResultTable(rows, self._look))
            self._print_rest(0 if in_full else self._total_notable - len(rows))
            self._console.print()
        self._console.print(summary_sentence(summary))
        counts = summary_counts(summary, self._look)
        if counts.row_count:
            self._console.print(counts)

    def _print_rest(self, more: int) -> None:
        if more:
            sign = self._look.pick("…", "...")
            self._console.print(Text(f"{sign} and {more} more; --report jsonl=FILE has all", style="dim"))
