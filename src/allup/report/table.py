"""The table for people, drawn at the end."""

from rich.console import Console
from rich.text import Text

from allup.model.changes import Changes
from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.change_table import change_table
from allup.report.change_text import KeptChanges
from allup.report.course_text import course_sentences
from allup.report.depth import Depth
from allup.report.host_latencies import HostLatencies
from allup.report.host_table import HostTable
from allup.report.longest import Longest
from allup.report.look import Look
from allup.report.result_table import ResultTable
from allup.report.shown_rows import ShownRows
from allup.report.summary_text import summary_counts, summary_sentence
from allup.report.waterfall import NARROWEST, Waterfall

_MOST_SLOWEST = 5


class TableReport:
    """Draws where the time went, the rows and the summary: what is needed first stands last, near the prompt."""

    def __init__(self, console: Console, depth: Depth = Depth.USUAL) -> None:
        self._console = console
        self._look = Look.on(console.encoding)
        self._depth = depth
        self._rows = ShownRows()
        self._longest = Longest()
        self._latencies = HostLatencies()
        self._changed = KeptChanges()

    def start(self) -> None:
        """Draw nothing yet: the widths depend on all rows."""

    def add(self, result: Result) -> None:
        """Take note of one result."""
        self._rows.add(result)
        self._changed.add(result)
        if self._depth is not Depth.BRIEF:
            self._longest.add(result)
            self._latencies.add(result)

    def finish(self, summary: Summary) -> None:
        """Draw it all."""
        if self._has_room_for_pictures:
            self._print_pictures()
        self._print_rows()
        if summary.changes is not None:
            self._print_changes(summary.changes)
        counts = summary_counts(summary, self._look)
        if counts.row_count:
            self._console.print(counts)
        for sentence in course_sentences(summary, self._look.foreign):
            self._console.print(Text(sentence, style="dim", overflow="fold"))
        self._console.print(summary_sentence(summary))

    def _print_changes(self, changes: Changes) -> None:
        table = change_table(self._changed, changes, self._look)
        if table.row_count:
            self._console.print(Text("What changed", style="bold"))
            self._console.print(table)
            self._console.print()

    @property
    def _has_room_for_pictures(self) -> bool:
        wide = self._console.width >= NARROWEST
        return self._depth is Depth.FULL or (self._depth is Depth.USUAL and wide)

    def _print_pictures(self) -> None:
        most = None if self._depth is Depth.FULL else _MOST_SLOWEST
        for picture in (
            HostTable(self._latencies, self._look, self._depth),
            Waterfall(self._longest.results[:most], self._look),
        ):
            if picture:
                self._console.print(picture)
                self._console.print()

    def _print_rows(self) -> None:
        rows = self._rows.rows
        if not rows:
            return
        self._console.print(ResultTable(rows, self._look, in_full=self._depth is Depth.FULL))
        if self._rows.left_out:
            sign = self._look.pick("…", "...")
            more = f"{sign} and {self._rows.left_out} more; --report jsonl=FILE has all"
            self._console.print(Text(more, style="dim"))
        self._console.print()
