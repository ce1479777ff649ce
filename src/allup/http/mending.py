"""Heads of answers that break a rule, and are to be understood all the same."""

import re
from typing import Final

_SPACE_BEFORE_COLON: Final = re.compile(rb"^([!#$%&'*+\-.^_`|~0-9A-Z]+)[ \t]+:", re.IGNORECASE | re.MULTILINE)
_CODING: Final = re.compile(rb"^Transfer-Encoding:", re.IGNORECASE | re.MULTILINE)
_LENGTH: Final = re.compile(rb"^Content-Length:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)
_MINOR: Final = slice(7, 8)


def mended(head: bytes) -> bytes:
    """Return the complete `head` of an HTTP/1 answer, as RFC 9112 has its recipient read it.

    A later minor version is read as 1.1 (section 2.3, by RFC 9110, section 2.5), a space before a
    header's colon is removed (5.1), and a transfer coding overrides a length (6.3). aiohttp's parser
    refuses all three, and browsers and curl take them.
    """
    if head[_MINOR] > b"1":
        head = b"HTTP/1.1" + head[_MINOR.stop :]
    head = _SPACE_BEFORE_COLON.sub(rb"\1:", head)
    return _LENGTH.sub(b"", head) if _CODING.search(head) else head
