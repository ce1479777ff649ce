"""A page of its own: summary, a table to sort and to filter, and a waterfall, in one file that asks nobody."""

from typing import Final

from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.json_document import SCHEMA
from allup.report.outcome import needs_a_look
from allup.report.page_frame import PageFrame
from allup.report.page_json import page_json
from allup.report.record import record
from allup.report.sink import Sink
from allup.report.summary_record import summary_record

MOST_ROWS: Final = 25_000
"""Results that are in a page whatever they are, and as many again that need a look: a browser keeps them all."""
MOST_CHARACTERS: Final = 32 * 1024 * 1024
"""All records of either kind together."""
_IN_A_BLOCK: Final = 1_000
_STYLES: Final = ("colors.css", "page.css", "check.css")
_SCRIPTS: Final = (
    *("text.js", "rows.js", "changes.js", "filter.js", "pauses.js", "axis.js", "bars.js"),
    *("overview.js", "details.js", "table.js", "controls.js", "check.js"),
)


class HtmlReport:
    """Writes each record into the page at once, as far as there is room, and keeps nothing.

    Beyond `MOST_ROWS` there is room for what needs a look only; the page says how many it holds of how many.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._frame = PageFrame.of("check.html", styles=_STYLES, scripts=_SCRIPTS)
        self._for_all = _Room()
        self._for_needy = _Room()
        self._given = 0
        self._shown = 0

    def start(self) -> None:
        """Open the page."""
        self._sink.write(self._frame.head)

    def add(self, result: Result) -> None:
        """Write one record into the page, if there is room for it."""
        self._given += 1
        text = page_json(record(result))
        if not self._for_all.takes(text) and not (needs_a_look(result) and self._for_needy.takes(text)):
            return
        if self._shown % _IN_A_BLOCK:
            self._sink.write(",\n")
        else:
            self._close_block()
            self._sink.write('<script type="application/json" class="records">[\n')
        self._sink.write(text)
        self._shown += 1

    def finish(self, summary: Summary) -> None:
        """Write the summary, and close the page."""
        self._close_block()
        # Less is given than there is where only some verdicts are wanted.
        whole = {
            "schema": SCHEMA,
            "given": self._given,
            "shown": self._shown,
            "summary": summary_record(summary),
        }
        self._sink.write(f'<script type="application/json" id="run">{page_json(whole)}</script>\n')
        self._sink.write(self._frame.foot)
        self._sink.flush()

    def _close_block(self) -> None:
        if self._shown:
            self._sink.write("\n]</script>\n")


class _Room:
    """Room for so many records; once one did not fit, there is none for any other."""

    def __init__(self) -> None:
        self._rows = MOST_ROWS
        self._characters = MOST_CHARACTERS

    def takes(self, text: str) -> bool:
        self._rows -= 1
        self._characters -= len(text)
        return self._rows >= 0 and self._characters >= 0
