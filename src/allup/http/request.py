"""One request: what a connection for it is looked up by, and what is written on that."""

import ssl
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from aiohttp import ClientRequest
from aiohttp.client_reqrep import ConnectionKey
from multidict import CIMultiDict

from allup.http.place import Place, target_of
from allup.http.proxies import Proxy

_REMEMBERED: Final = 1_024
_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""RFC 9110, section 8.6: where no length is sent, the others' body may be still to come."""
_FORBIDDEN: Final = ("\r", "\n", "\0")


Headers = tuple[tuple[str, str], ...]


class Request(ClientRequest):
    """What aiohttp's connector has to know of a request; the rest of `ClientRequest` is never made.

    `on_connecting` is called before a new connection is made.
    """

    def __init__(
        self,
        place: Place,
        *,
        context: ssl.SSLContext | None,
        proxy: Proxy | None,
        fresh: bool,
        on_connecting: Callable[[], None],
    ) -> None:
        self.url = place.url
        self.proxy = None if proxy is None else proxy.url
        self.proxy_auth = None
        self.proxy_headers = None if proxy is None else CIMultiDict(proxy.headers)
        self._ssl = context or True
        # The pool keeps connections by host and by what they were made with: to name the host
        # once more changes nothing but that, and so this one is new, where others may be stale too.
        self.server_hostname = place.host if fresh else None
        self.on_connecting = on_connecting
        self._key = _key(place, context, proxy, self.server_hostname)
        if proxy is not None:  # it is asked for a tunnel in the name of this one
            self.original_url = place.url
            self.headers = CIMultiDict(Host=place.host_header)

    @property
    def connection_key(self) -> ConnectionKey:
        """What the pool keeps connections by."""
        return self._key


@lru_cache(maxsize=_REMEMBERED)
def _key(
    place: Place, context: ssl.SSLContext | None, proxy: Proxy | None, server_hostname: str | None
) -> ConnectionKey:
    return ConnectionKey(
        host=place.host,
        port=place.port,
        is_ssl=place.secure,
        ssl=context or True,
        proxy=None if proxy is None else proxy.url,
        proxy_auth=None,
        proxy_headers_hash=_distinction(place) if proxy is None else hash(proxy.authorization),
        server_hostname=server_hostname,
    )


def _distinction(place: Place) -> int | None:
    # Without a proxy it is free for what tells connections of one host apart; of an address, it is all of it.
    return None if place.address is None else int.from_bytes(place.address.encode())


@lru_cache(maxsize=_REMEMBERED)
def headers_of(user_agent: str, own: Headers) -> Headers:
    """Return the headers of every request with the `own` ones of one, which go before those of the same name."""
    headers = CIMultiDict({"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"})
    for name in {name.lower() for name, _ in own}:
        headers.popall(name, None)
    headers.extend(own)
    return tuple(headers.items())


def written(method: str, href: str, place: Place, headers: Headers, data: bytes | None, *, whole_url: bool) -> bytes:
    """Return a request as it is sent (RFC 9112, section 3); `whole_url` is for a proxy that makes no tunnel.

    Raises ValueError where a header would end early.
    """
    target = f"{place.url.scheme}://{place.host_header}{target_of(href)}" if whole_url else target_of(href)
    host, lines = _said(headers, _length(method, data))
    head = f"{method} {target} HTTP/1.1\r\nHost: {host or place.host_header}\r\n{lines}\r\n".encode()
    return head if data is None else head + data


def _length(method: str, data: bytes | None) -> int | None:
    if data is None:
        return None if method in _WITHOUT_BODY else 0
    return len(data)


@lru_cache(maxsize=_REMEMBERED)
def _said(headers: Headers, length: int | None) -> tuple[str | None, str]:
    """Return the Host in `headers`, if one is there, and the lines of the others."""
    named = CIMultiDict(headers)
    if length is not None and "Content-Length" not in named and "Transfer-Encoding" not in named:
        named["Content-Length"] = str(length)
    lines = [f"{name}: {value}\r\n" for name, value in named.items() if name.lower() != "host"]
    host = named.get("Host")
    if any(character in line.removesuffix("\r\n") for line in [*lines, host or ""] for character in _FORBIDDEN):
        raise ValueError("a line break in a header")
    return host, "".join(lines)
