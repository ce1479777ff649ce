"""Annotations of GitHub Actions: workflow commands that show failures where the list names their targets."""

import os
from collections import Counter
from pathlib import Path
from typing import Final, assert_never

from allup.model.result import Result, Verdict
from allup.model.standing import is_known_failure
from allup.model.tally import Summary
from allup.report.change_text import changes_sentence, since
from allup.report.outcome import called, detail, hint, needs_a_look, status_or_kind
from allup.report.printable import printable
from allup.report.sink import Sink
from allup.report.summary_text import summary_sentence
from allup.report.workflow_command import workflow_command

_MOST: Final = 9
"""Of errors and of warnings: GitHub shows ten of each that a step says, and the tenth tells of the rest."""


class GithubReport:
    """Writes a line a target at once: an annotation where it needs a look, as long as GitHub shows it.

    A failure that does not count, since the baseline has it, takes no annotation from those that do.
    `root` is the folder of the repository, from which files are named; None: they are named as the list is.
    """

    def __init__(self, sink: Sink, *, root: Path | None) -> None:
        self._sink = sink
        self._roots = () if root is None else (root, root.resolve())
        self._said: Counter[str] = Counter()

    def start(self) -> None:
        """Write nothing: lines have no head."""

    def add(self, result: Result) -> None:
        """Write one line."""
        level = _level(result.verdict)
        if not needs_a_look(result) or is_known_failure(result):
            self._write(_plain(result))
            return
        self._said[level] += 1
        self._write(self._annotation(level, result) if self._said[level] <= _MOST else _plain(result))

    def finish(self, summary: Summary) -> None:
        """Write how many more there are, and what the run came to."""
        for level, count in self._said.items():
            if count > _MOST:
                what = {"error": "failed", "warning": "flaky or unchecked"}[level]
                self._write(workflow_command(level, f"{count - _MOST} more {what}: the log has them", title="allup"))
        self._write(summary_sentence(summary).plain)
        if summary.changes is not None:
            self._write(changes_sentence(summary.changes))

    def _annotation(self, level: str, result: Result) -> str:
        origin = result.entry.origin
        return workflow_command(
            level,
            "\n".join(filter(None, [f"{_called(result)}: {printable(detail(result))}", since(result), _hint(result)])),
            file=self._file(origin.source),
            line=origin.line,
            title=f"{result.verdict.value}: {status_or_kind(result)}",
        )

    def _file(self, source: str | None) -> str | None:
        if source is None or source == "-":
            return None
        path = Path(os.path.abspath(source))  # noqa: PTH100 - of a name that may be none the system takes
        inside = (path.relative_to(root).as_posix() for root in self._roots if path.is_relative_to(root))
        return printable(next(inside, source))

    def _write(self, line: str) -> None:
        self._sink.write(f"{line}\n")
        self._sink.flush()


def _called(result: Result) -> str:
    return printable(called(result))


def _hint(result: Result) -> str:
    return printable(hint(result))


def _level(verdict: Verdict) -> str:
    match verdict:
        case Verdict.OK | Verdict.FLAKY | Verdict.UNCHECKED:
            return "warning"
        case Verdict.FAILED:
            return "error"
        case _:
            assert_never(verdict)


def _plain(result: Result) -> str:
    # It begins with a word of ours: a runner obeys only what begins with "::".
    words = (result.verdict.value, status_or_kind(result), _called(result), printable(detail(result)), since(result))
    return "  ".join(filter(None, words))
