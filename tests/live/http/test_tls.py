import gc
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from allup.http.client import open_client
from allup.http.handshake import WatchedSslObject
from allup.http.tls import CaFileError, TlsContext, ssl_context
from allup.model.clock import Clock
from allup.model.failure import Certainty, FailureKind, Phase
from allup.model.settings import HttpSettings
from live.http.asking import asked, asking, failure
from live.http.names import Names
from live.http.origin import OK, Origin, Visit, answers, redirect

Serve = Callable[..., Awaitable[Origin]]

NOW = datetime.now(UTC).replace(microsecond=0)
LATER, EARLIER = NOW + timedelta(days=30), NOW - timedelta(days=30)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path: Path) -> HttpSettings:
    """Settings of a run that trusts the tests' authority, and no other."""
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return HttpSettings(ca_file=file)


def presenting(
    authority: trustme.CA, *names: str, not_before: datetime | None = None, not_after: datetime | None = None
) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, not_before=not_before, not_after=not_after).configure_cert(context)
    return context


@pytest.fixture
def good(authority: trustme.CA) -> ssl.SSLContext:
    return presenting(authority, "127.0.0.1", "shop.test", not_before=EARLIER, not_after=LATER)


async def test_a_trusted_certificate_is_fine_and_told(
    serve: Serve, trusting: HttpSettings, good: ssl.SSLContext
) -> None:
    origin = await serve(answers(OK), tls=good)
    attempt = await asked(origin.url(), trusting)
    assert (attempt.status, attempt.failure, attempt.address) == (200, None, "127.0.0.1")
    assert attempt.tls is not None
    assert attempt.tls.version in {"TLSv1.2", "TLSv1.3"}
    assert attempt.tls.expires_at == LATER.timestamp()


async def test_a_session_of_tls_goes_with_its_connection(
    serve: Serve, trusting: HttpSettings, good: ssl.SSLContext
) -> None:
    """Some 40 KB each are not kept until garbage is collected."""
    origin = await serve(answers(OK), tls=good)
    await asked(origin.url(), trusting)
    gc.collect()
    gc.disable()
    try:
        for _ in range(5):
            await asked(origin.url(), trusting)
        left = sum(isinstance(one, WatchedSslObject) for one in gc.get_objects())
    finally:
        gc.enable()
    assert left <= 1  # the last one's connection may still be about to close


async def test_a_server_that_closes_at_once_still_had_a_certificate(
    serve: Serve, trusting: HttpSettings, good: ssl.SSLContext
) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")

    origin = await serve(script, tls=good)
    attempt = await asked(origin.url(), trusting)
    assert (attempt.status, attempt.tls is None) == (200, False)


async def test_a_name_is_verified_and_sent(
    serve: Serve, trusting: HttpSettings, good: ssl.SSLContext, names: Names
) -> None:
    asked_for: list[object] = []
    good.sni_callback = lambda _, name, __: asked_for.append(name)
    names.known["shop.test"] = names.known["shop.test."] = ["127.0.0.1"]
    origin = await serve(answers(OK), tls=good)
    assert (await asked(origin.url(host="shop.test"), trusting)).status == 200
    assert (await asked(origin.url(host="shop.test."), trusting)).status == 200
    assert asked_for == ["shop.test", "shop.test"]


@pytest.mark.parametrize(
    ("start", "end", "detail"),
    [(EARLIER, NOW - timedelta(days=1), "expired"), (NOW + timedelta(days=1), LATER, "only valid from")],
)
async def test_a_certificate_out_of_its_time_is_tls_expired(  # noqa: PLR0917 - fixtures and a table
    serve: Serve, trusting: HttpSettings, authority: trustme.CA, start: datetime, end: datetime, detail: str
) -> None:
    origin = await serve(answers(OK), tls=presenting(authority, "127.0.0.1", not_before=start, not_after=end))
    attempt = await asked(origin.url(), trusting)
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.TLS_EXPIRED, Phase.SSL)
    assert failure(attempt).certainty is Certainty.DEFINITE
    assert detail in failure(attempt).detail
    assert origin.heads == []


@pytest.mark.parametrize("host", ["127.0.0.1", "wrong.test"])
async def test_a_certificate_of_another_name_is_tls_hostname(
    serve: Serve, trusting: HttpSettings, authority: trustme.CA, names: Names, host: str
) -> None:
    names.known["wrong.test"] = ["127.0.0.1"]
    origin = await serve(answers(OK), tls=presenting(authority, "shop.test"))
    attempt = await asked(origin.url(host=host), trusting)
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.TLS_HOSTNAME, Phase.SSL)
    assert host in failure(attempt).detail
    assert "it is for shop.test" in failure(attempt).detail
    assert origin.heads == []


async def test_a_certificate_of_an_unknown_authority_is_tls_untrusted(serve: Serve, trusting: HttpSettings) -> None:
    origin = await serve(answers(OK), tls=presenting(trustme.CA(), "127.0.0.1"))
    attempt = await asked(origin.url(), trusting)
    assert (failure(attempt).kind, failure(attempt).certainty) == (FailureKind.TLS_UNTRUSTED, Certainty.DEFINITE)
    assert "--ca-file" in (failure(attempt).hint or "")
    assert origin.heads == []


async def test_by_default_the_systems_authorities_are_asked(serve: Serve, good: ssl.SSLContext) -> None:
    origin = await serve(answers(OK), tls=good)
    assert failure(await asked(origin.url())).kind is FailureKind.TLS_UNTRUSTED
    assert origin.heads == []


async def test_insecure_takes_any_certificate_and_still_says_when_it_ends(serve: Serve, authority: trustme.CA) -> None:
    expired = presenting(authority, "wrong.test", not_before=EARLIER, not_after=NOW - timedelta(days=1))
    origin = await serve(answers(OK), tls=expired)
    attempt = await asked(origin.url(), HttpSettings(insecure=True))
    assert (attempt.status, attempt.failure) == (200, None)
    assert attempt.tls is not None
    assert attempt.tls.expires_at == int((NOW - timedelta(days=1)).timestamp())


async def test_plain_http_behind_https_is_tls_protocol(serve: Serve, trusting: HttpSettings) -> None:
    async def script(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await visit.end()

    origin = await serve(script)
    attempt = await asked(origin.url().replace("http:", "https:"), trusting)
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.TLS_PROTOCOL, Phase.SSL)


async def test_an_alert_in_the_handshake_is_tls_protocol(serve: Serve, trusting: HttpSettings) -> None:
    async def script(visit: Visit) -> None:
        await visit.send(b"\x15\x03\x03\x00\x02\x02\x28")  # fatal, handshake_failure
        await visit.end()

    origin = await serve(script)
    attempt = await asked(origin.url().replace("http:", "https:"), trusting)
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.TLS_PROTOCOL, Phase.SSL)
    assert "alert handshake failure" in failure(attempt).detail


async def test_hanging_up_in_the_handshake_is_reset(serve: Serve, trusting: HttpSettings) -> None:
    async def script(visit: Visit) -> None:
        await visit._reader.read(1)

    origin = await serve(script)
    attempt = await asked(origin.url().replace("http:", "https:"), trusting)
    assert failure(attempt).kind is FailureKind.RESET
    assert (failure(attempt).phase, origin.connections) == (Phase.SSL, 1)


async def test_https_to_a_plain_redirect_and_back(serve: Serve, trusting: HttpSettings, good: ssl.SSLContext) -> None:
    secure = await serve(answers(OK), tls=good)
    plain = await serve(answers(redirect(secure.url("/b"))))
    attempt = await asked(plain.url("/a"), trusting)
    assert (attempt.status, attempt.tls is None, len(attempt.redirects)) == (200, False, 1)


async def test_behind_a_redirect_to_plain_http_no_certificate_is_told(
    serve: Serve, trusting: HttpSettings, good: ssl.SSLContext
) -> None:
    plain = await serve(answers(OK))
    secure = await serve(answers(redirect(plain.url())), tls=good)
    assert (await asked(secure.url(), trusting)).tls is None


async def test_a_reused_connection_still_tells_its_certificate(
    serve: Serve, trusting: HttpSettings, good: ssl.SSLContext
) -> None:
    origin = await serve(answers(OK), tls=good)
    async with asking(trusting) as ask:
        first, second = await ask(origin.url()), await ask(origin.url())
    assert (origin.connections, first.tls) == (1, second.tls)
    assert second.tls is not None


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file"), (b"", "no PEM certificate"), (b"\x00\xff", "no PEM certificate")]
)
async def test_a_ca_file_that_cannot_be_used_is_told_before_any_request(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CaFileError, match=reason) as caught:
        async with open_client(HttpSettings(ca_file=file), Clock()):
            pass
    assert str(file) in str(caught.value)


async def test_the_context_is_made_once_and_only_if_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[HttpSettings] = []

    def counting(settings: HttpSettings) -> ssl.SSLContext:
        made.append(settings)
        return ssl_context(settings)

    monkeypatch.setattr("allup.http.tls.ssl_context", counting)
    context = TlsContext(HttpSettings(insecure=True))
    assert made == []
    assert await context.get() is await context.get()
    assert len(made) == 1


async def test_an_earlier_clients_context_serves_again(
    serve: Serve, trusting: HttpSettings, good: ssl.SSLContext
) -> None:
    origin = await serve(answers(OK), tls=good)
    tls = TlsContext(trusting)
    for _ in range(2):
        async with open_client(trusting, Clock(), tls=tls) as client:
            assert client._equipment.tls is tls
    assert origin.connections == 0


def test_verification_is_on_unless_asked_otherwise() -> None:
    context = ssl_context(HttpSettings())
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
