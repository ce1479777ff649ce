"""Which failures are worth another attempt."""

import pytest

from allup.model.attempt import Attempt
from allup.model.failure import Certainty, Failure, FailureKind
from allup.model.result import Result, Verdict, judged
from allup.model.retry_on import TRANSIENT, RetryOn
from allup.model.target import Target

TARGET = Target(url="http://h/", href="http://h/", host="h:80")


def answered(status: int, *, wall: str | None = None) -> Result:
    return judged(0, TARGET, Attempt(started_at=0.0, elapsed_s=0.1, method="GET", status=status, robot_wall=wall))


def failed(kind: FailureKind, certainty: Certainty = Certainty.TRANSIENT) -> Result:
    failure = Failure(kind=kind, certainty=certainty, phase=None, detail="why")
    return judged(0, TARGET, Attempt(started_at=0.0, elapsed_s=0.1, method="GET", failure=failure))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_status_that_usually_passes_is_worth_another_attempt(status: int) -> None:
    assert answered(status) in TRANSIENT


@pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 403, 404, 410, 418, 501, 505])
def test_any_other_status_is_not(status: int) -> None:
    assert answered(status) not in TRANSIENT


@pytest.mark.parametrize("kind", FailureKind)
def test_of_the_network_what_may_pass_is_worth_another_attempt(kind: FailureKind) -> None:
    network = {"dns", "connect_refused", "connect_timeout", "unreachable", "reset", "read_timeout", "proxy"}
    assert (failed(kind) in TRANSIENT) is (kind.value in network)


@pytest.mark.parametrize("certainty", [Certainty.DEFINITE, Certainty.BLOCKED, Certainty.LOCAL])
def test_what_will_not_pass_is_not_tried_again_though_its_kind_is_named(certainty: Certainty) -> None:
    assert failed(FailureKind.DNS, certainty) not in TRANSIENT


def test_a_wall_against_robots_is_not_knocked_at_again() -> None:
    assert answered(503, wall="Cloudflare") not in TRANSIENT
    assert answered(429, wall="Cloudflare") not in RetryOn.parse("429")


def test_a_status_that_was_expected_is_no_failure() -> None:
    result = answered(200)
    assert result.verdict is Verdict.OK
    assert result not in RetryOn.parse("200")


def test_a_failed_result_without_an_attempt_has_no_status_to_look_at() -> None:
    failure = Failure(kind=FailureKind.STATUS, certainty=Certainty.TRANSIENT, phase=None, detail="why")
    result = Result(index=0, entry=TARGET, verdict=Verdict.FAILED, failure=failure)
    assert result not in TRANSIENT


def test_statuses_and_kinds_can_be_named_together() -> None:
    on = RetryOn.parse("404, 5xx ,reset")
    assert answered(404) in on
    assert answered(501) in on
    assert answered(429) not in on
    assert failed(FailureKind.RESET) in on
    assert failed(FailureKind.DNS) not in on
    assert str(on) == "404, 5xx ,reset"


def test_kinds_alone_name_no_status() -> None:
    assert answered(503) not in RetryOn.parse("reset")
    assert failed(FailureKind.RESET) not in RetryOn.parse("503")


@pytest.mark.parametrize("text", ["", "never", "404,", "tls_expired", "status"])
def test_what_is_neither_is_refused_with_the_kinds_to_choose_from(text: str) -> None:
    with pytest.raises(ValueError, match="read_timeout") as caught:
        RetryOn.parse(text)
    assert "is not a status" in str(caught.value)
