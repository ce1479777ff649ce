"""The record of one result, as DESIGN.md ("Records") lays it down; the one serializer of its shape."""

import math
from dataclasses import fields
from typing import Final

from allup.model.attempt import AddressOutcome, Attempt, Timings, Tls
from allup.model.failure import Failure
from allup.model.result import Result
from allup.model.target import InvalidTarget
from allup.report.instant import instant
from allup.report.past_record import past_record

_DAY_S: Final = 24 * 3600
_PHASES: Final = fields(Timings)
_NO_ATTEMPT: Final = Attempt(started_at=0.0, elapsed_s=0.0, method="")


def record(result: Result) -> dict[str, object]:
    """Return the record of `result`: every key is there, in the documented order; None where not known."""
    entry, attempt, failure = result.entry, result.attempt or _NO_ATTEMPT, result.failure
    origin, timings = entry.origin, attempt.timings
    known = result.attempt is not None
    return {
        "url": result.url,
        "name": result.name,
        "group": result.group,
        "source": origin.source,
        "line": origin.line,
        "index": origin.index,
        "verdict": result.verdict,
        "status": attempt.status,
        "failure": failure_record(failure) if failure else None,
        "method": attempt.method if known else method(result),
        "final_url": attempt.final_url,
        "redirects": [{"status": hop.status, "url": hop.url} for hop in attempt.redirects],
        "attempts": result.attempts,
        "started_at": instant(attempt.started_at, "milliseconds") if known else None,
        "elapsed_ms": milliseconds(attempt.elapsed_s) if known else None,
        "timings_ms": {
            "blocked": milliseconds(timings.blocked_s),
            "dns": milliseconds(timings.dns_s),
            "connect": milliseconds(timings.connect_s),
            "ssl": milliseconds(timings.ssl_s),
            "send": milliseconds(timings.send_s),
            "wait": milliseconds(timings.wait_s),
            "receive": milliseconds(timings.receive_s),
        },
        "address": attempt.address,
        "http_version": attempt.http_version,
        "content_type": attempt.content_type,
        "content_length": attempt.content_length,
        "tls": _tls(attempt.tls, attempt.started_at) if attempt.tls else None,
        "addresses": None if attempt.addresses is None else [_address(one) for one in attempt.addresses],
        "baseline": past_record(result.past) if result.past else None,
    }


def milliseconds(seconds: float | None) -> float | None:
    """Return `seconds` in milliseconds with one decimal."""
    # round(..., 1) goes by way of a string, and takes three times as long.
    return None if seconds is None else round(seconds * 10_000) / 10


def failure_record(failure: Failure) -> dict[str, object]:
    """Return what a record says of `failure`."""
    return {
        "kind": failure.kind.value,
        "certainty": failure.certainty.value,
        "phase": failure.phase.value if failure.phase else None,
        "detail": failure.detail,
        "hint": failure.hint,
    }


def _address(one: AddressOutcome) -> dict[str, object]:
    return {
        "address": one.address,
        "verdict": one.verdict.value,
        "status": one.status,
        "failure": failure_record(one.failure) if one.failure else None,
        "elapsed_ms": milliseconds(one.elapsed_s),
        "timings_ms": {
            field.name.removesuffix("_s"): milliseconds(getattr(one.timings, field.name)) for field in _PHASES
        },
    }


def method(result: Result) -> str | None:
    """Return the method of the last request, or of the one that would have been sent; None for a line that is none."""
    if result.attempt is not None:
        return result.attempt.method
    return None if isinstance(result.entry, InvalidTarget) else result.entry.request.method


def _tls(tls: Tls, started_at: float) -> dict[str, object]:
    expires_at = tls.expires_at
    return {
        "version": tls.version,
        "expires_at": None if expires_at is None else instant(expires_at, "seconds"),
        # Rounded down: a certificate that has half a day has no day left.
        "days_left": None if expires_at is None else math.floor((expires_at - started_at) / _DAY_S),
    }
