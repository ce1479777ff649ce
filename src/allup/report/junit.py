"""JUnit XML, as Jenkins, GitLab and the like read it: a suite a list, a test case a target."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from allup.lists.dedupe import FingerprintTable
from allup.model.result import Result, Verdict
from allup.model.shard import Share
from allup.model.standing import is_known_failure
from allup.model.tally import Summary
from allup.report.junit_case import junit_case
from allup.report.outcome import called
from allup.report.sink import Sink
from allup.report.spool import Spool
from allup.report.summary_record import share_record
from allup.report.xml_text import xml_attributes

_NO_LIST: Final = "arguments"


class JunitReport:
    """Writes at the end: what counts its cases stands before them, so they wait in a temporary file.

    Readers tell cases apart by their names: a target that is listed again has its line in its name, or its
    place in the run.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._cases = Spool()
        self._counts: defaultdict[str, _Counts] = defaultdict(_Counts)
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
        self._sink.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        if summary.share is not None:
            self._sink.write(f"<?allup{xml_attributes(**_told(summary, summary.share))}?>\n")
        total = _Counts.total(list(self._counts.values()))
        head = xml_attributes(name="allup", time=f"{summary.wall_s:.3f}", **total.attributes)
        self._sink.write(f"<testsuites{head}>\n")
        for suite, counts in self._counts.items():
            head = xml_attributes(name=suite, time=f"{counts.elapsed_s:.3f}", **counts.attributes_of_suite)
            self._sink.write(f"<testsuite{head}>\n")
            for piece in self._cases.read(suite):
                self._sink.write(piece)
            self._sink.write("</testsuite>\n")
        self._sink.write("</testsuites>\n")
        self._sink.flush()

    def _name(self, suite: str, result: Result) -> str:
        name, line = called(result), result.entry.origin.line
        candidates = (name, f"{name}, line {line}", f"{name}, line {line}, entry {result.index + 1}")
        return next((one for one in candidates if self._names.add(f"{suite}\n{one}")), candidates[-1])


def _told(summary: Summary, share: Share) -> dict[str, object]:
    return {**share_record(share), "repeats": summary.repeats, "excluded": summary.excluded, "wall_s": summary.wall_s}


@dataclass(slots=True)
class _Counts:
    tests: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0
    elapsed_s: float = 0.0

    def add(self, result: Result) -> None:
        self.tests += 1
        self.failures += result.verdict is Verdict.FAILED and not is_known_failure(result)
        self.skipped += is_known_failure(result)
        self.errors += result.verdict is Verdict.UNCHECKED
        self.elapsed_s += 0.0 if result.attempt is None else result.attempt.elapsed_s

    @classmethod
    def total(cls, counts: list["_Counts"]) -> "_Counts":
        return cls(*(sum(getattr(one, name) for one in counts) for name in ("tests", "failures", "errors")))

    @property
    def attributes(self) -> dict[str, int]:
        return {"tests": self.tests, "failures": self.failures, "errors": self.errors}

    @property
    def attributes_of_suite(self) -> dict[str, int]:
        return self.attributes | ({"skipped": self.skipped} if self.skipped else {})
