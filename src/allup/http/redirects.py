"""Redirects: what is asked next, and what may not come along (RFC 9110, section 15.4)."""

import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import quote

from allup.http.place import origin
from allup.lists.host import userinfo_of
from allup.lists.url import BadUrl, join_url, printable_url
from allup.model.target import Target

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CREDENTIALS: Final = frozenset({"authorization", "cookie", "proxy-authorization", "host"})
_ABOUT_DATA: Final = frozenset({"content-type", "content-encoding", "content-language", "content-location"})
_FORM: Final = "application/x-www-form-urlencoded"
"""What data is where nothing else is said, as with curl."""
_USER_WITHOUT_SLASHES: Final = re.compile(r"\s*https?:(?![/\\])[^/?#\\]*@", re.IGNORECASE)
"""WHATWG reads it as a path, and its password would be printed as one."""
_URL_CHARACTERS: Final = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One request on the way from a target to its last redirect; `href` may hold a password, `url` is printable."""

    method: str
    href: str
    url: str
    host: str
    headers: tuple[tuple[str, str], ...]
    data: bytes | None = None

    @classmethod
    def first(cls, target: Target) -> Self:
        """Return the request for the target itself."""
        request = target.request
        return cls(
            method=request.method,
            href=target.href,
            url=printable_url(target.href),
            host=target.host,
            headers=request.headers if request.data is None else _with_type(request.headers),
            # Bytes of an argument that are not UTF-8 go as they came.
            data=None if request.data is None else request.data.encode("utf-8", "surrogateescape"),
        )

    def onward(self, status: int, location: str) -> "Leg":
        """Return the request that a redirect with `status` to `location` asks for; raises BadUrl."""
        if _USER_WITHOUT_SLASHES.match(location):
            raise BadUrl("a scheme without // before a user")
        url = join_url(self.href, raw_location(location))
        leaves = origin(url.href) != origin(self.href)
        method = _next_method(self.method, status)
        keeps_data = method == self.method
        headers = self.headers if keeps_data else _about_no_data(self.headers)
        return Leg(
            method=method,
            href=url.href if leaves else _as_user_of(self.href, url.href),
            url=printable_url(url.href),
            host=url.host,
            headers=_harmless(headers) if leaves else headers,
            data=self.data if keeps_data else None,
        )


def raw_location(location: str) -> str:
    """Return a Location header's text as a URL reference.

    aiohttp keeps bytes that are not UTF-8 as lone surrogates; they go on as the very bytes that
    the server sent, percent-encoded, since servers compare paths byte by byte.
    """
    if location.isascii():
        return location
    return quote(location.encode("utf-8", "surrogateescape"), safe=_URL_CHARACTERS)


def _as_user_of(before: str, href: str) -> str:
    userinfo = userinfo_of(before)
    scheme, _, rest = href.partition("://")
    return href if not userinfo or "@" in rest.partition("/")[0] else f"{scheme}://{userinfo}@{rest}"


def _next_method(method: str, status: int) -> str:
    if status == 303 and method != "HEAD":
        return "GET"
    return "GET" if status in (301, 302) and method == "POST" else method


def _with_type(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    named = any(name.lower() == "content-type" for name, _ in headers)
    return headers if named else (*headers, ("Content-Type", _FORM))


def _about_no_data(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if name.lower() not in _ABOUT_DATA)


def _harmless(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if name.lower() not in _CREDENTIALS)
