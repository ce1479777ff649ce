"""What has changed for a target since a baseline."""

import pytest

from allup.model.failure import FailureKind
from allup.model.past import Change, Known, change_since
from allup.model.verdict import Verdict

DNS, STATUS = FailureKind.DNS, FailureKind.STATUS
OK, FLAKY, FAILED, UNCHECKED = Verdict


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (None, (OK, None), Change.NEW),
        (None, (FAILED, DNS), Change.NEW),
        ((OK, None), (OK, None), Change.SAME),
        ((FLAKY, None), (OK, None), Change.SAME),
        ((OK, None), (FLAKY, None), Change.SAME),
        ((OK, None), (FAILED, DNS), Change.BROKE),
        ((FLAKY, None), (FAILED, DNS), Change.BROKE),
        ((FAILED, DNS), (OK, None), Change.RECOVERED),
        ((FAILED, DNS), (FLAKY, None), Change.RECOVERED),
        ((FAILED, DNS), (FAILED, DNS), Change.STILL_FAILED),
        ((FAILED, DNS), (FAILED, STATUS), Change.FAILED_OTHERWISE),
        ((UNCHECKED, FailureKind.LOCAL), (FAILED, DNS), Change.UNKNOWN),
        ((UNCHECKED, FailureKind.LOCAL), (OK, None), Change.UNKNOWN),
        ((OK, None), (UNCHECKED, FailureKind.DEADLINE), Change.UNKNOWN),
        ((FAILED, DNS), (UNCHECKED, FailureKind.DEADLINE), Change.UNKNOWN),
    ],
)
def test_a_change_is_what_both_verdicts_say(
    before: tuple[Verdict, FailureKind | None] | None, now: tuple[Verdict, FailureKind | None], change: Change
) -> None:
    known = None if before is None else Known(verdict=before[0], kind=before[1])
    assert change_since(known, *now) is change
