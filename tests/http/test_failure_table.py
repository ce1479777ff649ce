import errno
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey, RequestInfo
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from allup.http.failures import failure_of as _failure_of
from allup.http.failures import timeout_failure
from allup.http.proxies import Proxy
from allup.http.resolver import NoAddress
from allup.http.scene import Scene
from allup.http.wire import ConnectionLost
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.settings import ClientCertificate, Family, HttpSettings, MinTls

_URL = URL("http://h.test/")
_KEY = ConnectionKey("h.test", 80, is_ssl=False, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)
DEFINITE, TRANSIENT, LOCAL = Certainty.DEFINITE, Certainty.TRANSIENT, Certainty.LOCAL


DEFAULTS = HttpSettings()
PROXY = Proxy.parse("http://me:s3cr3t@proxy.test:3128")


def met(error: Exception, phase: Phase, settings: HttpSettings = DEFAULTS, proxy: Proxy | None = None) -> Failure:
    return _failure_of(error, Scene(phase=phase, settings=settings, proxy=proxy))


def connecting(number: int | None, text: str = "") -> aiohttp.ClientConnectorError:
    return aiohttp.ClientConnectorError(_KEY, OSError(text) if number is None else OSError(number, text))


def resolving(error: OSError) -> aiohttp.ClientConnectorDNSError:
    return aiohttp.ClientConnectorDNSError(_KEY, error)


def from_ares(code: int | None, text: str) -> aiohttp.ClientConnectorDNSError:
    """Return what aiohttp makes of an error of aiodns: an OSError that only carries its text."""
    error = OSError(None, text)
    error.__cause__ = Exception() if code is None else Exception(code, text)
    return resolving(error)


def verifying(code: int, message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, f"[SSL: CERTIFICATE_VERIFY_FAILED] {message} (_ssl.c:1000)")
    error.verify_code, error.verify_message = code, message
    return error


def presenting(code: int, message: str) -> aiohttp.ClientConnectorCertificateError:
    return aiohttp.ClientConnectorCertificateError(_KEY, verifying(code, message))


def shaking_hands(reason: str | None, text: str = "[SSL: ...] whatever (_ssl.c:1000)") -> ssl.SSLError:
    error = ssl.SSLError(1, text)
    error.__dict__["reason"] = reason  # None where OpenSSL has no name for it
    return error


def lost(cause: Exception) -> ConnectionLost:
    error = ConnectionLost()
    error.__cause__ = cause
    return error


def answering(message: str) -> aiohttp.ClientResponseError:
    info = RequestInfo(_URL, "GET", CIMultiDictProxy(CIMultiDict()), _URL)
    return aiohttp.ClientResponseError(info, (), status=400, message=message)


@pytest.mark.parametrize(
    ("error", "certainty", "detail"),
    [
        (resolving(socket.gaierror(socket.EAI_NONAME, "Name or service not known")), DEFINITE, "no such name"),
        (
            resolving(socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")),
            TRANSIENT,
            "the name could not be resolved: Temporary failure in name resolution",
        ),
        (from_ares(4, "Domain name not found"), DEFINITE, "no such name"),
        (from_ares(1, "DNS server returned answer with no data"), DEFINITE, "no such name"),
        (from_ares(None, "odd"), TRANSIENT, "the name could not be resolved: odd"),
        (resolving(OSError("DNS lookup failed")), TRANSIENT, "the name could not be resolved: DNS lookup failed"),
        (UnicodeError("label too long"), DEFINITE, "not a name that can be resolved: label too long"),
        (aiohttp.InvalidURL("http://h\x00"), DEFINITE, "not a name that can be resolved: http://h\x00"),
    ],
    ids=repr,
)
def test_a_name_that_cannot_be_resolved_is_dns_whatever_the_phase(
    error: Exception, certainty: Certainty, detail: str
) -> None:
    failure = met(error, Phase.CONNECT)
    assert (failure.kind, failure.certainty, failure.phase) == (FailureKind.DNS, certainty, Phase.DNS)
    assert failure.detail == detail


@pytest.mark.parametrize("present", [presenting, verifying], ids=["connector", "bare"])
@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (9, "certificate is not yet valid", FailureKind.TLS_EXPIRED),
        (10, "certificate has expired", FailureKind.TLS_EXPIRED),
        (62, "Hostname mismatch, certificate is not valid for 'h.test'.", FailureKind.TLS_HOSTNAME),
        (64, "IP address mismatch, certificate is not valid for '192.0.2.1'.", FailureKind.TLS_HOSTNAME),
        (18, "self-signed certificate", FailureKind.TLS_UNTRUSTED),
        (19, "self-signed certificate in certificate chain", FailureKind.TLS_UNTRUSTED),
        (20, "unable to get local issuer certificate", FailureKind.TLS_UNTRUSTED),
        (23, "certificate revoked", FailureKind.TLS_UNTRUSTED),
    ],
)
def test_a_certificate_that_is_not_valid_says_why(
    present: Callable[[int, str], Exception], code: int, message: str, kind: FailureKind
) -> None:
    failure = met(present(code, message), Phase.SSL)
    assert (failure.kind, failure.certainty, failure.phase) == (kind, DEFINITE, Phase.SSL)
    assert message in failure.detail
    assert (failure.hint is not None) == (kind is FailureKind.TLS_UNTRUSTED)


def test_a_certificate_error_without_a_code_is_untrusted() -> None:
    failure = met(aiohttp.ClientConnectorCertificateError(_KEY, Exception("odd")), Phase.SSL)
    assert (failure.kind, failure.detail) == (FailureKind.TLS_UNTRUSTED, "the certificate is not trusted: odd")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (aiohttp.ClientConnectorSSLError(_KEY, shaking_hands("WRONG_VERSION_NUMBER")), "wrong version number"),
        (shaking_hands("TLSV1_ALERT_PROTOCOL_VERSION"), "tlsv1 alert protocol version"),
        (shaking_hands(None, "unnamed:"), "unnamed"),
        (shaking_hands(None, ""), "SSLError"),
    ],
    ids=repr,
)
def test_any_other_handshake_failure_is_tls_protocol(error: Exception, reason: str) -> None:
    failure = met(error, Phase.CONNECT)
    assert (failure.kind, failure.certainty, failure.phase) == (FailureKind.TLS_PROTOCOL, DEFINITE, Phase.SSL)
    assert failure.detail == f"the TLS handshake failed: {reason}"


@pytest.mark.parametrize(
    ("number", "kind", "certainty"),
    [
        (errno.ECONNREFUSED, FailureKind.CONNECT_REFUSED, TRANSIENT),
        (errno.ETIMEDOUT, FailureKind.CONNECT_TIMEOUT, TRANSIENT),
        (errno.ENETUNREACH, FailureKind.UNREACHABLE, TRANSIENT),
        (errno.EHOSTUNREACH, FailureKind.UNREACHABLE, TRANSIENT),
        (errno.ENETDOWN, FailureKind.UNREACHABLE, TRANSIENT),
        (errno.EHOSTDOWN, FailureKind.UNREACHABLE, TRANSIENT),
        (errno.ECONNRESET, FailureKind.RESET, TRANSIENT),
        (errno.EPIPE, FailureKind.RESET, TRANSIENT),
        (None, FailureKind.RESET, TRANSIENT),
        (errno.EMFILE, FailureKind.LOCAL, LOCAL),
        (errno.ENFILE, FailureKind.LOCAL, LOCAL),
        (errno.ENOBUFS, FailureKind.LOCAL, LOCAL),
        (errno.ENOMEM, FailureKind.LOCAL, LOCAL),
        (errno.EADDRNOTAVAIL, FailureKind.LOCAL, LOCAL),
    ],
)
def test_what_keeps_a_connection_from_being_made_has_its_kind(
    number: int | None, kind: FailureKind, certainty: Certainty
) -> None:
    error = connecting(number, "why")
    failures = [met(error, Phase.CONNECT), met(error.os_error, Phase.CONNECT)]
    assert [(failure.kind, failure.certainty, failure.phase) for failure in failures] == [
        (kind, certainty, Phase.CONNECT)
    ] * 2


def test_a_machine_without_a_resolver_blames_nobody_else() -> None:
    failure = met(from_ares(11, "Could not contact DNS servers"), Phase.DNS)
    assert (failure.kind, failure.certainty) == (FailureKind.LOCAL, Certainty.LOCAL)
    assert "Could not contact DNS servers" in failure.detail
    assert failure.hint is not None


def test_a_fault_of_this_machine_says_what_helps() -> None:
    failure = met(connecting(errno.EMFILE, "Too many open files"), Phase.CONNECT)
    assert failure.detail == "this machine could not open a connection: Too many open files"
    assert failure.hint is not None
    assert "ulimit" in failure.hint


@pytest.mark.parametrize(
    ("error", "how"),
    [
        (lost(aiohttp.ServerDisconnectedError()), "closed"),
        (lost(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")), "reset"),
        (aiohttp.ServerDisconnectedError(), "closed"),
        (aiohttp.ClientOSError(errno.ECONNRESET, "Connection reset by peer"), "reset"),
    ],
    ids=repr,
)
def test_a_connection_that_ends_before_an_answer_is_reset(error: Exception, how: str) -> None:
    failure = met(error, Phase.WAIT)
    assert (failure.kind, failure.certainty, failure.phase) == (FailureKind.RESET, TRANSIENT, Phase.WAIT)
    assert failure.detail == f"the connection was {how} before an answer"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (answering("Bad status line 'x'"), "Bad status line"),
        (answering("Bad status line:\n\n  b'220 ftp'\n    ^"), "Bad status line"),
        (answering(""), "ClientResponseError"),
    ],
    ids=repr,
)
def test_an_answer_that_is_not_http_is_protocol_with_one_line_of_reason(error: Exception, reason: str) -> None:
    failure = met(error, Phase.WAIT)
    assert (failure.kind, failure.certainty, failure.phase) == (FailureKind.PROTOCOL, DEFINITE, Phase.WAIT)
    assert failure.detail == f"the answer is not valid HTTP: {reason}"


def test_a_body_that_ends_early_is_truncated_and_may_be_whole_the_next_time() -> None:
    failure = met(aiohttp.ClientPayloadError("Response payload is not completed: <b'a cookie'>"), Phase.RECEIVE)
    assert (failure.kind, failure.certainty, failure.phase) == (
        FailureKind.TRUNCATED,
        Certainty.TRANSIENT,
        Phase.RECEIVE,
    )
    assert failure.detail == "the body ended early: the connection was closed"


@pytest.mark.parametrize(
    ("phase", "kind", "doing"),
    [
        (Phase.BLOCKED, FailureKind.READ_TIMEOUT, "waiting for its turn"),
        (Phase.DNS, FailureKind.DNS, "resolving the name"),
        (Phase.CONNECT, FailureKind.CONNECT_TIMEOUT, "connecting"),
        (Phase.SSL, FailureKind.CONNECT_TIMEOUT, "in the TLS handshake"),
        (Phase.SEND, FailureKind.READ_TIMEOUT, "sending the request"),
        (Phase.WAIT, FailureKind.READ_TIMEOUT, "waiting for an answer"),
        (Phase.RECEIVE, FailureKind.READ_TIMEOUT, "reading the answer"),
    ],
)
def test_a_timeout_is_named_by_its_phase(phase: Phase, kind: FailureKind, doing: str) -> None:
    failure = timeout_failure(0.5, Scene(phase=phase))
    assert (failure.kind, failure.certainty, failure.phase) == (kind, TRANSIENT, phase)
    assert failure.detail == f"timed out after 500ms {doing}"


def test_several_addresses_that_fail_in_several_ways_are_no_reset() -> None:
    text = "Multiple exceptions: [Errno 101] Network is unreachable, [Errno 111] Connect call failed"
    assert met(connecting(None, text), Phase.CONNECT).kind is not FailureKind.RESET


def test_no_row_is_hidden_behind_a_wider_one() -> None:
    from allup.http.failures import _TABLE  # noqa: PLC0415 - the only look inside

    kinds = [kind for kind, _ in _TABLE]
    hidden = [later for place, later in enumerate(kinds) if any(issubclass(later, one) for one in kinds[:place])]
    assert hidden == []


def test_an_error_of_a_proxy_or_a_mock_is_still_data() -> None:
    assert met(aiohttp.ClientConnectionError(Mock()), Phase.CONNECT).kind is FailureKind.PROTOCOL


def test_an_alert_after_the_handshake_is_no_reset() -> None:
    cut = aiohttp.ClientOSError(1, "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required")
    cut.__cause__ = shaking_hands("TLSV13_ALERT_CERTIFICATE_REQUIRED")
    assert met(lost(cut), Phase.WAIT).kind is FailureKind.TLS_PROTOCOL


@pytest.mark.parametrize("code", [11, 12, 26])
def test_dns_servers_of_ones_own_that_do_not_answer_are_named_and_blame_nobody_else(code: int) -> None:
    failure = met(from_ares(code, "odd"), Phase.DNS, HttpSettings(resolvers=("192.0.2.53", "[2001:db8::53]:5353")))
    assert (failure.kind, failure.certainty) == (FailureKind.LOCAL, LOCAL)
    assert failure.hint == "asked, by --resolver: 192.0.2.53, [2001:db8::53]:5353"


def test_the_systems_dns_servers_may_be_slow_for_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allup.http.dns_failures.has_route", lambda: True)
    assert met(from_ares(12, "odd"), Phase.DNS).kind is FailureKind.DNS


@pytest.mark.parametrize(
    "error",
    [
        resolving(NoAddress()),
        from_ares(1, "DNS server returned answer with no data"),
        *(
            resolving(socket.gaierror(getattr(socket, name), "none"))
            for name in ("EAI_NODATA", "EAI_ADDRFAMILY")
            if hasattr(socket, name)
        ),
    ],
    ids=repr,
)
def test_a_name_of_another_family_is_told_from_no_name(error: Exception) -> None:
    failure = met(error, Phase.DNS, HttpSettings(family=Family.IPV4))
    assert (failure.kind, failure.certainty) == (FailureKind.DNS, DEFINITE)
    assert failure.detail == "no IPv4 address for this name"


@pytest.mark.parametrize("reason", ["TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION"])
def test_what_is_too_old_is_told_where_something_was_asked_for(reason: str) -> None:
    error = aiohttp.ClientConnectorSSLError(_KEY, shaking_hands(reason))
    told = met(error, Phase.SSL, HttpSettings(min_tls=MinTls.TLS_1_2)).detail
    assert told == f"{met(error, Phase.SSL).detail}; TLS 1.2 or later was asked for"


def test_a_certificate_that_is_missed_is_hinted_at_unless_there_is_one() -> None:
    cut = aiohttp.ClientOSError(1, "cut")
    cut.__cause__ = shaking_hands("TLSV13_ALERT_CERTIFICATE_REQUIRED")
    shown = HttpSettings(client_cert=ClientCertificate(cert=Path("me.pem")))
    hints = [met(lost(cut), Phase.WAIT, settings).hint for settings in (DEFAULTS, shown)]
    assert hints == ["--cert and --key show a certificate", None]


@pytest.mark.parametrize(
    ("error", "certainty"),
    [
        (connecting(errno.ECONNREFUSED), TRANSIENT),
        (connecting(errno.ETIMEDOUT), TRANSIENT),
        (lost(aiohttp.ServerDisconnectedError()), TRANSIENT),
        (resolving(socket.gaierror(socket.EAI_NONAME, "none")), DEFINITE),
        (presenting(18, "self-signed certificate"), DEFINITE),
        (aiohttp.InvalidURL("http://proxy.test"), DEFINITE),
        (UnicodeError("label too long"), DEFINITE),
        (answering("Bad status line 'x'"), DEFINITE),
    ],
    ids=repr,
)
def test_what_goes_wrong_on_the_way_to_a_proxy_is_its_own(error: Exception, certainty: Certainty) -> None:
    failure = met(error, Phase.CONNECT, proxy=PROXY)
    assert (failure.kind, failure.certainty, failure.phase) == (FailureKind.PROXY, certainty, Phase.CONNECT)
    assert failure.detail == f"the proxy proxy.test:3128: {met(error, Phase.CONNECT).detail}"


def test_a_fault_of_this_machine_is_no_proxys() -> None:
    assert met(connecting(errno.EMFILE), Phase.CONNECT, proxy=PROXY).kind is FailureKind.LOCAL
    assert met(KeyError(), Phase.CONNECT, proxy=PROXY).kind is FailureKind.LOCAL
