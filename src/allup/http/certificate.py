"""What a certificate says of itself, for people."""

import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Self

_MOST_NAMES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate's own facts; dates are seconds since the epoch, `names` and `issuer` are others' text."""

    names: tuple[str, ...]
    issuer: str
    not_before: float
    not_after: float

    @classmethod
    def of(cls, info: Mapping[str, Any]) -> Self:
        """Return the facts in `info`, which has the form of `ssl.SSLSocket.getpeercert`."""
        return cls(
            names=tuple(_names(info)),
            issuer=_name_of(info.get("issuer", ())),
            not_before=_seconds(info["notBefore"]),
            not_after=_seconds(info["notAfter"]),
        )

    @property
    def expired_on(self) -> str:
        """The last day that it is good for."""
        return _day(self.not_after)

    @property
    def valid_from(self) -> str:
        """The first day that it is good for."""
        return _day(self.not_before)

    @property
    def named(self) -> str:
        """Whom it is for: the first few names."""
        if not self.names:
            return "nobody"
        more = len(self.names) - _MOST_NAMES
        shown = ", ".join(self.names[:_MOST_NAMES])
        return f"{shown} and {more} more" if more > 0 else shown


def peer_certificate(secure: ssl.SSLObject) -> Certificate | None:
    """Return the certificate that the other side showed, verified or not; None where there is none to be had."""
    info = _shown(secure)
    try:
        return Certificate.of(info) if info else None
    except (KeyError, ValueError):
        return None


def peer_expiry(secure: ssl.SSLObject) -> float | None:
    """Return when that certificate expires, in seconds since the epoch; None where there is none to be had."""
    info = _shown(secure)
    try:
        return _seconds(info["notAfter"]) if info else None
    except (KeyError, ValueError):
        return None


def _shown(secure: ssl.SSLObject) -> Mapping[str, Any] | None:
    return _verified(secure) or _unverified(secure)


def _verified(secure: ssl.SSLObject) -> Mapping[str, Any] | None:
    try:
        return secure.getpeercert()
    except ValueError:  # the handshake failed
        return None


def _unverified(secure: ssl.SSLObject) -> Mapping[str, Any] | None:
    # Of a certificate that was not verified, the public interface gives only bytes, and before
    # Python 3.13 not even these; the object beneath has had the parsed form since 3.10.
    try:
        chain = secure._sslobj.get_unverified_chain()  # type: ignore[attr-defined]  # noqa: SLF001
        info: Mapping[str, Any] | None = chain[0].get_info() if chain else None
    except (AttributeError, ValueError, ssl.SSLError):
        return None
    return info


@lru_cache(maxsize=1_024)  # many hosts have one certificate, and to read a date takes ten microseconds
def _seconds(date: str) -> float:
    return ssl.cert_time_to_seconds(date)


def _names(info: Mapping[str, Any]) -> Iterator[str]:
    alternatives = [value for kind, value in info.get("subjectAltName", ()) if kind in ("DNS", "IP Address")]
    yield from alternatives
    if not alternatives and (name := _name_of(info.get("subject", ()))):
        yield name


def _name_of(distinguished_name: Any) -> str:
    parts = {key: value for group in distinguished_name for key, value in group}
    return str(parts.get("commonName") or parts.get("organizationName") or "")


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))
