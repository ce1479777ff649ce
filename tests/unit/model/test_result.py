"""Verdicts, and what a result shows of its entry."""

import pytest

from allup.model.attempt import Attempt
from allup.model.expectation import Expectation
from allup.model.failure import UNKNOWN_KINDS, Certainty, Failure, FailureKind, Phase, doing
from allup.model.result import Result, Verdict, cut_short, judged, not_started, unreadable
from allup.model.statuses import Statuses
from allup.model.stop import Stop
from allup.model.target import InvalidTarget, Origin, Target

TARGET = Target(url="http://u@h/", href="http://u:secret@h/", host="h:80", name="site")
INVALID = InvalidTarget(text="htp:/x", reason="not a URL", hint="write http://", origin=Origin(source="a.txt", line=3))


def result_of(*, status: int | None = 200, kind: FailureKind | None = None, attempts: int = 1) -> Result:
    failure = None
    if kind is not None:
        failure = Failure(kind=kind, certainty=Certainty.LOCAL, phase=None, detail="why")
    attempt = Attempt(started_at=0.0, elapsed_s=0.1, method="GET", status=status, failure=failure)
    return judged(7, TARGET, attempt, attempts=attempts)


def test_as_expected_at_the_first_attempt_is_ok() -> None:
    result = result_of()
    assert (result.verdict, result.failure, result.attempts, result.index) == (Verdict.OK, None, 1, 7)


@pytest.mark.parametrize("attempts", [2, 3])
def test_as_expected_after_a_retry_is_flaky(attempts: int) -> None:
    result = result_of(attempts=attempts)
    assert (result.verdict, result.failure, result.attempts) == (Verdict.FLAKY, None, attempts)


@pytest.mark.parametrize("attempts", [1, 3])
def test_not_as_expected_is_failed_however_often_it_was_tried(attempts: int) -> None:
    assert result_of(status=404, attempts=attempts).verdict is Verdict.FAILED


@pytest.mark.parametrize("kind", FailureKind)
def test_a_kind_that_says_nothing_about_the_target_leaves_it_unchecked(kind: FailureKind) -> None:
    unknown = kind.value in {"local", "deadline", "interrupted", "not_started"}
    assert (kind in UNKNOWN_KINDS) is unknown
    assert result_of(status=None, kind=kind).verdict is (Verdict.UNCHECKED if unknown else Verdict.FAILED)


def test_the_judgement_is_the_targets_own() -> None:
    target = Target(
        url="http://h/", href="http://h/", host="h:80", expectation=Expectation(statuses=Statuses.parse("404"))
    )
    attempt = Attempt(started_at=0.0, elapsed_s=0.1, method="GET", status=404)
    assert judged(0, target, attempt).verdict is Verdict.OK


def test_a_line_that_is_no_target_is_a_definite_failure_with_its_reason() -> None:
    result = unreadable(2, INVALID)
    assert result.verdict is Verdict.FAILED
    assert result.failure == Failure(
        kind=FailureKind.INVALID_TARGET,
        certainty=Certainty.DEFINITE,
        phase=None,
        detail="a.txt:3: not a URL",
        hint="write http://",
    )
    assert (result.url, result.name, result.host, result.attempts) == ("htp:/x", None, None, 0)


@pytest.mark.parametrize("stop", Stop)
def test_a_target_that_was_cut_short_is_unchecked_with_its_phase_and_what_it_was_doing(stop: Stop) -> None:
    result = cut_short(1, TARGET, stop, Phase.DNS, attempts=2)
    kinds = {Stop.DEADLINE: FailureKind.DEADLINE, Stop.OFFLINE: FailureKind.LOCAL}
    assert result.failure == Failure(
        kind=kinds.get(stop, FailureKind.INTERRUPTED),
        certainty=Certainty.LOCAL,
        phase=Phase.DNS,
        detail=f"{stop.value} while resolving the name",
    )
    assert (result.verdict, result.attempts, result.attempt) == (Verdict.UNCHECKED, 2, None)


def test_every_phase_says_what_is_done_in_it() -> None:
    assert len({doing(phase) for phase in Phase}) == len(Phase)


def test_a_target_that_waited_is_unchecked_without_an_attempt() -> None:
    result = not_started(1, TARGET, detail="stopped")
    assert result.failure == Failure(
        kind=FailureKind.NOT_STARTED, certainty=Certainty.LOCAL, phase=None, detail="stopped"
    )
    assert (result.verdict, result.attempts) == (Verdict.UNCHECKED, 0)


def test_a_line_that_is_no_target_is_known_to_be_none_even_if_it_waited() -> None:
    assert not_started(2, INVALID, detail="stopped") == unreadable(2, INVALID)


def test_a_result_shows_its_targets_name_and_host() -> None:
    result = result_of()
    assert (result.url, result.name, result.host) == ("http://u@h/", "site", "h:80")


def test_no_password_is_in_what_a_target_prints_as() -> None:
    assert "secret" not in repr(TARGET)
    assert "secret" not in repr(result_of())


@pytest.mark.parametrize(
    ("origin", "shown"),
    [
        (Origin(source="a.txt", line=3), "a.txt:3"),
        (Origin(source="-", line=1), "-:1"),
        (Origin(), "argument"),
        (Origin(source="a.txt"), "a.txt"),
    ],
)
def test_an_origin_reads_as_a_place_in_a_file(origin: Origin, shown: str) -> None:
    assert str(origin) == shown
