"""Addresses that stand for names: what `--resolve` and `--resolver` take."""

from ipaddress import IPv6Address, ip_address
from typing import Final

from allup.lists.url import BadUrl, parse_url
from allup.model.settings import Pin

_PIN: Final = "write HOST:PORT:ADDRESS, as in example.org:443:192.0.2.7"


def parse_pin(text: str) -> Pin:
    """Return what ``HOST:PORT:ADDRESS[,ADDRESS...]`` pins; raises ValueError with a message for people.

    The host is normalised as that of a URL, ``*`` is any; IPv6 addresses may be in brackets.
    """
    host, _, rest = text.strip().partition(":")
    port, _, addresses = rest.partition(":")
    if not (host and addresses and port.isascii() and port.isdigit()):
        raise ValueError(f"{text!r} pins nothing: {_PIN}")
    known = tuple(_address(one) for one in addresses.split(","))
    if len(port) > 5 or not 0 < int(port) <= 65535:
        raise ValueError(f"{port} is no port: it is from 1 to 65535")
    return Pin(host="*" if host == "*" else _name(host), port=int(port), addresses=known)


def parse_resolver(text: str) -> str:
    """Return the DNS server that ``ADDRESS[:PORT]`` names, as such, an IPv6 address in brackets.

    Raises ValueError with a message for people.
    """
    text = text.strip()
    address, colon, port = text.rpartition(":")
    if not colon or (text.count(":") > 1 and not address.endswith("]")):
        address, port = text, "53"
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) <= 65535):
        raise ValueError(f"{text!r} has no port that is one: it is from 1 to 65535")
    known = _address(address)
    return f"[{known}]:{port}" if ":" in known else f"{known}:{port}"


def _name(host: str) -> str:
    try:
        return parse_url(f"http://{host}/").host.rpartition(":")[0]
    except BadUrl as error:
        raise ValueError(f"{host!r} is no host: {error}") from None


def _address(text: str) -> str:
    bare = text.strip()
    if bare.startswith("[") and bare.endswith("]"):
        bare = bare[1:-1]
    try:
        address = ip_address(bare)
    except ValueError:
        raise ValueError(f"{text!r} is no IP address") from None
    if isinstance(address, IPv6Address) and address.scope_id:
        raise ValueError(f"{text!r} has a zone, which is this machine's business")
    return str(address)
