"""JSON inside of a page: no parser of HTML finds anything else in it."""

import re
from typing import Final

from allup.report.json_text import json_text

_MARKUP: Final = re.compile("[<>&]")


def page_json(value: object) -> str:
    r"""Return `value` as JSON on one line, as `json_text`, with ``<``, ``>`` and ``&`` as ``\uXXXX`` too."""
    return markup_escaped(json_text(value))


def markup_escaped(json: str) -> str:
    r"""Return `json` with ``<``, ``>`` and ``&`` as ``\uXXXX``: they stand inside of strings only."""
    # Nothing but a "<" ends a script, or begins a comment in one.
    return _MARKUP.sub(lambda match: f"\\u{ord(match[0]):04x}", json)
