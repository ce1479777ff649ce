"""The record is the one of DESIGN.md."""

from collections.abc import Callable

from allup.model.attempt import Attempt, Hop, Timings, Tls
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.result import Result, not_started, unreadable
from allup.model.tally import Summary
from allup.model.target import InvalidTarget, Origin, Request, Target
from allup.report.record import record
from allup.report.summary_record import summary_record

TARGET = Target(
    url="https://example.org/",
    href="https://user:secret@example.org/",
    host="example.org:443",
    origin=Origin(source="urls.txt", line=14),
    request=Request(method="HEAD"),
)
STARTED_AT = 1769860800.0004


def failed_with(tls: Tls | None) -> Result:
    failure = Failure(
        kind=FailureKind.STATUS,
        certainty=Certainty.TRANSIENT,
        phase=Phase.WAIT,
        detail="503, expected 200-299",
    )
    attempt = Attempt(
        started_at=STARTED_AT,
        elapsed_s=0.81244,
        method="GET",
        failure=failure,
        status=503,
        final_url="https://example.org/",
        redirects=(Hop(status=301, url="https://example.org/"),),
        timings=Timings(blocked_s=0.0001, dns_s=0.0032, connect_s=0.0201, ssl_s=0.041, send_s=0.0001, wait_s=0.1025),
        address="192.0.2.7",
        http_version="1.1",
        content_type="text/html",
        content_length=1256,
        tls=tls,
    )
    verdict = unreadable(0, InvalidTarget(text="", reason="")).verdict
    return Result(index=0, entry=TARGET, verdict=verdict, failure=failure, attempt=attempt, attempts=3)


def test_the_record_of_the_contract_is_reproduced_key_by_key() -> None:
    written = record(failed_with(Tls(version="TLSv1.3", expires_at=1798761600.0)))
    expected = {
        "url": "https://example.org/",
        "name": None,
        "group": None,
        "source": "urls.txt",
        "line": 14,
        "index": None,
        "verdict": "failed",
        "status": 503,
        "failure": {
            "kind": "status",
            "certainty": "transient",
            "phase": "wait",
            "detail": "503, expected 200-299",
            "hint": None,
        },
        "method": "GET",
        "final_url": "https://example.org/",
        "redirects": [{"status": 301, "url": "https://example.org/"}],
        "attempts": 3,
        "started_at": "2026-01-31T12:00:00.000Z",
        "elapsed_ms": 812.4,
        "timings_ms": {
            "blocked": 0.1,
            "dns": 3.2,
            "connect": 20.1,
            "ssl": 41.0,
            "send": 0.1,
            "wait": 102.5,
            "receive": None,
        },
        "address": "192.0.2.7",
        "http_version": "1.1",
        "content_type": "text/html",
        "content_length": 1256,
        "tls": {"version": "TLSv1.3", "expires_at": "2027-01-01T00:00:00Z", "days_left": 334},
        "addresses": None,
        "baseline": None,
    }
    assert written == expected
    assert list(written) == list(expected)


def test_a_certificate_with_less_than_a_day_has_no_day_left() -> None:
    tls = record(failed_with(Tls(version="TLSv1.3", expires_at=STARTED_AT + 86_399)))["tls"]
    assert isinstance(tls, dict)
    assert tls["days_left"] == 0


def test_an_expired_certificate_has_negative_days_left() -> None:
    tls = record(failed_with(Tls(version="TLSv1.3", expires_at=STARTED_AT - 1)))["tls"]
    assert isinstance(tls, dict)
    assert tls["days_left"] == -1


def test_an_unknown_expiry_is_null() -> None:
    tls = record(failed_with(Tls(version="TLSv1.2", expires_at=None)))["tls"]
    assert tls == {"version": "TLSv1.2", "expires_at": None, "days_left": None}


def test_a_line_that_is_no_target_has_every_key_and_no_guess() -> None:
    entry = InvalidTarget(text="htp:/x", reason="not a URL", origin=Origin(source="-", line=2))
    written = record(unreadable(0, entry))
    assert list(written) == list(record(failed_with(None)))
    known = {key for key, value in written.items() if value is not None}
    always = {"url", "source", "line", "verdict", "failure", "redirects", "attempts", "timings_ms"}
    assert known == always
    assert (written["verdict"], written["attempts"], written["redirects"]) == ("failed", 0, [])


def test_a_target_that_never_got_its_turn_still_names_its_method() -> None:
    written = record(not_started(0, TARGET, detail="interrupted"))
    assert (written["method"], written["started_at"], written["elapsed_ms"]) == ("HEAD", None, None)


def test_a_record_never_holds_the_password() -> None:
    assert "secret" not in repr(record(failed_with(None)))


def test_the_summary_counts_every_verdict_and_the_kinds_that_occurred(
    one_of_each: list[Result], make_summary: Callable[..., Summary]
) -> None:
    assert summary_record(make_summary(*one_of_each, repeats=2)) == {
        "targets": 4,
        "ok": 1,
        "flaky": 1,
        "failed": 1,
        "unchecked": 1,
        "groups": {"ok": 0, "failed": 0, "unchecked": 0},
        "repeats": 2,
        "excluded": 0,
        "kinds": {"status": 1, "local": 1},
        "wall_s": 1.3,
        "peak_in_flight": 10,
        "concurrency": None,
        "limited_by": None,
        "loop_lag_ms": None,
        "timings_suspect": False,
        "canaries": None,
        "resumed": None,
        "baseline": None,
        "shard": None,
    }
