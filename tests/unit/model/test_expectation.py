"""The judgement on an answer."""

import pytest

from allup.model.attempt import Attempt
from allup.model.expectation import Expectation
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.statuses import Statuses

RESET = Failure(kind=FailureKind.RESET, certainty=Certainty.TRANSIENT, phase=Phase.WAIT, detail="reset")


def answer(status: int, *, location: str | None = None) -> Attempt:
    return Attempt(started_at=0.0, elapsed_s=0.1, method="GET", status=status, location=location)


def judged(status: int, expect: str = "200-299", *, location: str | None = None) -> Failure | None:
    return Expectation(statuses=Statuses.parse(expect)).judge(answer(status, location=location))


def failed(status: int, expect: str = "200-299", *, location: str | None = None) -> Failure:
    failure = judged(status, expect, location=location)
    assert failure is not None
    return failure


@pytest.mark.parametrize(("status", "expect"), [(200, "200-299"), (204, "2xx"), (404, "404"), (503, "2xx,503")])
def test_an_expected_status_is_no_failure(status: int, expect: str) -> None:
    assert judged(status, expect) is None


@pytest.mark.parametrize("status", [200, 299])
def test_success_is_expected_where_nothing_else_is_said(status: int) -> None:
    assert Expectation().judge(answer(status)) is None


@pytest.mark.parametrize("status", [199, 300, 404, 500])
def test_nothing_but_success_is(status: int) -> None:
    assert Expectation().judge(answer(status)) is not None


@pytest.mark.parametrize(
    ("status", "certainty"),
    [
        (200, Certainty.DEFINITE),
        (301, Certainty.DEFINITE),
        (404, Certainty.DEFINITE),
        (410, Certainty.DEFINITE),
        (499, Certainty.DEFINITE),
        (408, Certainty.TRANSIENT),
        (425, Certainty.TRANSIENT),
        (429, Certainty.TRANSIENT),
        (500, Certainty.TRANSIENT),
        (503, Certainty.TRANSIENT),
        (599, Certainty.TRANSIENT),
    ],
)
def test_how_sure_a_status_is(status: int, certainty: Certainty) -> None:
    assert failed(status, "299").certainty is certainty


def test_a_status_failure_says_what_came_and_what_was_expected() -> None:
    failure = failed(404, "2xx,401")
    assert failure.kind is FailureKind.STATUS
    assert failure.phase is Phase.WAIT
    assert failure.detail == "404 Not Found, expected 2xx,401"


def test_a_status_that_nobody_registered_has_no_phrase() -> None:
    assert failed(799).detail == "799, expected 200-299"


def test_no_answer_is_its_own_failure_whatever_is_expected() -> None:
    attempt = Attempt(started_at=0.0, elapsed_s=0.1, method="GET", failure=RESET)
    assert Expectation(statuses=Statuses.parse("1xx,2xx,3xx,4xx,5xx")).judge(attempt) is RESET


def test_a_failed_attempt_with_a_status_keeps_its_failure() -> None:
    attempt = Attempt(started_at=0.0, elapsed_s=0.1, method="GET", status=200, failure=RESET)
    assert Expectation().judge(attempt) is RESET


def test_a_redirect_that_was_not_followed_hints_at_both_ways_out() -> None:
    hint = failed(301, location="https://example.org/new").hint
    assert hint is not None
    assert "https://example.org/new" in hint
    assert "--follow" in hint
    assert "--expect 301" in hint


@pytest.mark.parametrize(("status", "location"), [(301, None), (404, "https://example.org/"), (200, None)])
def test_nothing_else_hints_at_a_redirect(status: int, location: str | None) -> None:
    assert failed(status, "299", location=location).hint is None
