"""HTTP methods as people write them."""

import re
from typing import Final

TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, section 5.6.2."""
_STANDARD: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"})


def parse_method(text: str) -> str:
    """Return the method that `text` names, a standard one in capitals and any other as it is.

    Raises ValueError with a message for people.
    """
    if TOKEN.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a method: write GET, HEAD or another word without spaces")
    upper = text.upper()
    if upper == "CONNECT":
        raise ValueError("CONNECT opens a tunnel and asks for no URL: write GET or HEAD")
    return upper if upper in _STANDARD else text
