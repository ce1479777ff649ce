"""Hosts as limits count them: the normalised host:port of a URL."""

import re
from typing import Final

LONGEST_NAME: Final = 253
LONGEST_LABEL: Final = 63
"""Octets; RFC 1035, section 2.3.4."""
_PORT: Final = re.compile(r":[0-9]+\Z")


def host_of(href: str) -> str:
    """Return host:port of a serialised http or https URL, with the scheme's default port filled in.

    Raises ValueError where the host is a name that cannot be looked up.
    """
    scheme, _, rest = href.partition("://")
    host = rest.partition("/")[0].rpartition("@")[2]
    port = _PORT.search(host)
    _check_name(host if port is None else host[: port.start()])
    if port is not None:
        return host
    return f"{host}:443" if scheme == "https" else f"{host}:80"


def userinfo_of(href: str) -> str:
    """Return the user and the password in a serialised URL, as they are in it: ``user:password``."""
    return href.partition("://")[2].partition("/")[0].rpartition("@")[0]


def _check_name(name: str) -> None:
    if name == ".":
        raise ValueError("no host: a dot alone is not a name")
    name = name.removesuffix(".")
    if ".." in name or name.startswith(".") or name.endswith("."):
        raise ValueError("the host has an empty label: two dots in a row, or a dot in front")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the host is longer than {LONGEST_NAME} characters")
    if len(name) > LONGEST_LABEL and max(map(len, name.split("."))) > LONGEST_LABEL:
        raise ValueError(f"the host has a label longer than {LONGEST_LABEL} characters")
