"""URLs as they are listed, asked and counted."""

import re
from dataclasses import field
from functools import lru_cache
from typing import Final

import ada_url

from allup.lists.diagnosis import diagnose
from allup.lists.host import host_of
from allup.lists.redaction import printable_url
from allup.model.value import value

__all__ = ["LONGEST_URL", "BadUrl", "Url", "join_url", "parse_url", "printable_url"]

LONGEST_URL: Final = 65_536
"""Characters."""
REDACTED_PASSWORD: Final = ":${REDACTED}"  # noqa: S105 - no password
"""Stands for a password where a URL is written out; such a URL is refused."""
_HTTP: Final = ("https://", "http://")
_SCHEME: Final = re.compile(r"(?P<scheme>[a-z][a-z0-9+.\-]*):(?P<slashes>//)?", re.IGNORECASE)
_HOST: Final = re.compile(
    r"(?:localhost|[^\s/?#@:\[\]\\]+\.[^\s/?#@:\[\]\\.]+\.?|\[[0-9a-f:.]+\])(?=[:/?#]|\Z)", re.IGNORECASE
)
_PLAIN_REST: Final = re.compile(r"[A-Za-z0-9_~!$&()*+,;=:?/.-]*")
"""What may be behind an origin and is serialised as it is, but for segments of dots."""
_REMEMBERED: Final = 1_024
_BLANK: Final = re.compile(r"[\x00-\x20\x7f]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_STRAY_BYTE: Final = re.compile(r"[\udc80-\udcff]")


class BadUrl(ValueError):
    """A text that is no URL to check; the message is the reason, for people, and holds no password."""


@value
class Url:
    """One http or https URL.

    `listed` is the text as written, its password removed; `href` is WHATWG's serialisation, with
    password and fragment; `host` is the normalised host:port.
    """

    listed: str
    href: str = field(repr=False)
    host: str


def parse_url(text: str) -> Url:
    """Return the URL that `text` is; ``host.tld`` and ``localhost`` without a scheme mean https.

    Raises BadUrl.
    """
    return _of_known_origin(text) or _parsed(text.strip())


def _of_known_origin(text: str) -> Url | None:
    # Most targets of a list are at an origin that is in it before: what is plain behind that needs no parser.
    ends_at = text.find("/", len("https://")) if text.startswith(_HTTP) else -1
    if ends_at < 0 or _PLAIN_REST.fullmatch(text, ends_at) is None or "/." in text or len(text) > LONGEST_URL:
        return None
    host = _host_of_origin(text[:ends_at])
    return None if host is None else Url(listed=text, href=text, host=host)


@lru_cache(_REMEMBERED)
def _host_of_origin(origin: str) -> str | None:
    """Return the host:port of what is an origin as it would be serialised, without a user; None where it is none."""
    try:
        url = _parsed(f"{origin}/")
    except BadUrl:
        return None
    return url.host if url.href == f"{origin}/" and "@" not in origin else None


def _parsed(text: str) -> Url:
    _check_length(text)
    if f"{REDACTED_PASSWORD}@" in text:
        raise BadUrl("the password was taken out of the URL: put it back")
    blank = _BLANK.search(text)
    if blank:
        raise BadUrl(_blank_reason(blank[0]))
    written = text if text.startswith(_HTTP) else _with_scheme(text)
    try:
        href = ada_url.normalize_url(written)
    except ValueError:
        raise BadUrl(_reason(written)) from None
    return _url(written, href)


def join_url(base_href: str, location: str) -> Url:
    """Return where a redirect from `base_href` to `location`, often a relative reference, leads.

    Raises BadUrl.
    """
    location = location.strip()
    _check_length(location)
    if not location:
        raise BadUrl("the location is empty")
    if _CONTROL.search(location):
        raise BadUrl("a control character in the location")
    # Bytes that are not UTF-8 go back as they came, percent-encoded, as in a browser.
    location = _STRAY_BYTE.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", location)
    return _joined(base_href, location)


def _joined(base_href: str, location: str) -> Url:
    try:
        href = ada_url.join_url(base_href, location)
    except ValueError:
        raise BadUrl(_reason(f"https:{location}" if location.startswith("//") else location)) from None
    if not href.startswith(_HTTP):
        raise BadUrl(_unsupported(href.partition(":")[0]))
    return _url(href, href)


def _url(written: str, href: str) -> Url:
    try:
        return Url(listed=printable_url(written), href=href, host=host_of(href))
    except ValueError as error:
        raise BadUrl(str(error)) from None


def _check_length(text: str) -> None:
    if len(text) > LONGEST_URL:
        raise BadUrl(f"the URL is longer than {LONGEST_URL:,} characters")


def _blank_reason(character: str) -> str:
    if character == " ":
        return "a space in the URL: write %20"
    return f"{character!r} in the URL: control characters and line ends cannot be part of it"


def _with_scheme(text: str) -> str:
    match = _SCHEME.match(text)
    if match and match["slashes"]:
        if match["scheme"].lower() not in {"http", "https"}:
            raise BadUrl(_unsupported(match["scheme"]))
        return text
    if _HOST.match(text):
        return f"https://{text}"
    raise BadUrl(_not_a_url(text, match["scheme"].lower() if match else None))


def _not_a_url(text: str, scheme: str | None) -> str:
    if text.startswith(("'", '"')):
        return "not a URL: it begins with a quote, and a URL in a list is not quoted"
    if scheme in {"http", "https"}:
        return f"not a URL: write {scheme}:// and the host"
    # What is in front of an @ may be user:password.
    if scheme is None or "." in scheme or ("@" in text and scheme != "mailto"):
        return "not a URL: write https:// and the host, or a host with a dot in it"
    return _unsupported(scheme)


def _unsupported(scheme: str) -> str:
    if scheme.lower() == "tcp":
        return "scheme tcp is only supported by allup wait: what is checked is http or https"
    return f"scheme {scheme} is not supported: allup checks http and https"


def _reason(text: str) -> str:
    # Bytes that are not UTF-8 come in arguments as lone surrogates.
    return "not UTF-8" if _SURROGATE.search(text) else diagnose(text)
