"""A value of JSON as a target: an object with a URL and options, or a string that is a URL."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from allup.lists.details import LineDefaults
from allup.lists.formats.fields import URL, entry_of, field_name, meant
from allup.lists.line import invalid
from allup.lists.options import OPTIONS
from allup.model.target import Entry, Origin

_JOINTS: Final = {"header": ": ", "expect-header": ": ", "json": "="}
"""How the names and values of an object become texts, for the options that are made of both."""
_COMMA: Final = frozenset({"expect"})
"""Options whose one value is a list with commas."""
_LONGEST_SHOWN: Final = 65_536


def entry_of_json(value: Any, defaults: LineDefaults, origin: Origin) -> Entry:
    """Return the target that `value` describes, or why it is none.

    Keys that are no option's are left alone, but for slips of the pen; null is as good as nothing.
    """
    shown = as_text(value)
    if isinstance(value, str):
        return entry_of(value, (), defaults, origin, shown=value)
    if not isinstance(value, dict):
        return invalid(shown, "neither a URL nor an object with a url", origin)
    try:
        fields = _fields(value)
        url = fields.pop(URL, None)
        if not isinstance(url, str):
            reason = "an object without a url" if url is None else "its url is no string"
            return invalid(shown, reason, origin, hint='write {"url": "https://..."}')
        values = [(option, text) for option, given in fields.items() for text in _texts(option, given)]
    except ValueError as error:
        return invalid(shown, str(error), origin)
    return entry_of(url, values, defaults, origin, shown=shown)


def as_text(value: Any) -> str:
    """Return `value` as JSON, on one line, its start alone where it is long."""
    return json.dumps(value, ensure_ascii=False, default=str)[:_LONGEST_SHOWN]


def _fields(value: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, given in value.items():
        name = field_name(key)
        if field := meant(name):
            raise ValueError(f"no option is called {key!r}: did you mean {field}?")
        if (name != URL and name not in OPTIONS) or given is None:
            continue
        if name in fields:
            raise ValueError(f"{name} is there twice: keep one")
        fields[name] = given
    return fields


def _texts(option: str, given: Any) -> Iterator[str]:
    several = OPTIONS[option].several
    if isinstance(given, dict) and option in _JOINTS:
        for name, one in given.items():
            if one is not None or option == "json":
                yield f"{name}{_JOINTS[option]}{_text(option, one)}"
    elif isinstance(given, list) and several:
        for one in given:
            if one is not None:
                yield _text(option, one)
    elif isinstance(given, list) and option in _COMMA:
        yield ",".join(_text(option, one) for one in given)
    else:
        yield _text(option, given)


def _text(option: str, given: Any) -> str:
    match given:
        case str():
            return given
        case bool() if option == "follow":
            return "yes" if given else "no"
        case Decimal():
            return str(given)
        case bool() | int() | float() | None:
            return as_text(given)
        case _:
            raise ValueError(f"{option}: {as_text(given)[:80]} is not {OPTIONS[option].form}")
