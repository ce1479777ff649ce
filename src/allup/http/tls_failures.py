"""What went wrong in a TLS handshake, with the certificate's own facts."""

import errno
import ssl
from typing import Final

from allup.http.certificate import Certificate
from allup.http.connection_failures import connecting_failure
from allup.http.reason import cause_of, reason
from allup.http.scene import Scene
from allup.model.failure import Certainty, Failure, FailureKind, Phase

# X509_V_ERR_* of OpenSSL's x509_vfy.h; what is not here is a chain that leads to no trusted root.
_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
_WRONG_NAME: Final = frozenset({62, 64})  # a host name, an IP address
_PLAIN_HTTP: Final = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"})
_OLD_TLS: Final = frozenset({"TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION"})
_CERTIFICATE_WANTED: Final = frozenset({"TLSV13_ALERT_CERTIFICATE_REQUIRED", "SSLV3_ALERT_NO_CERTIFICATE"})


def certificate_failure(error: Exception, scene: Scene) -> Failure:
    """Return the failure of a certificate that was not accepted: expired, for another name, or not trusted."""
    cause = getattr(error, "certificate_error", error)
    code = getattr(cause, "verify_code", 0)
    why = getattr(cause, "verify_message", "") or reason(cause)
    if code in (_EXPIRED, _NOT_YET_VALID):
        return _failure(FailureKind.TLS_EXPIRED, _out_of_date(scene.rejected, why, expired=code == _EXPIRED))
    if code in _WRONG_NAME:
        return _failure(FailureKind.TLS_HOSTNAME, _wrong_name(scene.rejected, why))
    hint = "--ca-file names an authority of your own"
    return _failure(FailureKind.TLS_UNTRUSTED, _untrusted(scene.rejected, why), hint=hint)


def handshake_failure(error: Exception, scene: Scene) -> Failure:
    """Return the failure of a handshake that went wrong in any other way."""
    cause = cause_of(error)
    if not isinstance(cause, ssl.SSLError) or getattr(cause, "errno", None) == errno.ECONNRESET:
        return connecting_failure(error, scene)
    detail = f"the TLS handshake failed: {reason(cause)}"
    if scene.settings.min_tls is not None and cause.reason in _OLD_TLS:
        detail += f"; TLS {scene.settings.min_tls} or later was asked for"
    return _failure(FailureKind.TLS_PROTOCOL, detail, hint=_hint(cause.reason, scene))


def _hint(why: str | None, scene: Scene) -> str | None:
    if why in _PLAIN_HTTP:
        return "the port speaks no TLS: try http://"
    wanted = why in _CERTIFICATE_WANTED and scene.settings.client_cert is None
    return "--cert and --key show a certificate" if wanted else None


def _out_of_date(certificate: Certificate | None, why: str, *, expired: bool) -> str:
    if certificate is None:
        return f"the certificate is out of date: {why}"
    if expired:
        return f"the certificate for {certificate.named} expired on {certificate.expired_on}"
    return f"the certificate for {certificate.named} is only valid from {certificate.valid_from}"


def _wrong_name(certificate: Certificate | None, why: str) -> str:
    return why if certificate is None else f"{why.rstrip('.')}: it is for {certificate.named}"


def _untrusted(certificate: Certificate | None, why: str) -> str:
    if certificate is None:
        return f"the certificate is not trusted: {why}"
    issuer = certificate.issuer or "an issuer without a name"
    return f"the certificate for {certificate.named}, issued by {issuer}, is not trusted: {why}"


def _failure(kind: FailureKind, detail: str, *, hint: str | None = None) -> Failure:
    return Failure(kind=kind, certainty=Certainty.DEFINITE, phase=Phase.SSL, detail=detail, hint=hint)
