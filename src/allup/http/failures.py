"""The failure table: from what aiohttp raises to what it means, most specific first.

It stands beside the only importer of aiohttp's client, so that no other room has to know its
exceptions. Not everything is a `ClientError`: host names that cannot be encoded raise
`UnicodeError`, and a connection can end in any `OSError`.
"""

import ssl
from collections.abc import Callable
from typing import Final

import aiohttp

from allup.http.body import EndsEarly
from allup.http.connection_failures import connecting_failure, lost_failure
from allup.http.dns_failures import bad_name_failure, dns_failure
from allup.http.family_failures import WrongFamily, wrong_family_failure
from allup.http.proxy_failures import at_proxy, tunnel_failure
from allup.http.reason import reason
from allup.http.scene import Scene
from allup.http.tls_failures import certificate_failure, handshake_failure
from allup.http.wire import ConnectionLost
from allup.model.duration import format_duration
from allup.model.failure import Certainty, Failure, FailureKind, Phase, doing

_TIMEOUT_KINDS: Final = {
    Phase.DNS: FailureKind.DNS,
    Phase.CONNECT: FailureKind.CONNECT_TIMEOUT,
    Phase.SSL: FailureKind.CONNECT_TIMEOUT,
}


def failure_of(error: Exception, scene: Scene) -> Failure:
    """Return what `error` says of the target; one that is not in the table is a fault of this program."""
    for kind_of_error, translate in _TABLE:
        if isinstance(error, kind_of_error):
            return at_proxy(translate(error, scene), scene)
    return _our_own(error, scene)


def timeout_failure(bound_s: float, scene: Scene) -> Failure:
    """Return the failure of an attempt that ran out of `bound_s`."""
    failure = Failure(
        kind=_TIMEOUT_KINDS.get(scene.phase, FailureKind.READ_TIMEOUT),
        certainty=Certainty.TRANSIENT,
        phase=scene.phase,
        detail=f"timed out after {format_duration(bound_s)} {doing(scene.phase)}",
    )
    return at_proxy(failure, scene)


def redirect_failure(kind: FailureKind, detail: str) -> Failure:
    """Return the failure of redirects that lead nowhere."""
    return Failure(kind=kind, certainty=Certainty.DEFINITE, phase=Phase.WAIT, detail=detail)


def _lost(error: Exception, scene: Scene) -> Failure:
    cause = error.__cause__
    if cause is not None and isinstance(cause.__cause__, ssl.SSLError):
        return handshake_failure(cause.__cause__, scene)  # an alert after the handshake, as TLS 1.3 has them
    return lost_failure(error, scene)


def _truncated(error: Exception, scene: Scene) -> Failure:
    return Failure(
        kind=FailureKind.TRUNCATED,
        certainty=Certainty.TRANSIENT,
        phase=scene.phase,
        detail=str(error) if isinstance(error, EndsEarly) else "the body ended early: the connection was closed",
    )


def _protocol(error: Exception, scene: Scene) -> Failure:
    return Failure(
        kind=FailureKind.PROTOCOL,
        certainty=Certainty.DEFINITE,
        phase=scene.phase,
        detail=f"the answer is not valid HTTP: {reason(error)}",
    )


def _our_own(error: Exception, scene: Scene) -> Failure:
    return Failure(
        kind=FailureKind.LOCAL,
        certainty=Certainty.LOCAL,
        phase=scene.phase,
        detail=f"allup itself failed: {type(error).__name__}: {reason(error)}",
        hint="this is a bug: please report it with this URL",
    )


_TABLE: Final[tuple[tuple[type[Exception], Callable[[Exception, Scene], Failure]], ...]] = (
    (aiohttp.ClientConnectorDNSError, dns_failure),
    (aiohttp.ClientConnectorCertificateError, certificate_failure),
    (aiohttp.ClientConnectorSSLError, handshake_failure),
    (aiohttp.ClientConnectorError, connecting_failure),
    (ConnectionLost, _lost),
    (aiohttp.ServerDisconnectedError, lost_failure),
    (aiohttp.ClientOSError, lost_failure),
    (aiohttp.ClientPayloadError, _truncated),
    (aiohttp.ClientHttpProxyError, tunnel_failure),
    (WrongFamily, wrong_family_failure),
    (aiohttp.InvalidURL, bad_name_failure),
    (aiohttp.ClientError, _protocol),
    (UnicodeError, bad_name_failure),
    (ssl.SSLCertVerificationError, certificate_failure),
    (ssl.SSLError, handshake_failure),
    (OSError, connecting_failure),
)
