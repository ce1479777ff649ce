"""Text lists: one target a line."""

import re
from typing import Final

from allup.lists.formats.by_line import LineParser
from allup.lists.formats.line_text import readable
from allup.lists.formats.parser import BrokenList
from allup.lists.line import parse_line
from allup.model.target import Entry, Origin

_OTHERS: Final = (
    (re.compile(rb"<(?:\?xml|urlset|sitemapindex)\b", re.IGNORECASE), "XML", "sitemap"),
    (re.compile(rb"<(?:!doctype|html|head|body)\b", re.IGNORECASE), "HTML", "html"),
    (re.compile(rb"\{\s*\"[^\n]*\}\s*$"), "JSON Lines", "jsonl"),
    (re.compile(rb"\[\s*(?:[\"{]|$)|\{\s*(?:\"|$)"), "JSON", "json"),
)
"""How lists of other formats begin: line by line they would be a failure each."""


class TextParser(LineParser):
    """The lines of a text list; blank ones and comments are skipped."""

    _begun = False

    def _entry(self, line: bytes, start: bytes, origin: Origin) -> Entry | None:
        # A comment may be anything: it asks for nothing.
        if start.startswith(b"#"):
            return None
        if not self._begun:
            self._begun = True
            _check_first(start, origin.line)
        text = readable(line, origin)
        return parse_line(text, self._defaults, origin) if isinstance(text, str) else text


def _check_first(line: bytes, number: int | None) -> None:
    for beginning, kind, format_ in _OTHERS:
        if beginning.match(line):
            raise BrokenList(f"it begins like {kind}", hint=f"say --input-format {format_}", line=number)
