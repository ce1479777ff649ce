"""A report of some verdicts only."""

from dataclasses import dataclass

from allup.model.result import Result, Verdict
from allup.model.tally import Summary
from allup.report.handler import Report


@dataclass(frozen=True, slots=True)
class Only:
    """Passes on the results of `verdicts`, and everything else as it is."""

    report: Report
    verdicts: frozenset[Verdict]

    def start(self) -> None:
        """Pass it on."""
        self.report.start()

    def add(self, result: Result) -> None:
        """Pass it on if its verdict is wanted."""
        if result.verdict in self.verdicts:
            self.report.add(result)

    def finish(self, summary: Summary) -> None:
        """Pass it on; the summary is still that of the whole run."""
        self.report.finish(summary)
