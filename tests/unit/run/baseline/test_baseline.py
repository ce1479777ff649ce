"""What a run finds differently from an earlier one: the plain difference of two sets, in compact memory."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.attempt import Attempt
from allup.model.changes import MOST_NAMED, Changes
from allup.model.failure import UNKNOWN_KINDS, Certainty, Failure, FailureKind
from allup.model.past import Change, Known
from allup.model.result import Result, Verdict
from allup.model.selection import SelectionSettings
from allup.model.settings import FailOn
from allup.model.standing import Standing, standing
from allup.model.target import Origin, Target
from allup.run.baseline.baseline import Baseline
from allup.run.baseline.diff import Diff

KINDS: dict[Verdict, Sequence[FailureKind | None]] = {
    Verdict.OK: [None],
    Verdict.FLAKY: [None],
    Verdict.FAILED: [FailureKind.DNS, FailureKind.STATUS],
    Verdict.UNCHECKED: sorted(UNKNOWN_KINDS),
}
Key = tuple[str, str | None]
Outcome = tuple[Verdict, FailureKind | None]
ALL_OUTCOMES: list[Outcome] = [(verdict, kind) for verdict, kinds in KINDS.items() for kind in kinds]
OUTCOMES = st.sampled_from(ALL_OUTCOMES)
KEYS = st.tuples(st.sampled_from(["a", "b", "a=b", "\ud800", ""]), st.sampled_from([None, "", "b", "name", "=b"]))
RUNS = st.dictionaries(KEYS, OUTCOMES, max_size=12)


def result_of(number: int, key: Key, outcome: Outcome, *, line: int | None = None, elapsed_s: float = 0.1) -> Result:
    verdict, kind = outcome
    target = Target(url=key[0], href="", host="h:80", name=key[1], origin=Origin(source="urls.txt", line=line))
    failure = None if kind is None else Failure(kind=kind, certainty=Certainty.DEFINITE, phase=None, detail="")
    attempt = Attempt(started_at=0.0, elapsed_s=elapsed_s, method="GET")
    return Result(index=number, entry=target, verdict=verdict, failure=failure, attempt=attempt, attempts=1)


def baseline_of(results: Iterable[Result]) -> Baseline:
    baseline = Baseline()
    for one in results:
        known = Known(
            verdict=one.verdict,
            kind=one.failure.kind if one.failure else None,
            elapsed_s=one.attempt.elapsed_s if one.attempt else None,
        )
        baseline.add(one.url, one.name, one.entry.origin.line, known)
    return baseline


def compared(
    before: Iterable[Result], now: Iterable[Result], fail_on: FailOn = FailOn.ANY
) -> tuple[list[Result], Changes]:
    diff = Diff(baseline_of(before), fail_on)
    return [diff.compared(one) for one in now], diff.changes(whole=True)


@dataclass(frozen=True)
class Naive:
    """Two runs as sets of what was good, what was bad and what is not known."""

    run: dict[Key, Outcome]

    def having(self, *verdicts: Verdict) -> set[Key]:
        return {key for key, (verdict, _) in self.run.items() if verdict in verdicts}

    @property
    def good(self) -> set[Key]:
        return self.having(Verdict.OK, Verdict.FLAKY)

    @property
    def bad(self) -> set[Key]:
        return self.having(Verdict.FAILED)

    @property
    def unknown(self) -> set[Key]:
        return self.having(Verdict.UNCHECKED)


def naive_difference(before: Naive, now: Naive) -> dict[Change, set[Key]]:
    still = before.bad & now.bad
    alike = {key for key in still if before.run[key] == now.run[key]}
    return {
        Change.NEW: now.run.keys() - before.run.keys(),
        Change.BROKE: now.bad & before.good,
        Change.RECOVERED: now.good & before.bad,
        Change.STILL_FAILED: alike,
        Change.FAILED_OTHERWISE: still - alike,
        Change.SAME: now.good & before.good,
        Change.UNKNOWN: (now.unknown | before.unknown) & now.run.keys() & before.run.keys(),
    }


@settings(deadline=None)
@given(before=RUNS, now=RUNS, fail_on=st.sampled_from(FailOn))
def test_what_is_told_of_any_two_runs_is_the_difference_of_their_sets(
    before: dict[Key, Outcome], now: dict[Key, Outcome], fail_on: FailOn
) -> None:
    results, changes = compared(
        [result_of(number, key, outcome) for number, (key, outcome) in enumerate(before.items())],
        [result_of(number, key, outcome) for number, (key, outcome) in enumerate(now.items())],
        fail_on,
    )
    expected = naive_difference(Naive(before), Naive(now))
    told: dict[Change, set[Key]] = {change: set() for change in Change}
    for one in results:
        assert one.past is not None
        told[one.past.change].add((one.url, one.name))
    assert told == expected
    assert changes.counts == {change: len(keys) for change, keys in expected.items() if keys}
    assert changes.new_failed == len(expected[Change.NEW] & Naive(now).bad)
    gone = [key for key in before if key not in now]
    assert (changes.gone, [(one.url, one.name) for one in changes.first_gone]) == (len(gone), gone)
    if fail_on is FailOn.NEW:
        failing = {(one.url, one.name) for one in results if standing(one, fail_on) is Standing.FAILED}
        assert failing == Naive(now).bad - Naive(before).bad


LINES = st.lists(st.tuples(st.sampled_from(["a", "b"]), OUTCOMES), max_size=8)


@settings(deadline=None)
@given(before=LINES, now=LINES)
def test_targets_with_the_same_url_and_name_are_told_apart_by_their_lines_and_else_held_against_the_best(
    before: list[tuple[str, Outcome]], now: list[tuple[str, Outcome]]
) -> None:
    results, changes = compared(
        [result_of(number, (url, None), told, line=number) for number, (url, told) in enumerate(before)],
        [result_of(number, (url, None), told, line=number) for number, (url, told) in enumerate(now)],
    )
    best = [Verdict.OK, Verdict.FLAKY, Verdict.UNCHECKED, Verdict.FAILED]
    for number, one in enumerate(results):
        alike = [told for url, told in before if url == one.url]
        here = [told for line, (url, told) in enumerate(before) if url == one.url and line == number]
        known = None if one.past is None else one.past.known
        if not alike:
            assert known is None
            continue
        assert known is not None
        if len(alike) > 1 and here:
            assert (known.verdict, known.kind) == here[0]
        else:
            assert known.verdict == min((verdict for verdict, _ in alike), key=best.index)
    assert changes.gone == len({url for url, _ in before} - {url for url, _ in now})


@settings(deadline=None)
@given(before=LINES, now=LINES, seed=st.randoms(use_true_random=False))
def test_the_order_in_which_a_baseline_was_written_and_results_come_changes_nothing(
    before: list[tuple[str, Outcome]], now: list[tuple[str, Outcome]], seed: object
) -> None:
    earlier = [result_of(number, (url, None), told, line=number) for number, (url, told) in enumerate(before)]
    later = [result_of(number, (url, None), told, line=number) for number, (url, told) in enumerate(now)]
    _, expected = compared(earlier, later)
    seed.shuffle(earlier)  # type: ignore[attr-defined]
    seed.shuffle(later)  # type: ignore[attr-defined]
    _, changes = compared(earlier, later)
    assert (changes.counts, changes.gone) == (expected.counts, expected.gone)


def test_the_slower_ones_are_counted_and_named_the_worst_first() -> None:
    count = 3 * MOST_NAMED
    keys = [(f"https://{number}.example/", None) for number in range(2 * count)]
    good = (Verdict.OK, None)
    before = [result_of(number, key, good, elapsed_s=0.1) for number, key in enumerate(keys)]
    now = [
        result_of(number, key, good, elapsed_s=1 + number / 1000 if number < count - 10 else 0.1)
        for number, key in enumerate(keys)
    ]
    _, changes = compared(before, now)
    assert changes.slower == count - 10
    assert [one.url for one in changes.slowest] == [keys[count - 11 - number][0] for number in range(MOST_NAMED)]
    assert changes.slowest[0].before_s == 0.1
    assert changes.slowest[0].now_s == 1 + (count - 11) / 1000
    assert changes.shift == 1


def test_the_same_run_again_is_the_same() -> None:
    run = [result_of(number, (f"u{number}", None), (Verdict.OK, None), elapsed_s=number / 7) for number in range(100)]
    results, changes = compared(run, run)
    assert changes == Changes(counts={Change.SAME: 100}, gone=0, shift=1.0)
    assert {one.past.known.elapsed_s for one in results if one.past and one.past.known} == {
        round(number / 7, 4) for number in range(100)
    }


@given(RUNS, RUNS, st.sampled_from(["a", "b", "=", "^$", "."]))
def test_what_is_not_wanted_now_is_not_gone(before: dict[Key, Outcome], now: dict[Key, Outcome], pattern: str) -> None:
    left = {key: outcome for key, outcome in now.items() if not re.search(pattern, key[0])}
    diff = Diff(
        baseline_of(result_of(number, *one) for number, one in enumerate(before.items())),
        FailOn.ANY,
        SelectionSettings(exclude=(pattern,)),
    )
    for number, one in enumerate(left.items()):
        diff.compared(result_of(number, *one))
    gone = [key for key in before if key not in left and not re.search(pattern, key[0])]
    changes = diff.changes(whole=True)
    assert (changes.gone, [(one.url, one.name) for one in changes.first_gone]) == (len(gone), gone)


def test_what_takes_too_long_to_be_left_out_is_gone() -> None:
    diff = Diff(
        baseline_of([result_of(0, ("a" * 40 + "b", None), (Verdict.OK, None))]),
        FailOn.ANY,
        SelectionSettings(exclude=("(a+)+$",)),
    )
    assert diff.changes(whole=True).gone == 1


def test_what_was_not_read_to_its_end_has_nothing_that_is_gone() -> None:
    diff = Diff(baseline_of([result_of(0, ("a", None), (Verdict.OK, None))]), FailOn.ANY)
    assert diff.changes(whole=False).gone is None


def test_many_targets_take_little_memory_and_none_is_lost() -> None:
    count = 20_000
    baseline = Baseline()
    for number in range(count):
        baseline.add(f"https://{number}.example/", None, number, Known(verdict=Verdict.OK, elapsed_s=number / 1000))
    assert sys.getsizeof(baseline) < 75 * count
    met = range(0, count, 2)
    assert all(baseline.meet(f"https://{number}.example/", None, None) is not None for number in met)
    assert baseline.expected_s("https://7.example/", None, None) == 0.007
    gone, first = baseline.gone()
    assert gone == count / 2
    assert [one.url for one in first] == [f"https://{number}.example/" for number in range(1, 2 * MOST_NAMED, 2)]
    assert Counter(baseline.meet(f"https://{number}.example/x", None, None) for number in range(100)) == {None: 100}
