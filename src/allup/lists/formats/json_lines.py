"""JSON Lines: a value a line."""

import json

from allup.lists.formats.by_line import LineParser
from allup.lists.formats.json_fields import entry_of_json
from allup.lists.formats.line_text import readable
from allup.lists.line import invalid
from allup.model.target import Entry, InvalidTarget, Origin


class JsonLinesParser(LineParser):
    """The lines of a JSON Lines list; blank ones are skipped."""

    def _entry(self, line: bytes, start: bytes, origin: Origin) -> Entry:
        del start
        text = readable(line, origin)
        if isinstance(text, InvalidTarget):
            return text
        try:
            return entry_of_json(json.loads(text), self._defaults, origin)
        except json.JSONDecodeError as error:
            return invalid(text, f"no JSON: {error.msg}", origin, column=error.colno)
        except (ValueError, RecursionError):  # a number of too many digits, too many brackets
            return invalid(text, "no JSON that can be read: it is nested too deeply, or a number is too long", origin)
