"""Behaviours that a check finds failed: the red part of the catalogue."""

import math
from dataclasses import replace
from typing import Final

from allup.lab.behaviour import Behaviour, Server
from allup.model.failure import FailureKind
from allup.model.result import Verdict

_PATIENCE: Final = "timeout=500ms"


def _unexpected(status: int, about: str) -> Behaviour:
    return Behaviour(
        name=f"unexpected-{status}",
        about=about,
        path=f"/status/{status}",
        server=Server.TWO,
        status=status,
        expected=Verdict.FAILED,
        kind=FailureKind.STATUS,
    )


def _broken_redirect(name: str, about: str, path: str, kind: FailureKind, *, status: int | None = None) -> Behaviour:
    return Behaviour(name=name, about=about, path=path, status=status, expected=Verdict.FAILED, kind=kind)


def _unlike(name: str, about: str, path: str, kind: FailureKind, options: str) -> Behaviour:
    return Behaviour(name=name, about=about, path=path, status=200, expected=Verdict.FAILED, kind=kind, options=options)


def _unanswered(
    name: str,
    about: str,
    server: Server,
    path: str,
    kind: FailureKind,
    *,
    scheme: str = "http",
    latency_s: float = 0.0,
    options: str = "",
) -> Behaviour:
    return Behaviour(
        name=name,
        about=about,
        server=server,
        path=path,
        scheme=scheme,
        latency_s=latency_s,
        status=None,
        expected=Verdict.FAILED,
        kind=kind,
        options=options,
    )


BAD_ANSWERS: Final = (
    _unexpected(404, "answers 404 where a success is expected"),
    _unexpected(500, "answers 500 where a success is expected"),
)

BROKEN_REDIRECTS: Final = (
    _broken_redirect("redirect-loop", "redirects in a circle", "/loop/a", FailureKind.TOO_MANY_REDIRECTS),
    _broken_redirect(
        "redirect-nowhere", "a redirect without a Location", "/no-location", FailureKind.BAD_REDIRECT, status=302
    ),
    _broken_redirect("redirect-broken", "a Location that is no URL", "/bad-location", FailureKind.BAD_REDIRECT),
)

BAD_CONTENTS: Final = (
    _unlike("no-such-text", "a page without the text", "/page", FailureKind.CONTENT, "contains=Goodbye"),
    _unlike(
        "no-such-header", "a header that is another", "/health", FailureKind.HEADER, "expect-header=Content-Type:html"
    ),
    _unlike("unhealthy", "says that not all of it is up", "/health", FailureKind.JSON, "json=$.checks[*].up=true"),
    _unlike(
        "over-budget", "200 ms, with a budget of 50", "/latency/200ms", FailureKind.LATENCY, "within=50ms retries=0"
    ),
    replace(
        _unlike(
            "truncated", "half of the body it promised", "/truncated", FailureKind.TRUNCATED, "contains=end retries=0"
        ),
        server=Server.WIRE,
    ),
)

TOO_SLOW: Final = (
    _unanswered(
        "too-slow",
        "answers after 30 s, with less patience than that",
        Server.THREE,
        "/latency/30s",
        FailureKind.READ_TIMEOUT,
        latency_s=30.0,
        options=_PATIENCE,
    ),
    _unanswered(
        "silent",
        "accepts the connection and never answers",
        Server.SILENT,
        "/",
        FailureKind.READ_TIMEOUT,
        latency_s=math.inf,
        options=_PATIENCE,
    ),
    _unanswered(
        "tls-silent",
        "accepts the connection and never shakes hands",
        Server.SILENT,
        "/",
        FailureKind.CONNECT_TIMEOUT,
        scheme="https",
        latency_s=math.inf,
        options=_PATIENCE,
    ),
)

NETWORK: Final = (
    _unanswered("refused", "nobody listens on the port", Server.REFUSED, "/", FailureKind.CONNECT_REFUSED),
    _unanswered("reset-at-once", "resets the connection when it is made", Server.ABRUPT, "/", FailureKind.RESET),
    _unanswered("reset-later", "resets the connection after the request", Server.WIRE, "/reset", FailureKind.RESET),
    _unanswered("closed", "hangs up after the request", Server.WIRE, "/close", FailureKind.RESET),
    _unanswered("not-http", "answers, but not in HTTP", Server.WIRE, "/nonsense", FailureKind.PROTOCOL),
    _unanswered("not-tls", "plain HTTP behind https://", Server.WIRE, "/", FailureKind.TLS_PROTOCOL, scheme="https"),
    _unanswered(
        "no-such-name",
        "a name that does not resolve (RFC 2606)",
        Server.ELSEWHERE,
        "http://nosuch.invalid/",
        FailureKind.DNS,
        options="timeout=1s",
    ),
)

BAD_LINES: Final = (
    _unanswered(
        "no-url",
        "no URL: its port is out of range",
        Server.ELSEWHERE,
        "http://127.0.0.1:99999/",
        FailureKind.INVALID_TARGET,
    ),
)
