"""The failure table: from what aiohttp raises to what it means, most specific first.

It stands beside the only importer of aiohttp's client, so that no other file has to know its
exceptions. Not everything is a `ClientError`: host names that cannot be encoded raise
`UnicodeError`, and a connection can end in any `OSError`.
"""

import errno
import re
import socket
import ssl
from collections.abc import Callable
from typing import Final

import aiohttp

from allup.http.wire import ConnectionLost
from allup.model.duration import format_duration
from allup.model.failure import Certainty, Failure, FailureKind, Phase, doing

EXPECTED_ERRORS: Final = (aiohttp.ClientError, OSError, ValueError)
"""What an attempt may end in through no fault of this program; UnicodeError is a ValueError."""

_NO_SUCH_NAME: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_ARES_NO_SUCH_NAME: Final = frozenset({1, 4})  # ARES_ENODATA, ARES_ENOTFOUND of c-ares
_NO_ROUTE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
_OURS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL})
_TIMEOUT_KINDS: Final = {
    Phase.DNS: FailureKind.DNS,
    Phase.CONNECT: FailureKind.CONNECT_TIMEOUT,
    Phase.SSL: FailureKind.CONNECT_TIMEOUT,
}


def timeout_failure(phase: Phase, bound_s: float) -> Failure:
    """Return the failure of an attempt that ran out of `bound_s` in `phase`."""
    return Failure(
        kind=_TIMEOUT_KINDS.get(phase, FailureKind.READ_TIMEOUT),
        certainty=Certainty.TRANSIENT,
        phase=phase,
        detail=f"timed out after {format_duration(bound_s)} {doing(phase)}",
    )


def failure_of(error: Exception, phase: Phase) -> Failure:
    """Return what `error`, raised in `phase`, says of the target."""
    for kind_of_error, translate in _TABLE:
        if isinstance(error, kind_of_error):
            return translate(error, phase)
    return _protocol(error, phase)


def _dns(error: Exception, _: Phase) -> Failure:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorDNSError) else error
    definite = _is_no_such_name(cause)
    return Failure(
        kind=FailureKind.DNS,
        certainty=Certainty.DEFINITE if definite else Certainty.TRANSIENT,
        phase=Phase.DNS,
        detail="no such name" if definite else f"the name could not be resolved: {_reason(cause)}",
    )


def _is_no_such_name(error: Exception) -> bool:
    if isinstance(error, socket.gaierror):
        return error.errno in _NO_SUCH_NAME
    cause = error.__cause__  # aiodns.error.DNSError, which carries c-ares' code first
    return cause is not None and bool(cause.args) and cause.args[0] in _ARES_NO_SUCH_NAME


def _certificate(error: Exception, _: Phase) -> Failure:
    cause = error.certificate_error if isinstance(error, aiohttp.ClientConnectorCertificateError) else error
    reason = getattr(cause, "verify_message", "") or _reason(cause)
    kind = _CERTIFICATE_KINDS.get(getattr(cause, "verify_code", 0), FailureKind.TLS_UNTRUSTED)
    return Failure(
        kind=kind,
        certainty=Certainty.DEFINITE,
        phase=Phase.SSL,
        detail=f"the certificate is not valid: {reason}",
        hint=_CERTIFICATE_HINTS.get(kind),
    )


# X509_V_ERR_* of OpenSSL's x509_vfy.h; what is not here is a chain that leads to no trusted root.
_CERTIFICATE_KINDS: Final = {
    9: FailureKind.TLS_EXPIRED,  # not yet valid
    10: FailureKind.TLS_EXPIRED,
    62: FailureKind.TLS_HOSTNAME,
    64: FailureKind.TLS_HOSTNAME,  # an IP address that the certificate does not name
}
_CERTIFICATE_HINTS: Final = {FailureKind.TLS_UNTRUSTED: "--ca-file names the authority that you trust"}


def _tls(error: Exception, _: Phase) -> Failure:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    return Failure(
        kind=FailureKind.TLS_PROTOCOL,
        certainty=Certainty.DEFINITE,
        phase=Phase.SSL,
        detail=f"the TLS handshake failed: {_reason(cause)}",
    )


def _connecting(error: Exception, phase: Phase) -> Failure:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    number = getattr(cause, "errno", None) or _first_of_several(str(cause))
    if number in _OURS:
        return _local(cause, phase)
    kind, certainty = FailureKind.RESET, Certainty.TRANSIENT
    if number == errno.ECONNREFUSED:
        kind = FailureKind.CONNECT_REFUSED
    elif number == errno.ETIMEDOUT:
        kind = FailureKind.CONNECT_TIMEOUT
    elif number in _NO_ROUTE:
        kind = FailureKind.UNREACHABLE
    return Failure(kind=kind, certainty=certainty, phase=phase, detail=_CONNECTING[kind])


def _first_of_several(text: str) -> int | None:
    # aiohappyeyeballs puts different errors of several addresses into one text.
    numbers = {int(number) for number in re.findall(r"\[Errno (\d+)\]", text)}
    known = (errno.ECONNREFUSED, errno.ETIMEDOUT, *_NO_ROUTE, *_OURS)
    return next((number for number in known if number in numbers), None)


_CONNECTING: Final = {
    FailureKind.CONNECT_REFUSED: "connection refused: nothing listens there",
    FailureKind.CONNECT_TIMEOUT: "the network gave up connecting",
    FailureKind.UNREACHABLE: "no route to the host",
    FailureKind.RESET: "the connection was closed before it was ready",
}


def _local(cause: Exception, phase: Phase) -> Failure:
    return Failure(
        kind=FailureKind.LOCAL,
        certainty=Certainty.LOCAL,
        phase=phase,
        detail=f"this machine could not open a connection: {_reason(cause)}",
        hint="lower --concurrency, or raise the limit of open files (ulimit -n)",
    )


def _lost(error: Exception, phase: Phase) -> Failure:
    cause = error.__cause__ if isinstance(error, ConnectionLost) else error
    if cause is not None and isinstance(cause.__cause__, ssl.SSLError):
        return _tls(cause.__cause__, phase)  # an alert after the handshake, as TLS 1.3 has them
    how = "closed" if isinstance(cause, aiohttp.ServerDisconnectedError) else "reset"
    return Failure(
        kind=FailureKind.RESET,
        certainty=Certainty.TRANSIENT,
        phase=phase,
        detail=f"the connection was {how} before an answer",
    )


def _protocol(error: Exception, phase: Phase) -> Failure:
    return Failure(
        kind=FailureKind.PROTOCOL,
        certainty=Certainty.DEFINITE,
        phase=phase,
        detail=f"the answer is not valid HTTP: {_reason(error)}",
    )


def _bad_name(error: Exception, _: Phase) -> Failure:
    return Failure(
        kind=FailureKind.DNS,
        certainty=Certainty.DEFINITE,
        phase=Phase.DNS,
        detail=f"not a name that can be resolved: {_reason(error)}",
    )


def _reason(error: BaseException) -> str:
    text = error.message if isinstance(error, aiohttp.ClientResponseError) else _os_reason(error) or str(error)
    lines = text.split("\n", 1)
    return lines[0].strip().rstrip(":") or type(error).__name__


def _os_reason(error: BaseException) -> str | None:
    # SSLError is an OSError too; its strerror holds a source file and line of OpenSSL's binding.
    if isinstance(error, ssl.SSLError) and (why := getattr(error, "reason", None)):
        return str(why).replace("_", " ").lower()
    return error.strerror if isinstance(error, OSError) else None


_TABLE: Final[tuple[tuple[type[Exception], Callable[[Exception, Phase], Failure]], ...]] = (
    (aiohttp.ClientConnectorDNSError, _dns),
    (aiohttp.ClientConnectorCertificateError, _certificate),
    (aiohttp.ClientConnectorSSLError, _tls),
    (aiohttp.ClientConnectorError, _connecting),
    (ConnectionLost, _lost),
    (aiohttp.ServerDisconnectedError, _lost),
    (aiohttp.ClientOSError, _lost),
    (aiohttp.ClientResponseError, _protocol),
    (UnicodeError, _bad_name),
    (aiohttp.InvalidURL, _bad_name),
    (ssl.SSLCertVerificationError, _certificate),
    (ssl.SSLError, _tls),
    (OSError, _connecting),
)
