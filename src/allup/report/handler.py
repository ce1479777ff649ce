"""What every format of report is."""

from typing import Protocol

from allup.model.result import Result
from allup.model.tally import Summary


class Report(Protocol):
    """Takes the results of one run in the order in which they are to be written; each may raise OSError."""

    def start(self) -> None:
        """Write what comes before all results."""
        ...

    def add(self, result: Result) -> None:
        """Write or keep one result."""
        ...

    def finish(self, summary: Summary) -> None:
        """Write what comes after all results."""
        ...
