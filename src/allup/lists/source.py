"""What an argument of the command line is: a URL, a list, or standard input."""

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from allup.lists.redaction import encodable, printable_url
from allup.lists.url import BadUrl, parse_url
from allup.model.usage import UsageError

LIST_ENDINGS: Final = (
    *(".txt", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xml", ".gz", ".md", ".markdown"),
    *(".html", ".htm", ".list", ".lst", ".urls", ".yaml", ".yml", ".toml"),
)
"""What the name of a list ends in: such a name is no host, even where the list does not exist."""

_NO_TEXT: Final = (
    *(".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xml", ".gz"),
    *(".md", ".markdown", ".html", ".htm", ".yaml", ".yml", ".toml"),
)
"""Endings of lists that are not one URL a line: read as such, they would ask for URLs that nobody listed."""


class SourceError(UsageError):
    """A source that cannot be used; the message is for people and holds no password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlSource:
    """A URL as it was given; it may still turn out to be none."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """A list, by its path as it was given."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardInput:
    """The list that is read from a descriptor, standard input's."""

    fd: int = 0


Source = UrlSource | FileSource | StandardInput
"""Where entries come from."""


def resolve_source(text: str) -> Source:
    """Return what `text` is; raises SourceError that says which file or URL was looked for."""
    if text == "-":
        return StandardInput()
    if "://" in text:
        return UrlSource(text=text)
    if _exists(text):
        _check_format(text)
        return FileSource(path=text)
    if text.lower().endswith(LIST_ENDINGS):
        raise SourceError(f"{_printable(text)}: no such file")
    return _url_source(text)


def _check_format(text: str) -> None:
    ending = next((ending for ending in _NO_TEXT if text.lower().endswith(ending)), None)
    if ending is not None:
        raise SourceError(f"{_printable(text)}: allup reads text lists, one URL a line, and no {ending} as yet")


def _exists(text: str) -> bool:
    try:
        mode = Path(text).stat().st_mode if text else None
    except PermissionError:
        # It may well exist: opening it says what is wrong.
        return True
    except (OSError, ValueError):
        # Not there, too long, a NUL in it: no name of a list.
        return False
    if mode is not None and stat.S_ISDIR(mode):
        raise SourceError(f"{_printable(text)}: is a directory: name a list in it")
    return mode is not None


def _url_source(text: str) -> UrlSource:
    try:
        parse_url(text)
    except BadUrl as error:
        raise SourceError(f"{_printable(text)!r}: no such file, and no URL: {error}") from None
    return UrlSource(text=text)


def _printable(text: str) -> str:
    return encodable(printable_url(text))
