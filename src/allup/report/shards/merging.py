"""The results of all shards in the order of the list."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

from allup.model.result import Result
from allup.model.settings import FailOn
from allup.model.tally import Summary, Tally
from allup.report.shards.end import changes_of, in_order
from allup.report.shards.fit import MergeError, check_fit, check_whole
from allup.report.shards.reading import ShardReport


class Merging:
    """The run that the shards of `reports` were together: iterate over it once, then it has a summary.

    Everything is read and checked before the first result comes, and again for the results. Raises MergeError.
    """

    def __init__(self, reports: Sequence[ShardReport], fail_on: FailOn) -> None:
        results = sum(report.check() for report in reports)
        check_fit([(report.name, report.end) for report in reports])
        self._ends = in_order([report.end for report in reports])
        check_whole(self._ends, results)
        self._reports = reports
        self._tally = Tally(fail_on=fail_on)

    def __iter__(self) -> Iterator[Result]:
        """Yield each result as one of the whole list; raises MergeError."""
        before = 0
        merged = heapq.merge(*(report.results() for report in self._reports), key=itemgetter(0))
        for index, (number, result) in enumerate(merged):
            if number == before:
                raise MergeError(f"entry {number} is in two of the reports")
            before = number
            placed = replace(result, index=index)
            self._tally.add(placed)
            yield placed

    @property
    def summary(self) -> Summary:
        """The counts; the shards may have run at the same time, so the longest is the time that it took."""
        return Summary(
            tally=self._tally,
            repeats=sum(end.repeats for end in self._ends),
            excluded=self._ends[0].excluded,
            wall_s=max(end.wall_s for end in self._ends),
            peak_in_flight=sum(end.peak_in_flight for end in self._ends),
            changes=changes_of(self._ends),
        )
