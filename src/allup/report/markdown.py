"""Markdown (GitHub's), for a comment on a pull request or the summary of a job."""

from collections.abc import Iterator
from typing import Final

from allup.model.changes import Changes
from allup.model.duration import format_duration
from allup.model.result import Result, Verdict
from allup.model.tally import Summary
from allup.report.change_text import KeptChanges, changes_sentence, since
from allup.report.course_text import course_sentences
from allup.report.markdown_text import code_cell, code_span
from allup.report.outcome import detail, hint, needs_a_look, status_or_kind
from allup.report.printable import shortened
from allup.report.sink import Sink
from allup.report.summary_text import summary_sentence

MOST_CHARACTERS: Final = 60_000
"""All rows together: a comment on GitHub takes 65,536 characters, a job's summary 1 MiB."""
_MOST_IN_A_CELL: Final = 500
_MOST_CHANGED: Final = 5
_FIRST: Final = (Verdict.FAILED, Verdict.UNCHECKED, Verdict.FLAKY, Verdict.OK)
_HEAD: Final = "| verdict | status | time | target | listed | detail |\n| --- | --- | ---: | --- | --- | --- |\n"


class MarkdownReport:
    """Writes a sentence, and a table of what needs a look, failures first, as far as a comment takes it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._rows: dict[Verdict, _Rows] = {verdict: _Rows() for verdict in _FIRST}
        self._changed = KeptChanges()

    def start(self) -> None:
        """Write nothing yet: the sentence comes first."""

    def add(self, result: Result) -> None:
        """Keep the row of one result, as long as it may be shown."""
        self._changed.add(result)
        if needs_a_look(result):
            self._rows[result.verdict].add(_row(result))

    def finish(self, summary: Summary) -> None:
        """Write it all."""
        self._sink.write(f"### allup: {summary_sentence(summary).plain}\n\n")
        for sentence in course_sentences(summary, code_span):
            self._sink.write(f"{sentence}\n\n")
        if summary.changes is not None:
            self._write_changes(summary.changes)
        shown = list(self._shown())
        if shown:
            self._sink.write(f"{_HEAD}{''.join(shown)}\n")
        more = sum(rows.total for rows in self._rows.values()) - len(shown)
        if more:
            self._sink.write(f"... and {more} more\n\n")
        self._sink.flush()

    def _write_changes(self, changes: Changes) -> None:
        self._sink.write(f"{changes_sentence(changes)}\n\n")
        for section in self._changed.sections(changes, _MOST_CHANGED):
            lines = [_item(name, word) for name, word in section.targets]
            more = section.count - len(lines)
            lines += [f"  - ... and {more} more\n"] if more else []
            self._sink.write(f"- **{section.title}** ({section.count})\n{''.join(lines)}")
        self._sink.write("\n")

    def _shown(self) -> Iterator[str]:
        room = MOST_CHARACTERS
        for verdict in _FIRST:
            for row in self._rows[verdict].first:
                room -= len(row)
                if room < 0:
                    return
                yield row


class _Rows:
    def __init__(self) -> None:
        self.first: list[str] = []
        self.total = 0
        self._room = MOST_CHARACTERS

    def add(self, row: str) -> None:
        self.total += 1
        self._room -= len(row)
        if self._room >= 0:
            self.first.append(row)


def _row(result: Result) -> str:
    cells = (
        result.verdict.value,
        status_or_kind(result),
        "" if result.attempt is None else format_duration(result.attempt.elapsed_s),
        _lines(result.name or "", result.url),
        _lines(str(result.entry.origin)),
        _lines(detail(result), since(result), hint(result)),
    )
    return f"| {' | '.join(cells)} |\n"


def _item(name: str, word: str) -> str:
    return f"  - {code_span(shortened(name, _MOST_IN_A_CELL))} {word}".rstrip() + "\n"


def _lines(*texts: str) -> str:
    return "<br>".join(filter(None, (code_cell(text, _MOST_IN_A_CELL) for text in texts)))
