"""What an earlier run found of each target."""

import heapq
from collections.abc import Callable
from typing import Final

from allup.model.changes import MOST_NAMED, Gone
from allup.model.failure import FailureKind
from allup.model.past import Known
from allup.model.verdict import Verdict
from allup.run.baseline.table import NumberTable, Place
from allup.run.baseline.texts import Texts

_VERDICTS: Final = tuple(Verdict)
_KINDS: Final = (None, *FailureKind)
_BEST_FIRST: Final = (Verdict.OK, Verdict.FLAKY, Verdict.UNCHECKED, Verdict.FAILED)

# The first number of an entry: flags, verdict, kind, and where its text is.
_MET: Final = 1
_SEVERAL: Final = 2
_ONE_OF_SEVERAL: Final = 4
_VERDICT_AT: Final = 3
_KIND_AT: Final = 5
_KIND: Final = 0x7F
_TEXT_AT: Final = 12
# The second one: how long it took, in tenths of a millisecond, as records have it: so many a second.
_TICKS: Final = 10_000
_NOT_MEASURED: Final = 2**32 - 1


class Baseline:
    """The targets of an earlier run, each known by its URL as listed and its name.

    Where several have both alike, they are told apart by their lines as well; one that stands in none of these
    lines is compared with the best of them, so that a failure is rather called new than overlooked. The method
    is not looked at: a record has that of the last request, which a redirect changes, or a server that knows
    no HEAD. Raises OSError where the disk is full.
    """

    def __init__(self) -> None:
        self._table = NumberTable()
        self._texts = Texts()
        self.records = 0

    def __sizeof__(self) -> int:
        """Return the bytes in memory."""
        return object.__sizeof__(self) + self._table.__sizeof__()

    def add(self, url: str, name: str | None, line: int | None, known: Known) -> None:
        """Take in what one record says."""
        self.records += 1
        key = _key(url, name)
        place = self._table.find(key)
        if place is None:
            text = self._texts.add((url, name, line))
            self._table.add(key, _packed(known, text), _ticks(known.elapsed_s))
            return
        first, second = self._table.get(place)
        if not first & _SEVERAL:
            _, _, first_line = self._texts.at(first >> _TEXT_AT)
            self._merge(_key_of_line(key, first_line), _known(first, second))
        self._table.set(place, _better(first, _packed(known, 0)) | _SEVERAL, _NOT_MEASURED)
        self._merge(_key_of_line(key, line), known)

    def meet(self, url: str, name: str | None, line: int | None) -> Known | None:
        """Return what is known of a target that this run has; None where the baseline does not have it."""
        key = _key(url, name)
        place = self._table.find(key)
        if place is None:
            return None
        first, second = self._table.get(place)
        if not first & _MET:
            self._table.set(place, first | _MET, second)
        return self._of_line(key, line, first, second)

    def expected_s(self, url: str, name: str | None, line: int | None) -> float | None:
        """Return how long the target took; None where that is not known."""
        key = _key(url, name)
        place = self._table.find(key)
        return None if place is None else self._of_line(key, line, *self._table.get(place)).elapsed_s

    def gone(self) -> tuple[int, tuple[Gone, ...]]:
        """Return how many were not met, and the first of them."""
        count = 0
        places: list[int] = []
        for first, _ in self._table:
            if not first & (_MET | _ONE_OF_SEVERAL):
                count += 1
                _keep_lowest(places, first >> _TEXT_AT)
        texts = (self._texts.at(-place) for place in sorted(places, reverse=True))
        return count, tuple(Gone(url=url, name=name) for url, name, _ in texts)

    def gone_of(self, is_wanted: Callable[[str], bool]) -> tuple[int, tuple[Gone, ...]]:
        """Return the same of those whose URL `is_wanted` alone, each of which is read for it."""
        count = 0
        first: list[Gone] = []
        for url, name, _ in self._texts:
            place = self._table.find(_key(url, name))
            if place is not None and not self._table.get(place)[0] & _MET and is_wanted(url):
                count += 1
                if len(first) < MOST_NAMED:
                    first.append(Gone(url=url, name=name))
        return count, tuple(first)

    def _merge(self, key: str, known: Known) -> None:
        place = self._table.find(key)
        if place is None:
            self._table.add(key, _packed(known, 0) | _ONE_OF_SEVERAL, _ticks(known.elapsed_s))
            return
        first, _ = self._table.get(place)
        self._table.set(place, _better(first, _packed(known, 0)), _NOT_MEASURED)

    def _of_line(self, key: str, line: int | None, first: int, second: int) -> Known:
        place: Place | None = self._table.find(_key_of_line(key, line)) if first & _SEVERAL else None
        return _known(first, second) if place is None else _known(*self._table.get(place))


def _key(url: str, name: str | None) -> str:
    # The length says where the URL ends: no two targets can have the same key.
    return f"{len(url)} {url}" if name is None else f"{len(url)} {url}={name}"


def _key_of_line(key: str, line: int | None) -> str:
    return f"@{line} {key}"


def _packed(known: Known, text: int) -> int:
    outcome = _VERDICTS.index(known.verdict) << _VERDICT_AT | _KINDS.index(known.kind) << _KIND_AT
    return outcome | text << _TEXT_AT


def _ticks(elapsed_s: float | None) -> int:
    return _NOT_MEASURED if elapsed_s is None else min(round(elapsed_s * _TICKS), _NOT_MEASURED - 1)


def _known(first: int, second: int) -> Known:
    return Known(
        verdict=_verdict(first),
        kind=_KINDS[first >> _KIND_AT & _KIND],
        elapsed_s=None if second == _NOT_MEASURED else second / _TICKS,
    )


def _verdict(first: int) -> Verdict:
    return _VERDICTS[first >> _VERDICT_AT & 3]


def _better(one: int, other: int) -> int:
    """Return `one` with the better outcome of both, whichever came first."""
    if _badness(other) >= _badness(one):
        return one
    outcome = (1 << _TEXT_AT) - (1 << _VERDICT_AT)
    return one & ~outcome | other & outcome


def _badness(first: int) -> tuple[int, int]:
    return _BEST_FIRST.index(_verdict(first)), first >> _KIND_AT & _KIND


def _keep_lowest(places: list[int], place: int) -> None:
    if len(places) < MOST_NAMED:
        heapq.heappush(places, -place)
    else:
        heapq.heappushpop(places, -place)
