"""Where a request goes."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from yarl import URL

_REMEMBERED: Final = 1_024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # it is a key by itself: none is quicker to look up
class Place:
    """An origin (RFC 9110, section 4.3.1), and what every request to it has in common.

    `url` is the origin's own, without a user; `secure` says whether TLS is spoken there, `named` whether its
    host has to be looked up, and `host_header` is the value of Host. With an `address` it is asked there and
    at no other address of its host.
    """

    url: URL
    host: str
    port: int
    secure: bool
    named: bool
    host_header: str
    address: str | None = None


def place_of(href: str) -> Place:
    """Return the place that a serialised http or https URL is at."""
    scheme, authority = origin(href)
    return _place(scheme, authority)


def origin(href: str) -> tuple[str, str]:
    """Return scheme and host:port of a serialised URL, its userinfo left out."""
    scheme, _, rest = href.partition("://")
    return scheme, rest.partition("/")[0].rpartition("@")[2]


def target_of(href: str) -> str:
    """Return what a request line has of a serialised URL: path and query (RFC 9112, section 3.2.1)."""
    return "/" + href.partition("://")[2].partition("#")[0].partition("/")[2]


@lru_cache(maxsize=_REMEMBERED)
def at_address(place: Place, address: str) -> Place:
    """Return `place` at one `address` of its host, which nobody has to look up any more."""
    return replace(place, named=False, address=address)


@lru_cache(maxsize=_REMEMBERED)
def _place(scheme: str, authority: str) -> Place:
    url = URL(f"{scheme}://{authority}/", encoded=True)
    host = url.raw_host or ""
    return Place(
        url=url,
        host=host,
        port=url.port or 0,
        secure=scheme == "https",
        named=is_name(host),
        # A name with a dot behind it is the same name (RFC 9110 has no such dot): servers know it without.
        host_header=authority if not host.endswith(".") else url.host_port_subcomponent or "",
    )


def is_name(host: str) -> bool:
    """Say whether the host of a WHATWG URL has to be looked up: an address ends in a digit or has a colon."""
    return ":" not in host and not host.rpartition(".")[2].isdigit()
