"""Several reports as one, none of which can spoil the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.handler import Report
from allup.report.printable import printable


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedReport:
    """A report and what messages call it; `to_reader` where the reader of a pipe may go away (stdout)."""

    name: str
    report: Report
    to_reader: bool = False


class Reports:
    """Passes everything to all `reports`; one that cannot be written is remembered and gets nothing more.

    After each call, `reader_gone` says whether the reader went away, and `problems` holds a message for
    each report that could not be written.
    """

    def __init__(self, reports: Sequence[NamedReport]) -> None:
        self._working = list(reports)
        self.problems: list[str] = []
        self.reader_gone = False

    def start(self) -> None:
        """Start all."""
        self._each(lambda report: report.start())

    def add(self, result: Result) -> None:
        """Pass `result` to all."""
        self._each(lambda report: report.add(result))

    def finish(self, summary: Summary) -> None:
        """Finish all."""
        self._each(lambda report: report.finish(summary))

    def works(self, name: str) -> bool:
        """Say whether the report called `name` has taken everything so far: only then is its file worth keeping."""
        return any(one.name == name for one in self._working)

    def give_up(self, name: str, error: OSError | UnicodeError) -> None:
        """Pass nothing more to the report called `name`: its stream failed with `error`."""
        for one in [one for one in self._working if one.name == name]:
            self._lose(one, error)

    def _each(self, call: Callable[[Report], None]) -> None:
        for one in tuple(self._working):
            try:
                call(one.report)
            except (OSError, UnicodeError) as error:
                self._lose(one, error)

    def _lose(self, one: NamedReport, error: OSError | UnicodeError) -> None:
        self._working.remove(one)
        if one.to_reader and isinstance(error, BrokenPipeError):
            self.reader_gone = True
            return
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self.problems.append(f"cannot write {printable(one.name)}: {reason}")
