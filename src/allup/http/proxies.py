"""Through whom a URL is asked, if through anybody."""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Self
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined] # not in its stub

from yarl import URL

from allup.http.credentials import basic
from allup.http.place import Place, is_name
from allup.model.settings import Proxies
from allup.model.usage import UsageError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_WITH_PORT: Final = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[0-9.]+):(?P<port>[0-9]{1,5})")


class ProxyUrlError(UsageError):
    """The URL of a proxy cannot be used; the message is for people and holds none of it, since that may be a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """One proxy: its `url` without credentials, and the value of a Proxy-Authorization header where it has some."""

    url: URL
    authorization: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the proxy at the URL `text`; raises ProxyUrlError."""
        try:
            url = URL(text)
        except ValueError:
            raise ProxyUrlError("the proxy is no URL such as http://HOST:PORT") from None
        if url.scheme not in {"http", "https"} or not url.raw_host:
            raise ProxyUrlError("the proxy is no http:// or https:// URL")
        return cls(url=url.origin(), authorization=_authorization(url))

    def __str__(self) -> str:
        """Return host:port."""
        return f"{self.url.host_subcomponent}:{self.url.port}"

    @property
    def named(self) -> bool:
        """Whether its host has to be looked up."""
        return is_name(self.url.raw_host or "")

    @property
    def secure(self) -> bool:
        """Whether TLS is spoken to the proxy itself."""
        return self.url.scheme == "https"

    @property
    def headers(self) -> dict[str, str]:
        """What is said to the proxy alone."""
        return {} if self.authorization is None else {"Proxy-Authorization": self.authorization}


class ProxyChoice:
    """The proxies of a run; raises ProxyUrlError."""

    def __init__(self, proxies: Proxies) -> None:
        self._always = _parsed(proxies.always)
        self._by_scheme = {"http": _parsed(proxies.http), "https": _parsed(proxies.https)}
        self._bypass = Bypass(proxies.bypass)

    def of(self, place: Place) -> Proxy | None:
        """Return the proxy that `place` is asked through; None: it is asked directly."""
        proxy = self._by_scheme.get(place.url.scheme)
        if self._always is not None or proxy is None:
            return self._always
        host = place.host.rstrip(".")
        return None if is_loopback(host) or self._bypass.holds(host, place.port) else proxy


class Bypass:
    """The hosts of a NO_PROXY, as the standard library reads it, and beyond that as curl and Go do.

    Those also take ``*`` among others, ``*.domain``, addresses in any notation, and networks.
    """

    def __init__(self, text: str) -> None:
        entries = text.replace(",", " ").lower().split()
        self._all = "*" in entries
        self._below = tuple(entry[1:] for entry in entries if entry.startswith("*."))
        self._networks = tuple(network for entry in entries if (network := _network(entry)) is not None)
        self._names = ",".join(entries)

    def holds(self, host: str, port: int) -> bool:
        """Say whether `host` (in small letters, an IPv6 address without brackets) on `port` is one of them."""
        if self._all:
            return True
        address = _address(host)
        if address is not None:
            return any(address in network and only in (None, port) for network, only in self._networks)
        if any(host.endswith(domain) or f"{host}:{port}".endswith(domain) for domain in self._below):
            return True
        return bool(proxy_bypass_environment(f"{host}:{port}", {"no": self._names}))


def is_loopback(host: str) -> bool:
    """Say whether `host`, in small letters, is this very machine: by its name (RFC 6761) or its address."""
    address = _address(host)
    if address is None:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback


def _parsed(text: str | None) -> Proxy | None:
    return None if text is None else Proxy.parse(text)


def _authorization(url: URL) -> str | None:
    if url.raw_user is None and url.raw_password is None:
        return None
    return basic(url.user or "", url.password or "")


def _address(host: str) -> Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(entry: str) -> tuple[Network, int | None] | None:
    host, port = _split(entry.lstrip("."))
    address = _address(host)
    try:
        return ip_network(host if address is None else address, strict=False), port
    except ValueError:
        return None


def _split(entry: str) -> tuple[str, int | None]:
    match = _WITH_PORT.fullmatch(entry)
    if match is None:
        return entry.strip("[]"), None
    return match["host"].strip("[]"), int(match["port"])
