"""How certificates are verified, and what a TLS session says of itself."""

import asyncio
import ssl
import sys
from typing import Final

from allup.http.certificate import peer_expiry
from allup.http.client_certificate import show
from allup.http.handshake import WatchedSslContext, system_context
from allup.model.attempt import Tls
from allup.model.settings import HttpSettings, MinTls
from allup.model.usage import UsageError

_WITH_STORES: Final = frozenset({"darwin", "win32"})
"""Platforms whose store of authorities is no file."""


_VERSIONS: Final = {MinTls.TLS_1_2: ssl.TLSVersion.TLSv1_2, MinTls.TLS_1_3: ssl.TLSVersion.TLSv1_3}


class CaFileError(UsageError):
    """The file of `--ca-file` cannot be used; the message is for people."""


class TlsContext:
    """The SSL context of a run, made when it is first needed: to load the authorities takes some 20 ms."""

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._making = asyncio.Lock()
        # A file that the user named is tried at once: a mistake in it shows before the first request.
        named = settings.ca_file is not None or settings.client_cert is not None
        self._context = ssl_context(settings) if named else None

    @property
    def made(self) -> bool:
        """Whether nobody has to wait for it."""
        return self._context is not None

    async def get(self) -> ssl.SSLContext:
        """Return the one context; it is made in a thread, so that no latency that is being measured suffers."""
        if self._context is not None:
            return self._context
        async with self._making:
            if self._context is None:
                self._context = await asyncio.to_thread(ssl_context, self._settings)
            return self._context


def tls_of(secure: ssl.SSLObject | None) -> Tls | None:
    """Return what a TLS session says of itself; None where there is none."""
    version = None if secure is None else secure.version()
    if secure is None or version is None:
        return None
    return Tls(version=version, expires_at=peer_expiry(secure))


def ssl_context(settings: HttpSettings) -> ssl.SSLContext:
    """Return the context of a run: verified against the system's authorities, or those of `ca_file`.

    OpenSSL itself honours SSL_CERT_FILE and SSL_CERT_DIR. Raises CaFileError, ClientCertificateError.
    """
    context = system_context() if _asks_the_system(settings) else WatchedSslContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    if settings.min_tls is not None:
        context.minimum_version = _VERSIONS[settings.min_tls]
    if settings.client_cert is not None:
        show(context, settings.client_cert)
    if settings.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif settings.ca_file is not None:
        _trust(context, settings)
    elif isinstance(context, WatchedSslContext):
        context.load_default_certs()
    return context


def _asks_the_system(settings: HttpSettings) -> bool:
    if settings.insecure or settings.ca_file is not None or sys.platform not in _WITH_STORES:
        return False
    paths = ssl.get_default_verify_paths()
    return paths.cafile in (None, paths.openssl_cafile)  # else SSL_CERT_FILE names another one


def _trust(context: ssl.SSLContext, settings: HttpSettings) -> None:
    try:
        context.load_verify_locations(cafile=settings.ca_file)
    except OSError as error:
        reason = "it holds no PEM certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise CaFileError(f"cannot use the certificates of {settings.ca_file}: {reason}") from error
