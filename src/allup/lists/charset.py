"""Which text the bytes of a body are."""

import codecs
import re
from email.message import Message
from typing import Final

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META: Final = re.compile(rb"""<(?:meta|\?xml)\s[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
LOOKED_AT: Final = 1024
"""Bytes at the start in which a document may name its charset: HTML, section 13.2.3.2."""
_MARKED_UP: Final = frozenset({"text/html", "application/xhtml+xml", "text/xml", "application/xml"})
_NO_CHARSETS: Final = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
"""Python's own encodings, which no server means."""
_AS_BROWSERS: Final = {"iso8859-1": "cp1252", "ascii": "cp1252"}
"""What these labels stand for on the web: WHATWG's Encoding, section 4.2."""


def text_of(body: bytes, content_type: str) -> str:
    """Return the text of `body`, with U+FFFD for what is no text in its charset."""
    return body.decode(charset_of(body, content_type), "replace")


def charset_of(body: bytes, content_type: str) -> str:
    """Return Python's name for the charset of `body`, of which the first `LOOKED_AT` bytes are enough.

    It is known by a byte order mark, else by the header, else by the body's own word, else it is UTF-8.
    """
    for bom, charset in _BOMS:
        if body.startswith(bom):
            return charset
    return _named(content_type) or _declared(body, content_type) or "utf-8"


def _named(content_type: str) -> str | None:
    header = Message()
    header["Content-Type"] = content_type
    return _python_s(header.get_content_charset())


def _declared(body: bytes, content_type: str) -> str | None:
    if content_type.partition(";")[0].strip().lower() not in _MARKED_UP:
        return None
    found = _META.search(body, 0, LOOKED_AT)
    return None if found is None else _python_s(found[1].decode("ascii", "replace"))


def _python_s(label: str | None) -> str | None:
    try:
        codec = codecs.lookup(label or "")
    except (LookupError, ValueError):
        return None
    if not getattr(codec, "_is_text_encoding", True) or codec.name in _NO_CHARSETS:
        return None
    return _AS_BROWSERS.get(codec.name, codec.name)
