"""What can be wrong with a target, where it went wrong, and how sure that is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Phase(StrEnum):
    """The phases of one request, by their names in HAR 1.2 (`timings`)."""

    BLOCKED = "blocked"
    DNS = "dns"
    CONNECT = "connect"
    SSL = "ssl"
    SEND = "send"
    WAIT = "wait"
    RECEIVE = "receive"


class Certainty(StrEnum):
    """How sure it is that the target is at fault."""

    DEFINITE = "definite"
    TRANSIENT = "transient"
    BLOCKED = "blocked"
    LOCAL = "local"


class FailureKind(StrEnum):
    """Why a target is not as expected, or why that is not known."""

    INVALID_TARGET = "invalid_target"
    DNS = "dns"
    CONNECT_REFUSED = "connect_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    TLS_EXPIRED = "tls_expired"
    TLS_HOSTNAME = "tls_hostname"
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_PROTOCOL = "tls_protocol"
    PROTOCOL = "protocol"
    READ_TIMEOUT = "read_timeout"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_REDIRECT = "bad_redirect"
    TRUNCATED = "truncated"
    PROXY = "proxy"
    STATUS = "status"
    LATENCY = "latency"
    CONTENT = "content"
    HEADER = "header"
    JSON = "json"
    CERTIFICATE = "certificate"
    LOCAL = "local"
    DEADLINE = "deadline"
    INTERRUPTED = "interrupted"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One reason, for machines (`kind`, `certainty`, `phase`) and for people (`detail`, `hint`)."""

    kind: FailureKind
    certainty: Certainty
    phase: Phase | None
    detail: str
    hint: str | None = None


UNKNOWN_KINDS = frozenset({FailureKind.LOCAL, FailureKind.DEADLINE, FailureKind.INTERRUPTED, FailureKind.NOT_STARTED})
"""The kinds that say nothing about the target: its verdict is `unchecked`."""


def doing(phase: Phase) -> str:
    """Return what a request in `phase` is doing, for people."""
    return _DOING[phase]


_DOING: Final = {
    Phase.BLOCKED: "waiting for its turn",
    Phase.DNS: "resolving the name",
    Phase.CONNECT: "connecting",
    Phase.SSL: "in the TLS handshake",
    Phase.SEND: "sending the request",
    Phase.WAIT: "waiting for an answer",
    Phase.RECEIVE: "reading the answer",
}
