"""Counts of a run."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.attempt import Attempt
from allup.model.failure import FailureKind
from allup.model.past import Change, Past
from allup.model.result import Result, Verdict, judged, not_started, unreadable
from allup.model.settings import FailOn
from allup.model.standing import Standing, standing
from allup.model.tally import MOST_HOSTS, Tally
from unit.fake_client import invalid_of, target_of


def result_of(number: int, status: int) -> Result:
    attempt = Attempt(started_at=0.0, elapsed_s=0.1, method="GET", status=status)
    return judged(number, target_of(number), attempt)


def tally_of(*results: Result) -> Tally:
    tally = Tally()
    for result in results:
        tally.add(result)
    return tally


def test_results_are_counted_by_verdict_kind_and_host() -> None:
    tally = tally_of(
        result_of(0, 200),
        result_of(1, 404),
        result_of(1, 500),
        unreadable(3, invalid_of(3)),
        not_started(4, target_of(4), detail="stopped"),
    )
    assert tally.total == 5
    assert tally.verdicts == {Verdict.OK: 1, Verdict.FAILED: 3, Verdict.UNCHECKED: 1}
    assert tally.kinds == {FailureKind.STATUS: 2, FailureKind.INVALID_TARGET: 1, FailureKind.NOT_STARTED: 1}
    assert tally.hosts == {"host-1.test:80": 2, "host-4.test:80": 1}
    assert tally.other_hosts == 0


@settings(deadline=None)
@given(statuses=st.lists(st.sampled_from([200, 404, 503]), max_size=30))
def test_the_verdicts_add_up_to_the_total(statuses: list[int]) -> None:
    tally = tally_of(*(result_of(number, status) for number, status in enumerate(statuses)))
    assert tally.total == sum(tally.verdicts.values()) == len(statuses)
    assert tally.kinds.total() == tally.verdicts[Verdict.FAILED]


def test_hosts_are_told_apart_up_to_a_bound_and_the_rest_is_still_counted() -> None:
    tally = tally_of(*(result_of(number, 404) for number in range(MOST_HOSTS + 50)))
    assert len(tally.hosts) == MOST_HOSTS
    assert tally.other_hosts == 50
    tally.add(result_of(0, 404))
    tally.add(result_of(MOST_HOSTS + 1, 404))
    assert tally.hosts["host-0.test:80"] == 2
    assert tally.other_hosts == 51
    assert tally.hosts.total() + tally.other_hosts == tally.total


def test_hosts_that_are_up_take_no_memory() -> None:
    assert len(tally_of(*(result_of(number, 200) for number in range(50))).hosts) == 0


MEMBERS = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([200, 404, 503, None])), max_size=12)


def member(group: str | None, status: int | None) -> Result:
    target = replace(target_of(0), group=group)
    if status is None:
        return not_started(0, target, detail="stopped")
    return judged(0, target, Attempt(started_at=0.0, elapsed_s=0.1, method="GET", status=status))


@settings(deadline=None)
@given(members=MEMBERS, fail_on=st.sampled_from(FailOn))
def test_a_group_counts_as_one_and_stands_as_its_best_member(
    members: list[tuple[str | None, int | None]], fail_on: FailOn
) -> None:
    tally = Tally(fail_on=fail_on)
    expected: dict[str | int, Standing] = {}
    for number, (group, status) in enumerate(members):
        result = member(group, status)
        tally.add(result)
        counted_as: str | int = number if group is None else group
        place = standing(result, fail_on)
        expected[counted_as] = min(place, expected.get(counted_as, place))
    assert tally.standings == Counter(expected.values())
    assert tally.total == len(members)


def test_a_failure_that_is_let_pass_is_counted_and_shown_all_the_same() -> None:
    tally = Tally(fail_on=FailOn.DEFINITE)
    for status in (404, 503):
        tally.add(member(None, status))
    assert tally.standings == {Standing.FAILED: 1, Standing.EXCUSED: 1}
    assert tally.verdicts[Verdict.FAILED] == tally.kinds[FailureKind.STATUS] == 2


CHANGES_OF_A_FAILURE = (Change.NEW, Change.BROKE, Change.UNKNOWN, Change.STILL_FAILED, Change.FAILED_OTHERWISE)


@settings(deadline=None)
@given(
    members=st.lists(st.sampled_from([*CHANGES_OF_A_FAILURE, Verdict.OK, Verdict.UNCHECKED]), min_size=1, max_size=5)
)
def test_a_group_fails_anew_where_all_fail_and_it_had_not_failed_before(members: list[Change | Verdict]) -> None:
    known = (Change.STILL_FAILED, Change.FAILED_OTHERWISE)
    tally = Tally(fail_on=FailOn.NEW)
    for number, member in enumerate(members):
        target = replace(target_of(number), group="g")
        if member is Verdict.UNCHECKED:
            tally.add(not_started(number, target, detail="stopped"))
            continue
        status = 200 if member is Verdict.OK else 404
        change = member if isinstance(member, Change) else Change.SAME
        result = judged(number, target, Attempt(started_at=0.0, elapsed_s=0.1, method="GET", status=status))
        tally.add(replace(result, past=Past(change=change, excused=change in known)))
    if Verdict.OK in members:
        expected = Standing.GOOD
    elif Verdict.UNCHECKED in members:
        expected = Standing.WITHHELD
    else:
        knew = [member for member in members if member is not Change.NEW]
        expected = Standing.EXCUSED if knew and all(member in known for member in knew) else Standing.FAILED
    assert tally.groups == {"g": expected}
