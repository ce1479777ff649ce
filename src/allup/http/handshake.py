"""The TLS handshake, watched: when it begins, and which certificate was shown where it fails."""

import ssl
from typing import Any

from allup.http.certificate import peer_certificate
from allup.http.exchange import CURRENT, Exchange


class WatchedSslObject(ssl.SSLObject):
    """A TLS session that keeps the certificate which was not accepted for its exchange."""

    exchange: Exchange | None = None

    def do_handshake(self) -> None:
        """Shake hands as ever."""
        try:
            super().do_handshake()
        except ssl.SSLCertVerificationError:
            if self.exchange is not None:
                self.exchange.rejected = peer_certificate(self)
            raise
        # It comes to hold this session: until garbage is collected, each of the two would keep the other.
        self.exchange = None


class Watching(ssl.SSLContext):
    """An SSL context that notes when a handshake begins: asyncio and uvloop wrap the socket's bytes just then."""

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        """Wrap as ever, and note that TCP is connected."""
        exchange = CURRENT.get()
        exchange.tls_began()
        if isinstance(name := kwargs.get("server_hostname"), str):
            # A certificate names no root; aiohttp drops its dot, but not behind a proxy.
            kwargs["server_hostname"] = name.rstrip(".")
        secure = super().wrap_bio(*args, **kwargs)
        if isinstance(secure, WatchedSslObject):
            # The handshake goes on in callbacks of the loop, which may know no context.
            secure.exchange = exchange
        return secure


class WatchedSslContext(Watching):
    """OpenSSL's own, which verifies against a store of files."""

    sslobject_class = WatchedSslObject


def system_context() -> ssl.SSLContext:
    """Return a context that asks the operating system whom to trust, where that has an interface of its own.

    That is macOS and Windows, by truststore; it keeps no certificate that was not accepted.
    """
    import truststore  # noqa: PLC0415 - not needed, and so not installed, elsewhere

    class WatchedSystemContext(Watching, truststore.SSLContext):  # type: ignore[misc] # their overloads differ
        pass

    return WatchedSystemContext(ssl.PROTOCOL_TLS_CLIENT)
