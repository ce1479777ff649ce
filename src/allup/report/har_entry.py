"""The entries of a HAR: what is known of the last request, with no header, cookie or body."""

from collections.abc import Iterator
from dataclasses import astuple, replace
from typing import Final
from urllib.parse import parse_qsl, quote

from allup.model.attempt import AddressOutcome, Attempt, Timings
from allup.model.result import Result
from allup.model.status import named
from allup.model.target import InvalidTarget
from allup.report.change_text import since
from allup.report.instant import instant
from allup.report.outcome import called, detail
from allup.report.record import method, milliseconds

_UNKNOWN: Final = -1


def har_entries(result: Result, idle_since: float) -> Iterator[dict[str, object]]:
    """Yield the entry of `result`, or one for each address where all of them were asked; as `har_entry` says."""
    attempt = result.attempt
    asked = () if attempt is None else [one for one in attempt.addresses or () if one.address is not None]
    if attempt is None or not asked:
        yield har_entry(result, idle_since)
        return
    for one in asked:
        yield har_entry(_at_address(result, attempt, one), idle_since)


def har_entry(result: Result, idle_since: float) -> dict[str, object]:
    """Return the entry; what was never asked begins at `idle_since`, in seconds since the epoch."""
    attempt = result.attempt
    timings = _timings(attempt.timings if attempt else Timings())
    entry: dict[str, object] = {
        "startedDateTime": instant(_began_at(attempt) if attempt else idle_since, "milliseconds"),
        "time": round(sum(took for name, took in timings.items() if name != "ssl" and took > 0), 1),
        "request": _request(result),
        "response": _response(result),
        "cache": {},
        "timings": timings,
        "comment": ": ".join(filter(None, [result.verdict.value, called(result), detail(result), since(result)])),
    }
    if attempt and attempt.address:
        entry["serverIPAddress"] = attempt.address
    if attempt and attempt.redirects:
        entry["_redirects"] = [{"status": hop.status, "url": hop.url} for hop in attempt.redirects]
    return entry


def _at_address(result: Result, attempt: Attempt, one: AddressOutcome) -> Result:
    if one.address == attempt.address:
        return replace(result, verdict=one.verdict, failure=one.failure, attempt=replace(attempt, addresses=None))
    its = Attempt(
        started_at=attempt.started_at if one.started_at is None else one.started_at,
        elapsed_s=one.elapsed_s or 0.0,
        method=attempt.method,
        status=one.status,
        timings=one.timings,
        address=one.address,
    )
    return replace(result, verdict=one.verdict, failure=one.failure, attempt=its)


def _began_at(attempt: Attempt) -> float:
    """Return when the last request began to wait for its turn: an entry's time starts with `blocked`."""
    blocked_s = attempt.timings.blocked_s or 0.0
    if not attempt.redirects:
        return attempt.started_at - blocked_s
    busy_s = sum(took or 0.0 for took in astuple(attempt.timings)) - blocked_s
    return attempt.started_at + max(0.0, attempt.elapsed_s - busy_s) - blocked_s


def _request(result: Result) -> dict[str, object]:
    url = _url(result)
    query = url.partition("#")[0].partition("?")[2]
    return {
        "method": method(result) or "GET",
        "url": url,
        "httpVersion": _version(result.attempt),
        "cookies": [],
        "headers": [],
        "queryString": [{"name": name, "value": value} for name, value in parse_qsl(query, keep_blank_values=True)],
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
    }


def _response(result: Result) -> dict[str, object]:
    attempt = result.attempt
    status = attempt.status if attempt else None
    response: dict[str, object] = {
        "status": status or 0,
        "statusText": "" if status is None else named(status).partition(" ")[2],
        "httpVersion": _version(attempt),
        "cookies": [],
        "headers": [],
        "content": {
            "size": (attempt.content_length if attempt else None) or 0,
            "mimeType": (attempt.content_type if attempt else None) or "x-unknown",
        },
        "redirectURL": (attempt.location if attempt else None) or "",
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
    }
    # How Chrome writes why there is no answer.
    return response if status is not None else response | {"_error": detail(result)}


def _url(result: Result) -> str:
    if isinstance(result.entry, InvalidTarget):
        # A URL that is none has to be one here.
        return f"about:invalid#{quote(result.url, safe='', errors='replace')}"
    return (result.attempt.final_url if result.attempt else None) or result.url


def _version(attempt: Attempt | None) -> str:
    return f"HTTP/{attempt.http_version}" if attempt and attempt.http_version else ""


def _timings(timings: Timings) -> dict[str, float]:
    connected = [took for took in (timings.connect_s, timings.ssl_s) if took is not None]
    return {
        "blocked": _or(_UNKNOWN, timings.blocked_s),
        "dns": _or(_UNKNOWN, timings.dns_s),
        # With that of TLS in it, says HAR 1.2.
        "connect": _or(_UNKNOWN, sum(connected) if connected else None),
        "ssl": _or(_UNKNOWN, timings.ssl_s),
        # These three must be no less than nothing.
        "send": _or(0, timings.send_s),
        "wait": _or(0, timings.wait_s),
        "receive": _or(0, timings.receive_s),
    }


def _or(unknown: float, seconds: float | None) -> float:
    took_ms = milliseconds(seconds)
    return unknown if took_ms is None else took_ms
