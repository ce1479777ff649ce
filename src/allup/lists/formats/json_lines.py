"""JSON Lines: a value a line."""

import json
from typing import Any

from allup.lists.formats.by_line import LineParser
from allup.lists.formats.json_fields import entry_of_json
from allup.lists.formats.line_text import readable
from allup.lists.line import invalid
from allup.model.target import Entry, InvalidTarget, Origin


class JsonLinesParser(LineParser):
    """The lines of a JSON Lines list; blank ones are skipped, and the summary behind the records of a shard."""

    def _entry(self, line: bytes, start: bytes, origin: Origin) -> Entry | None:
        del start
        text = readable(line, origin)
        if isinstance(text, InvalidTarget):
            return text
        try:
            value = json.loads(text, object_pairs_hook=_once_each)
            return None if _is_summary(value) else entry_of_json(value, self._defaults, origin)
        except Twice as error:
            return invalid(text, str(error), origin)
        except json.JSONDecodeError as error:
            return invalid(text, f"no JSON: {error.msg}", origin, column=error.colno)
        except (ValueError, RecursionError):  # a number of too many digits, too many brackets
            return invalid(text, "no JSON that can be read: it is nested too deeply, or a number is too long", origin)


def _is_summary(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"schema", "summary"}


class Twice(ValueError):
    """A key that is there twice in one object."""


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise Twice(f"{next(key for key in keys if keys.count(key) > 1)!r} is there twice: keep one")
    return found
