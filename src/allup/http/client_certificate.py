"""The certificate that is shown to servers which ask for one."""

import ssl
from pathlib import Path
from typing import Final, NoReturn

from allup.http.reason import reason
from allup.model.settings import ClientCertificate
from allup.model.usage import UsageError

_CERTIFICATE: Final = b"CERTIFICATE-----"
_KEY: Final = b"PRIVATE KEY-----"
_OF_ANOTHER: Final = frozenset({"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"})
"""What OpenSSL says of a key that is of another certificate, the last where it is of another algorithm as well."""


class ClientCertificateError(UsageError):
    """The files of `--cert` and `--key` cannot be used; the message is for people."""


class _Encrypted(Exception):
    pass


def show(context: ssl.SSLContext, shown: ClientCertificate) -> None:
    """Let `context` show a certificate; raises ClientCertificateError, and asks nobody for a passphrase."""
    key = shown.key or shown.cert
    _check(shown.cert, _CERTIFICATE, "it holds no PEM certificate")
    _check(key, _KEY, "it holds no PEM key" if shown.key else "it holds no PEM key, and --key names no other file")
    try:
        context.load_cert_chain(shown.cert, key, password=_refuse)
    except _Encrypted:
        _fail(key, "the key is encrypted: allup asks for no passphrase, decrypt it first")
    except ssl.SSLError as error:
        if error.reason in _OF_ANOTHER:
            _fail(key, f"the key does not fit the certificate of {shown.cert}")
        _fail(shown.cert, f"OpenSSL cannot read it with the key of {key}: {reason(error)}")


def _check(file: Path, mark: bytes, otherwise: str) -> None:
    # Each file is read before OpenSSL does so, which does not say which one it failed at.
    try:
        content = file.read_bytes()
    except OSError as error:
        _fail(file, error.strerror or str(error))
    if mark not in content:
        _fail(file, otherwise)


def _refuse() -> NoReturn:
    raise _Encrypted


def _fail(file: Path, why: str) -> NoReturn:
    raise ClientCertificateError(f"cannot show the certificate of {file}: {why}")
