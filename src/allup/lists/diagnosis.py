"""Why the URL parser refused a text: it only says that it did."""

import re
from ipaddress import AddressValueError, IPv6Address
from typing import Final
from urllib.parse import unquote

_AUTHORITY: Final = re.compile(r"[^:]*:[/\\]*(?P<authority>[^/?#\\]*)")
_FORBIDDEN: Final = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
"""WHATWG's forbidden domain code points."""
_NUMERIC: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\.?\Z", re.IGNORECASE)


def diagnose(text: str) -> str:
    """Return what is wrong with `text`, an http or https URL that was refused; never quotes a password."""
    match = _AUTHORITY.match(text)
    host = match["authority"].rpartition("@")[2] if match else ""
    if host.startswith("["):
        return _diagnose_ipv6(host)
    name, colon, port = host.rpartition(":")
    # Not quoted: in https://user:pa/ss@host it is the password's beginning.
    if colon and not _is_port(port):
        return "bad port: a port is a number up to 65535"
    return _diagnose_name(unquote(name if colon else host))


def _is_port(text: str) -> bool:
    # The length comes first: Python refuses to convert thousands of digits.
    digits = text.lstrip("0")
    return not text or (text.isascii() and text.isdigit() and len(digits) <= 5 and int(digits or "0") <= 65535)


def _diagnose_ipv6(host: str) -> str:
    address, bracket, after = host[1:].partition("]")
    if not bracket:
        return "bad IPv6 address: the closing ] is missing"
    try:
        IPv6Address(address)
    except AddressValueError:
        return "bad IPv6 address between [ and ]"
    if after and not (after.startswith(":") and _is_port(after[1:])):
        return "bad port: a port is a colon and a number up to 65535"
    return "bad IPv6 address between [ and ]"


def _diagnose_name(name: str) -> str:
    if not name:
        return "no host after the scheme"
    forbidden = _FORBIDDEN.search(name)
    if forbidden:
        return f"{forbidden[0]!r} cannot be in a host"
    if _NUMERIC.match(name.removesuffix(".").rpartition(".")[2]):
        return "bad IPv4 address: four numbers from 0 to 255"
    return "the host is not a valid name"
