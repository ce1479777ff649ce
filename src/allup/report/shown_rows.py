"""Which results get a row in a table for people, in bounded memory."""

from typing import Final

from allup.model.result import Result, Verdict
from allup.report.outcome import needs_a_look

MOST_TARGETS_IN_FULL: Final = 50
MOST_ROWS: Final = 200
_BY_NEED: Final = (Verdict.FAILED, Verdict.UNCHECKED, Verdict.FLAKY, Verdict.OK)


class ShownRows:
    """Every result up to `MOST_TARGETS_IN_FULL`, beyond that what needs a look, `MOST_ROWS` at most.

    What failed comes last, nearest to the prompt, and goes first where not all have room; results
    of one verdict stay in the order in which they came.
    """

    def __init__(self) -> None:
        self._first: list[Result] = []
        self._notable: dict[Verdict, list[Result]] = {}
        self._total = 0
        self._total_notable = 0

    def add(self, result: Result) -> None:
        """Keep `result`, as long as it may be shown."""
        self._total += 1
        if self._total <= MOST_TARGETS_IN_FULL:
            self._first.append(result)
        if needs_a_look(result):
            self._total_notable += 1
            kept = self._notable.setdefault(result.verdict, [])
            if len(kept) < MOST_ROWS:
                kept.append(result)

    @property
    def rows(self) -> list[Result]:
        """The results to be shown, in order."""
        if self._total <= MOST_TARGETS_IN_FULL:
            return sorted(self._first, key=_need, reverse=True)
        neediest = [result for verdict in _BY_NEED for result in self._notable.get(verdict, [])]
        return sorted(neediest[:MOST_ROWS], key=_need, reverse=True)

    @property
    def left_out(self) -> int:
        """How many need a look and have no row."""
        return 0 if self._total <= MOST_TARGETS_IN_FULL else max(0, self._total_notable - MOST_ROWS)


def _need(result: Result) -> int:
    return _BY_NEED.index(result.verdict)
