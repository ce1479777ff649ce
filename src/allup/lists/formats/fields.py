"""Targets whose URL and options come as fields with names: columns of a table, keys of an object."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from allup.lists.details import LineDefaults
from allup.lists.line import invalid, target_of
from allup.lists.options import OPTIONS, read_options
from allup.lists.port import parse_url_or_port
from allup.lists.template import Template
from allup.lists.words import Word
from allup.model.target import Entry, Origin

URL: Final = "url"
FIELDS: Final = (URL, *OPTIONS)
"""The names that mean something; others belong to whoever made the list."""

_NEAR: Final = 0.8
"""How alike a name and a field's are where one was meant for the other: ``expct``, but not ``status``."""


def field_name(text: str) -> str:
    """Return `text` as fields are named: ``Expect_Header`` and ``expect header`` mean ``expect-header``."""
    return "-".join(text.strip().lower().replace("_", " ").replace("-", " ").split())


def meant(name: str) -> str | None:
    """Return the field that `name` is a slip of the pen for, None where it is one itself or far from all."""
    near = [] if name in FIELDS else get_close_matches(name, FIELDS, n=1, cutoff=_NEAR)
    # A name with more to it (headers, fname) is a word of its own, and others have their own fields.
    return near[0] if near and len(name) <= len(near[0]) else None


def entry_of(
    url: str, values: Iterable[tuple[str, str]], defaults: LineDefaults, origin: Origin, *, shown: str
) -> Entry:
    """Return the target of `url` with the options `values`, or why it is none; `shown` is its text as it stands."""
    try:
        parsed = parse_url_or_port(url, defaults)
        said = read_options([_word(*value) for value in values], defaults, parsed.href)
        return target_of(parsed, said, origin)
    except ValueError as error:
        return invalid(shown, str(error), origin)


def _word(option: str, text: str) -> Word:
    try:
        text.encode()
        template = Template.parse(text)
    except UnicodeEncodeError:
        raise ValueError(f"{option}: half of a surrogate pair in it") from None
    except ValueError as error:
        raise ValueError(f"{option}: {error}") from None
    return Word(Template(f"{option}={template.masked}", template.names), 1)
