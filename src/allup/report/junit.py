"""JUnit XML, as Jenkins, GitLab and the like read it: a suite a list, a test case a target."""

from collections import defaultdict
from typing import Final

from allup.lists.dedupe import FingerprintTable
from allup.model.result import Result
from allup.model.shard import Share
from allup.model.tally import Summary
from allup.report.junit_case import junit_case
from allup.report.junit_suites import SuiteCounts, write_suites
from allup.report.outcome import called
from allup.report.sink import Sink
from allup.report.spool import Spool
from allup.report.summary_record import share_record

_NO_LIST: Final = "arguments"


class JunitReport:
    """Writes at the end: what counts its cases stands before them, so they wait in a temporary file.

    Readers tell cases apart by their names: a target that is listed again has its line in its name, or its
    place in the run.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._cases = Spool()
        self._counts: defaultdict[str, SuiteCounts] = defaultdict(SuiteCounts)
        self._names = FingerprintTable()

    def start(self) -> None:
        """Write nothing yet: the counts come first."""

    def add(self, result: Result) -> None:
        """Put one test case away."""
        suite = result.entry.origin.source or _NO_LIST
        self._counts[suite].add(result)
        self._cases.add(suite, junit_case(result, name=self._name(suite, result), suite=suite))

    def finish(self, summary: Summary) -> None:
        """Write all suites."""
        told = None if summary.share is None else _told(summary, summary.share)
        write_suites(self._sink, self._counts, self._cases.read, wall_s=summary.wall_s, told=told)

    def _name(self, suite: str, result: Result) -> str:
        name, line = called(result), result.entry.origin.line
        candidates = (name, f"{name}, line {line}", f"{name}, line {line}, entry {result.index + 1}")
        return next((one for one in candidates if self._names.add(f"{suite}\n{one}")), candidates[-1])


def _told(summary: Summary, share: Share) -> dict[str, object]:
    return {
        **share_record(share),
        "repeats": summary.repeats,
        "excluded": summary.excluded,
        "wall_s": round(summary.wall_s, 6),
    }
