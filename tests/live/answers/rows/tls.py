"""Certificates and handshakes."""

from typing import Final

from allup.model.failure import FailureKind, Phase
from live.answers.case import SLOW_S, Case, definite, fine, passing
from live.answers.line import Line
from live.answers.scripts import FINE, ends, greets, replies, says, silent

_HELLO: Final = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"
"""The first bytes of a server's part of a TLS handshake."""
_TLS_1_0: Final = b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01" + b"r" * 32 + b"\x00\x00\x2f\x00"
_SSL: Final = (Phase.SSL,)
TLS: Final = (
    Case(name="a good certificate", script=says(FINE), server="good", expected=fine(), times=2),
    Case(
        name="an expired certificate",
        script=says(FINE),
        server="expired",
        expected=definite(FailureKind.TLS_EXPIRED, "127.0.0.1", "2019-08-07", phases=_SSL),
    ),
    Case(
        name="a certificate that is not valid yet",
        script=says(FINE),
        server="not yet",
        expected=definite(FailureKind.TLS_EXPIRED, "127.0.0.1", "2098-07-06", phases=_SSL),
    ),
    Case(
        name="a certificate for other names",
        script=says(FINE),
        server="other name",
        expected=definite(FailureKind.TLS_HOSTNAME, "other.example", "another.example", phases=_SSL),
    ),
    Case(
        name="a certificate for another address",
        script=says(FINE),
        server="other address",
        expected=definite(FailureKind.TLS_HOSTNAME, "127.0.0.99", phases=_SSL),
    ),
    Case(
        name="a certificate by a stranger",
        script=says(FINE),
        server="untrusted",
        expected=definite(FailureKind.TLS_UNTRUSTED, "127.0.0.1", "Somebody Else's Authority", phases=_SSL),
    ),
    Case(
        name="a certificate by itself",
        script=says(FINE),
        server="self-signed",
        expected=definite(FailureKind.TLS_UNTRUSTED, "alone.example", phases=_SSL),
    ),
    # What servers say that have no version, no cipher or no name in common with the client, or fail themselves.
    *(
        Case(
            name=f"the TLS alert {alert}",
            script=replies(b"\x15\x03\x01\x00\x02\x02" + bytes((alert,)), end=Line.close),
            scheme="https",
            expected=definite(FailureKind.TLS_PROTOCOL, phases=_SSL),
        )
        for alert in (40, 70, 80, 112)
    ),
    Case(
        name="TLS of old",
        script=replies(_TLS_1_0, end=Line.close),
        scheme="https",
        expected=definite(FailureKind.TLS_PROTOCOL, phases=_SSL),
    ),
    Case(
        name="rubbish in the handshake",
        script=replies(b"\x16\x03\x03\x00\x04rubbish", end=Line.close),
        scheme="https",
        expected=definite(FailureKind.TLS_PROTOCOL, phases=_SSL),
    ),
    Case(
        name="https asked of a plain server",
        script=replies(b"HTTP/1.1 400 Bad Request\r\n\r\n", end=Line.close),
        scheme="https",
        expected=definite(FailureKind.TLS_PROTOCOL, phases=_SSL),
    ),
    Case(
        name="https asked of an SSH server",
        script=greets(b"SSH-2.0-OpenSSH_9.6\r\n"),
        scheme="https",
        expected=definite(FailureKind.TLS_PROTOCOL, phases=_SSL),
    ),
    Case(
        name="a close in the handshake",
        script=replies(end=Line.close),
        scheme="https",
        expected=passing(FailureKind.RESET, "TLS handshake", phases=_SSL),
    ),
    Case(
        name="a reset in the handshake",
        script=replies(end=Line.reset),
        scheme="https",
        expected=passing(FailureKind.RESET, "TLS handshake", phases=_SSL),
    ),
    Case(
        name="a close within the server's hello",
        script=replies(_HELLO, end=Line.close),
        scheme="https",
        expected=passing(FailureKind.RESET, phases=_SSL),
    ),
    Case(
        name="silence in the handshake",
        script=silent(),
        scheme="https",
        expected=passing(FailureKind.CONNECT_TIMEOUT, "TLS handshake", phases=_SSL, within_s=SLOW_S),
    ),
    Case(
        name="silence within the server's hello",
        script=replies(_HELLO),
        scheme="https",
        expected=passing(FailureKind.CONNECT_TIMEOUT, phases=_SSL, within_s=SLOW_S),
    ),
    Case(
        name="a close after the handshake",
        script=ends(Line.close, asked=True),
        server="good",
        expected=passing(FailureKind.RESET),
    ),
    Case(
        name="a reset after the handshake",
        script=ends(Line.reset, asked=True),
        server="good",
        expected=passing(FailureKind.RESET),
    ),
    Case(
        name="a reset within the headers, over TLS",
        script=says(FINE[:20], end=Line.reset),
        server="good",
        expected=passing(FailureKind.RESET),
    ),
    Case(
        name="SSH over TLS",
        script=says(b"SSH-2.0-OpenSSH_9.6\r\n"),
        server="good",
        expected=definite(FailureKind.PROTOCOL, "SSH"),
    ),
)
