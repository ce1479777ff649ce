"""A result as one line of JSON, and back: all of it that reports look at.

What is read may have been written by anybody: it is looked at value by value.
"""

import json
from typing import Any, Final

from allup.model.attempt import AddressOutcome, Attempt, Hop, Timings, Tls
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.result import Result, Verdict
from allup.model.target import Target
from allup.run.journal.fields import BadField, Fields

_LEFT_OUT: Final = frozenset({"location_href"})
"""What only the judgement needs, and may hold a password."""


def encoded(result: Result) -> bytes:
    """Return the verdict, the attempts and what came of the last one; not whose they are."""
    held = {
        "verdict": result.verdict,
        "attempts": result.attempts,
        "failure": result.failure,
        "attempt": result.attempt,
    }
    return _ENCODER.encode(held).encode()


def decoded(text: bytes, index: int, target: Target) -> Result:
    """Return the result of `target` that was encoded as `text`; raises BadField where it is none."""
    try:
        held = Fields(json.loads(text))
    except (ValueError, RecursionError):
        raise BadField("no JSON") from None
    failure, attempt = held.part("failure"), held.part("attempt")
    return Result(
        index=index,
        entry=target,
        verdict=held.word("verdict", Verdict),
        failure=None if failure is None else _failure(failure),
        attempt=None if attempt is None else _attempt(attempt),
        attempts=held.whole("attempts"),
    )


def _plain(value: Any) -> dict[str, object]:
    held = ((name, getattr(value, name)) for name in value.__slots__ if name not in _LEFT_OUT)
    # Of addresses, none is another thing than none that were asked for.
    return {name: one for name, one in held if one is not None and (one != () or name == "addresses")}


_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), default=_plain)


def _failure(held: Fields) -> Failure:
    return Failure(
        kind=held.word("kind", FailureKind),
        certainty=held.word("certainty", Certainty),
        phase=held.word_or_none("phase", Phase),
        detail=held.text("detail"),
        hint=held.text_or_none("hint"),
    )


def _attempt(held: Fields) -> Attempt:
    timings, tls = held.part("timings"), held.part("tls")
    return Attempt(
        started_at=held.number("started_at"),
        elapsed_s=held.number("elapsed_s"),
        method=held.text("method"),
        failure=None if (failure := held.part("failure")) is None else _failure(failure),
        status=held.whole_or_none("status"),
        final_url=held.text_or_none("final_url"),
        location=held.text_or_none("location"),
        redirects=tuple(Hop(status=hop.whole("status"), url=hop.text("url")) for hop in held.parts("redirects")),
        timings=Timings() if timings is None else _timings(timings),
        address=held.text_or_none("address"),
        http_version=held.text_or_none("http_version"),
        content_type=held.text_or_none("content_type"),
        content_length=held.whole_or_none("content_length"),
        robot_wall=held.text_or_none("robot_wall"),
        retry_after_s=held.number_or_none("retry_after_s"),
        tls=None if tls is None else Tls(version=tls.text("version"), expires_at=tls.number_or_none("expires_at")),
        addresses=tuple(map(_address, held.parts("addresses"))) if held.has("addresses") else None,
    )


def _address(held: Fields) -> AddressOutcome:
    timings, failure = held.part("timings"), held.part("failure")
    return AddressOutcome(
        address=held.text_or_none("address"),
        verdict=held.word("verdict", Verdict),
        status=held.whole_or_none("status"),
        failure=None if failure is None else _failure(failure),
        started_at=held.number_or_none("started_at"),
        elapsed_s=held.number_or_none("elapsed_s"),
        timings=Timings() if timings is None else _timings(timings),
        counts=held.truth("counts"),
    )


def _timings(held: Fields) -> Timings:
    return Timings(
        blocked_s=held.number_or_none("blocked_s"),
        dns_s=held.number_or_none("dns_s"),
        connect_s=held.number_or_none("connect_s"),
        ssl_s=held.number_or_none("ssl_s"),
        send_s=held.number_or_none("send_s"),
        wait_s=held.number_or_none("wait_s"),
        receive_s=held.number_or_none("receive_s"),
    )
