"""JSON on one line that is safe to print and always encodable."""

import json
import re
from typing import Final

import orjson

from allup.report.printable import ACTIVE, is_plain

_encode_anything: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_text(value: object) -> str:
    r"""Return `value` as JSON on one line; harmful characters are ``\uXXXX``, so a parser reads the same data."""
    text = _encoded(value)
    if text.isascii() and "\x7f" not in text and "#" not in text:  # json itself escapes all else that could be harmful
        return text
    return text if is_plain(text) else ACTIVE.sub(_escaped, text)


def _encoded(value: object) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # it takes no half characters, as bytes that are no UTF-8 leave them, and no endless numbers
        return _encode_anything(value)


def _escaped(match: re.Match[str]) -> str:
    # Outside of strings JSON is plain ASCII, so every match is inside of one. json writes pairs for high planes.
    return r"\u0023" if match[0] == "#" else json.dumps(match[0]).strip('"')
