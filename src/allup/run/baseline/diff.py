"""What a run finds differently from its baseline, while it goes on and at its end."""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from allup.lists.selection import Wanted
from allup.model.answer import TooSlow
from allup.model.changes import MOST_NAMED, Changes, Gone, Slower
from allup.model.past import FAILED_BEFORE, Change, Known, Past, change_since
from allup.model.result import Result
from allup.model.selection import EVERYTHING, SelectionSettings
from allup.model.settings import FailOn
from allup.model.slower import Noise
from allup.model.verdict import Verdict
from allup.run.baseline.baseline import Baseline
from allup.run.baseline.texts import Texts

_ENOUGH: Final = 100_000
"""Targets by which noise is measured: so many say what more of them would, in less memory."""


class Diff:
    """Gives each result its past; what it is slower than is known at the end, from all that can be compared.

    That takes 24 bytes a target, and a temporary file for their names. Raises OSError where the disk is full.
    """

    def __init__(self, baseline: Baseline, fail_on: FailOn, selection: SelectionSettings = EVERYTHING) -> None:
        self._baseline = baseline
        self._wants = Wanted(selection)
        self._excuses = fail_on is FailOn.NEW
        self._counts = Counter[Change]()
        self._new_failed = 0
        self._before_s = array("d")
        self._now_s = array("d")
        self._texts = Texts()
        self._places = array("Q")

    def compared(self, result: Result) -> Result:
        """Return `result` with its past; to be called once for each."""
        kind = None if result.failure is None else result.failure.kind
        known = self._baseline.meet(result.url, result.name, result.entry.origin.line)
        change = change_since(known, result.verdict, kind)
        self._counts[change] += 1
        self._new_failed += change is Change.NEW and result.verdict is Verdict.FAILED
        if known is not None and change is Change.SAME:
            self._measure(known, result)
        return replace(result, past=Past(change=change, known=known, excused=self._excuses and change in FAILED_BEFORE))

    def changes(self, *, whole: bool) -> Changes:
        """Return what has changed in all; `whole` says whether the list was read to its end."""
        step = len(self._now_s) // _ENOUGH + 1
        noise = Noise.of(self._before_s[::step], self._now_s[::step])
        slower = [] if noise is None else list(self._slower(noise))
        gone, first_gone = self._gone() if whole else (None, ())
        return Changes(
            counts=dict(self._counts),
            new_failed=self._new_failed,
            gone=gone,
            first_gone=first_gone,
            slower=len(slower),
            slowest=tuple(self._named(number) for _, number in heapq.nlargest(MOST_NAMED, slower)),
            shift=None if noise is None else noise.shift,
        )

    def _gone(self) -> tuple[int, tuple[Gone, ...]]:
        # What is not wanted now is not looked for: that it is not there says nothing.
        return self._baseline.gone_of(self._is_wanted) if self._wants else self._baseline.gone()

    def _is_wanted(self, url: str) -> bool:
        try:
            return self._wants(url)
        except TooSlow:  # in the list it would have been told, too, rather than left out
            return True

    def _measure(self, known: Known, result: Result) -> None:
        now_s = None if result.attempt is None else round(result.attempt.elapsed_s, 4)
        if known.elapsed_s and now_s:
            self._before_s.append(known.elapsed_s)
            self._now_s.append(now_s)
            self._places.append(self._texts.add((result.url, result.name, None)))

    def _slower(self, noise: Noise) -> Iterator[tuple[float, int]]:
        """Yield how much longer each takes that is slower, and its number, of which the first is the largest."""
        for number, (before_s, now_s) in enumerate(zip(self._before_s, self._now_s, strict=True)):
            if noise.is_slower(before_s, now_s):
                yield noise.more_s(before_s, now_s), -number

    def _named(self, number: int) -> Slower:
        url, name, _ = self._texts.at(self._places[-number])
        return Slower(url=url, name=name, before_s=self._before_s[-number], now_s=self._now_s[-number])
