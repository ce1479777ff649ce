import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from allup.http.client import open_client
from allup.http.client_certificate import ClientCertificateError
from allup.http.handshake import system_context
from allup.http.tls import ssl_context
from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.settings import ClientCertificate, HttpSettings, MinTls
from allup.model.usage import UsageError
from live.http.alerting import alerting
from live.http.asking import asked, failure

V1_2, V1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path: Path) -> HttpSettings:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return HttpSettings(ca_file=file)


@pytest.fixture(scope="module")
def mine(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("me@example.test")


@pytest.fixture
def files(mine: trustme.LeafCert, tmp_path: Path) -> ClientCertificate:
    """A certificate and its key in a file each."""
    cert, key = tmp_path / "me.pem", tmp_path / "me.key"
    mine.cert_chain_pems[0].write_to_path(str(cert))
    mine.private_key_pem.write_to_path(str(key))
    return ClientCertificate(cert=cert, key=key)


def wanting(authority: trustme.CA, newest: ssl.TLSVersion) -> ssl.SSLContext:
    """Return the context of a server that demands a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = newest
    return context


async def answer(context: ssl.SSLContext, settings: HttpSettings) -> Attempt:
    with alerting(context) as port:
        return await asked(f"https://127.0.0.1:{port}/", settings)


async def refusal(context: ssl.SSLContext, settings: HttpSettings) -> Failure:
    return failure(await answer(context, settings))


@pytest.mark.parametrize("newest", [V1_2, V1_3])
@pytest.mark.parametrize("insecure", [False, True])
async def test_a_server_that_demands_a_certificate_is_shown_one(
    authority: trustme.CA, trusting: HttpSettings, files: ClientCertificate, newest: ssl.TLSVersion, *, insecure: bool
) -> None:
    settings = replace(trusting, client_cert=files, insecure=insecure)
    assert (await answer(wanting(authority, newest), settings)).status == 200


async def test_certificate_and_key_may_be_in_one_file(
    authority: trustme.CA, trusting: HttpSettings, mine: trustme.LeafCert, tmp_path: Path
) -> None:
    both = tmp_path / "both.pem"
    mine.private_key_and_cert_chain_pem.write_to_path(str(both))
    settings = replace(trusting, client_cert=ClientCertificate(cert=both))
    assert (await answer(wanting(authority, V1_3), settings)).status == 200


async def test_a_server_that_got_no_certificate_says_so(authority: trustme.CA, trusting: HttpSettings) -> None:
    found = await refusal(wanting(authority, V1_3), trusting)
    assert (found.kind, found.certainty, found.phase) == (FailureKind.TLS_PROTOCOL, Certainty.DEFINITE, Phase.SSL)
    assert found.detail == "the TLS handshake failed: tlsv13 alert certificate required"
    assert found.hint == "--cert and --key show a certificate"


async def test_an_alert_that_may_mean_anything_gives_no_hint(authority: trustme.CA, trusting: HttpSettings) -> None:
    found = await refusal(wanting(authority, V1_2), trusting)
    assert (found.kind, found.hint) == (FailureKind.TLS_PROTOCOL, None)


async def test_a_certificate_that_was_shown_in_vain_is_not_hinted_at(
    authority: trustme.CA, trusting: HttpSettings, tmp_path: Path
) -> None:
    strange = tmp_path / "strange.pem"
    trustme.CA().issue_cert("me@elsewhere.test").private_key_and_cert_chain_pem.write_to_path(str(strange))
    found = await refusal(wanting(authority, V1_3), replace(trusting, client_cert=ClientCertificate(cert=strange)))
    assert (found.kind, found.hint) == (FailureKind.TLS_PROTOCOL, None)


def key_pem(passphrase: bytes | None = None) -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption(),
    )


Spoil = Callable[[ClientCertificate], ClientCertificate | None]


def emptied(one: str) -> Spoil:
    def spoil(files: ClientCertificate) -> None:
        getattr(files, one).write_bytes(b"")

    return spoil


def removed(one: str) -> Spoil:
    def spoil(files: ClientCertificate) -> None:
        getattr(files, one).unlink()

    return spoil


def of_another(files: ClientCertificate) -> None:
    trustme.CA().issue_cert("me@elsewhere.test").private_key_pem.write_to_path(str(files.key))


def of_another_algorithm(files: ClientCertificate) -> None:
    assert files.key is not None
    files.key.write_bytes(key_pem())


def encrypted(files: ClientCertificate) -> None:
    assert files.key is not None
    files.key.write_bytes(key_pem(b"s3cr3t"))


def garbled(files: ClientCertificate) -> None:
    files.cert.write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")


def without_a_key(files: ClientCertificate) -> ClientCertificate:
    return ClientCertificate(cert=files.cert)


def a_directory(files: ClientCertificate) -> ClientCertificate:
    return replace(files, cert=files.cert.parent)


@pytest.mark.parametrize(
    ("spoil", "named", "why"),
    [
        (removed("cert"), "me.pem", "No such file or directory"),
        (removed("key"), "me.key", "No such file or directory"),
        (a_directory, "", "Is a directory"),
        (emptied("cert"), "me.pem", "it holds no PEM certificate"),
        (emptied("key"), "me.key", "it holds no PEM key"),
        (without_a_key, "me.pem", "it holds no PEM key, and --key names no other file"),
        (garbled, "me.pem", "OpenSSL cannot read it"),
        (of_another, "me.key", "the key does not fit the certificate of "),
        (of_another_algorithm, "me.key", "the key does not fit the certificate of "),
        (encrypted, "me.key", "the key is encrypted: allup asks for no passphrase, decrypt it first"),
    ],
)
async def test_files_that_cannot_be_used_are_told_before_any_request(
    files: ClientCertificate, spoil: Spoil, named: str, why: str
) -> None:
    shown = spoil(files) or files
    with pytest.raises(ClientCertificateError, match=why) as caught:
        async with open_client(HttpSettings(client_cert=shown), Clock()):
            pass
    assert isinstance(caught.value, UsageError)
    assert f"{files.cert.parent / named}: " in str(caught.value)


@pytest.mark.parametrize("asked_for", MinTls)
async def test_a_newer_version_than_was_asked_for_is_fine(
    authority: trustme.CA, trusting: HttpSettings, files: ClientCertificate, asked_for: MinTls
) -> None:
    settings = replace(trusting, min_tls=asked_for, client_cert=files)
    attempt = await answer(wanting(authority, V1_3), settings)
    assert attempt.tls is not None
    assert attempt.tls.version == "TLSv1.3"


@pytest.mark.parametrize("insecure", [False, True])
async def test_a_server_whose_tls_is_too_old_is_told_what_was_asked_for(
    authority: trustme.CA, trusting: HttpSettings, *, insecure: bool
) -> None:
    settings = replace(trusting, min_tls=MinTls.TLS_1_3, insecure=insecure)
    found = await refusal(wanting(authority, V1_2), settings)
    assert (found.kind, found.certainty, found.phase) == (FailureKind.TLS_PROTOCOL, Certainty.DEFINITE, Phase.SSL)
    assert found.detail == ("the TLS handshake failed: tlsv1 alert protocol version; TLS 1.3 or later was asked for")


def test_where_the_system_is_asked_whom_to_trust_it_is_the_same(
    files: ClientCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allup.http.tls._asks_the_system", lambda _: True)
    context = ssl_context(HttpSettings(client_cert=files, min_tls=MinTls.TLS_1_3))
    assert type(context).__mro__[1:] == type(system_context()).__mro__[1:]
    assert context.minimum_version is V1_3
    files.cert.write_bytes(b"")
    with pytest.raises(ClientCertificateError):
        ssl_context(HttpSettings(client_cert=files))
