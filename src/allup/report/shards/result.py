"""A result, read back from its record."""

from allup.lists.sharding import place_of_url
from allup.model.attempt import AddressOutcome, Attempt, Hop, Timings, Tls
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.past import FAILED_BEFORE, Change, Known, Past
from allup.model.result import Result, Verdict
from allup.model.settings import FailOn
from allup.model.target import Entry, InvalidTarget, Origin, Request, Target
from allup.report.shards.fields import Fields


def result_of(record: object, fail_on: FailOn) -> Result:
    """Return the result that `record` tells of, as one of the whole list; its own record says the same.

    `fail_on` decides whether a failure of the baseline, too, is excused. Raises NoField.
    """
    its = Fields(record)
    failure = _failure(its.object("failure"))
    verdict: Verdict = its.given("verdict", its.word("verdict", Verdict))
    return Result(
        index=0,
        entry=_entry(its, failure),
        verdict=verdict,
        failure=failure,
        attempt=_attempt(its),
        attempts=its.count("attempts") or 0,
        past=_past(its.object("baseline"), fail_on),
    )


def _entry(its: Fields, failure: Failure | None) -> Entry:
    url: str = its.given("url", its.text("url"))
    origin = Origin(source=its.text("source"), line=its.count("line"))
    method = its.text("method")
    if failure is not None and failure.kind is FailureKind.INVALID_TARGET and method is None:
        return InvalidTarget(text=url, reason=failure.detail, hint=failure.hint, origin=origin)
    return Target(
        url=url,
        href=url,
        host=place_of_url(url),
        name=its.text("name"),
        group=its.text("group"),
        origin=origin,
        request=Request(method=its.given("method", method)),
    )


def _failure(its: Fields | None) -> Failure | None:
    if its is None:
        return None
    return Failure(
        kind=its.given("kind", its.word("kind", FailureKind)),
        certainty=its.given("certainty", its.word("certainty", Certainty)),
        phase=its.word("phase", Phase),
        detail=its.text("detail") or "",
        hint=its.text("hint"),
    )


def _attempt(its: Fields) -> Attempt | None:
    started_at = its.instant("started_at")
    if started_at is None:
        return None
    return Attempt(
        started_at=started_at,
        elapsed_s=its.given("elapsed_ms", its.seconds("elapsed_ms")),
        method=its.given("method", its.text("method")),
        status=its.count("status"),
        final_url=its.text("final_url"),
        redirects=tuple(map(_hop, its.objects("redirects"))),
        timings=_timings(its),
        address=its.text("address"),
        http_version=its.text("http_version"),
        content_type=its.text("content_type"),
        content_length=its.count("content_length"),
        tls=_tls(its.object("tls")),
        addresses=tuple(map(_address, its.objects("addresses"))) if its.has("addresses") else None,
    )


def _timings(its: Fields) -> Timings:
    timings = its.object("timings_ms") or Fields({})
    return Timings(
        blocked_s=timings.seconds("blocked"),
        dns_s=timings.seconds("dns"),
        connect_s=timings.seconds("connect"),
        ssl_s=timings.seconds("ssl"),
        send_s=timings.seconds("send"),
        wait_s=timings.seconds("wait"),
        receive_s=timings.seconds("receive"),
    )


def _address(its: Fields) -> AddressOutcome:
    return AddressOutcome(
        address=its.text("address"),
        verdict=its.given("verdict", its.word("verdict", Verdict)),
        status=its.count("status"),
        failure=_failure(its.object("failure")),
        elapsed_s=its.seconds("elapsed_ms"),
        timings=_timings(its),
    )


def _hop(its: Fields) -> Hop:
    return Hop(status=its.given("status", its.count("status")), url=its.given("url", its.text("url")))


def _tls(its: Fields | None) -> Tls | None:
    if its is None:
        return None
    return Tls(version=its.given("version", its.text("version")), expires_at=its.instant("expires_at"))


def _past(its: Fields | None, fail_on: FailOn) -> Past | None:
    if its is None:
        return None
    change: Change = its.given("change", its.word("change", Change))
    verdict = its.word("verdict", Verdict)
    kind, elapsed_s = its.word("kind", FailureKind), its.seconds("elapsed_ms")
    known = None if verdict is None else Known(verdict=verdict, kind=kind, elapsed_s=elapsed_s)
    return Past(change=change, known=known, excused=fail_on is FailOn.NEW and change in FAILED_BEFORE)
