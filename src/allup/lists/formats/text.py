"""Text lists: one target a line."""

import re
from dataclasses import replace
from typing import Final

from allup.lists.formats.by_line import LineParser
from allup.lists.formats.line_text import readable
from allup.lists.line import parse_line
from allup.model.target import Entry, InvalidTarget, Origin

_OTHERS: Final = (
    (re.compile(rb"<(?:\?xml|urlset|sitemapindex)\b", re.IGNORECASE), "XML", "sitemap"),
    (re.compile(rb"<(?:!doctype|html|head|body)\b", re.IGNORECASE), "HTML", "html"),
    (re.compile(rb"\{\s*\"[^\n]*\}\s*$"), "JSON Lines", "jsonl"),
    (re.compile(rb"\[\s*(?:[\"{]|$)|\{\s*(?:\"|$)"), "JSON", "json"),
)
"""How lists of other formats begin."""


class TextParser(LineParser):
    """The lines of a text list; blank ones and comments are skipped."""

    _begun = False

    def _entry(self, line: bytes, start: bytes, origin: Origin) -> Entry | None:
        # A comment may be anything: it asks for nothing.
        if start.startswith(b"#"):
            return None
        text = readable(line, origin)
        entry = parse_line(text, self._defaults, origin) if isinstance(text, str) else text
        if not self._begun:
            self._begun = True
            return _with_hint(entry, start)
        return entry


def _with_hint(entry: Entry | None, line: bytes) -> Entry | None:
    if isinstance(entry, InvalidTarget):
        for beginning, kind, format_ in _OTHERS:
            if beginning.match(line):
                return replace(entry, hint=f"it begins like {kind}: say --input-format {format_}")
    return entry
