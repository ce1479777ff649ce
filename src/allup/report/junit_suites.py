"""The suites of JUnit XML around their cases."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from allup.model.result import Result, Verdict
from allup.model.standing import is_known_failure
from allup.report.sink import Sink
from allup.report.xml_text import xml_attributes


@dataclass(slots=True)
class SuiteCounts:
    """What the head of a suite counts of its cases."""

    tests: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0
    elapsed_s: float = 0.0

    def add(self, result: Result) -> None:
        """Count one case."""
        self.tests += 1
        self.failures += result.verdict is Verdict.FAILED and not is_known_failure(result)
        self.skipped += is_known_failure(result)
        self.errors += result.verdict is Verdict.UNCHECKED
        self.elapsed_s += 0.0 if result.attempt is None else result.attempt.elapsed_s

    @property
    def attributes(self) -> dict[str, int]:
        """The counts of the head of all suites."""
        return {"tests": self.tests, "failures": self.failures, "errors": self.errors}

    @property
    def attributes_of_suite(self) -> dict[str, int]:
        """The counts of the head of a suite."""
        return self.attributes | ({"skipped": self.skipped} if self.skipped else {})


def write_suites(
    sink: Sink,
    counts: Mapping[str, SuiteCounts],
    cases_of: Callable[[str], Iterable[str]],
    *,
    wall_s: float,
    told: Mapping[str, object] | None = None,
) -> None:
    """Write the document whose suites have `counts`, by their names; `told` stands at the top, for merging."""
    sink.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    if told is not None:
        sink.write(f"<?allup{xml_attributes(**told)}?>\n")
    total = _total(list(counts.values()))
    head = xml_attributes(name="allup", time=f"{wall_s:.3f}", **total.attributes)
    sink.write(f"<testsuites{head}>\n")
    for suite, its in counts.items():
        head = xml_attributes(name=suite, time=f"{its.elapsed_s:.3f}", **its.attributes_of_suite)
        sink.write(f"<testsuite{head}>\n")
        for piece in cases_of(suite):
            sink.write(piece)
        sink.write("</testsuite>\n")
    sink.write("</testsuites>\n")
    sink.flush()


def _total(counts: list[SuiteCounts]) -> SuiteCounts:
    return SuiteCounts(*(sum(getattr(one, name) for one in counts) for name in ("tests", "failures", "errors")))
