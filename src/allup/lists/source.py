"""What an argument of the command line is: a URL, a list, several lists, or standard input."""

import glob
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from allup.lists.formats.format import LIST_ENDINGS, InputFormat, format_of
from allup.lists.redaction import encodable, printable_url
from allup.lists.url import BadUrl, parse_url
from allup.model.usage import UsageError

_MOST_FILES: Final = 100_000
"""What a pattern may match: with more, it is another one that was meant."""


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
    format: InputFormat = InputFormat.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardInput:
    """The list that is read from a descriptor, standard input's."""

    fd: int = 0
    format: InputFormat = InputFormat.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSource:
    """A list that has to be fetched; `url` may be printed, `href` may hold a password."""

    href: str = field(repr=False)
    url: str
    format: InputFormat


Source = UrlSource | FileSource | StandardInput | RemoteSource
"""Where entries come from."""


def resolve_source(text: str, input_format: InputFormat | None = None) -> Source:
    """Return what `text` is; raises SourceError that says which file or URL was looked for.

    With an `input_format`, everything is a list of that format, and a URL is where to fetch it.
    """
    if text == "-":
        return StandardInput(format=input_format or InputFormat.TEXT)
    if "://" in text:
        return _url_source(text, input_format)
    if _exists(text):
        return FileSource(path=text, format=input_format or _format_of(text))
    try:
        parse_url(text)
        if text.lower().endswith(LIST_ENDINGS):
            maybe = "; if it is a URL, write https:// before it" if "/" in text else ""
            raise SourceError(f"{_printable(text)}: no such file{maybe}")
    except BadUrl as error:
        if text.lower().endswith(LIST_ENDINGS):
            raise SourceError(f"{_printable(text)}: no such file") from None
        raise SourceError(f"{_printable(text)!r}: no such file, and no URL: {error}") from None
    return _url_source(text, input_format)


def resolve_sources(text: str, input_format: InputFormat | None = None) -> list[Source]:
    """Return what `text` is, or where it is a pattern with ``*`` the lists that match it, by name; raises SourceError.

    ``**`` stands for directories of any depth, as in a shell.
    """
    if "*" not in text or "://" in text or _exists(text):
        return [resolve_source(text, input_format)]
    paths = sorted(path for path in glob.iglob(text, recursive=True) if not Path(path).is_dir())  # noqa: PTH207 - keeps the path as it was given
    if not paths:
        raise SourceError(f"{_printable(text)}: no file matches")
    if len(paths) > _MOST_FILES:
        raise SourceError(f"{_printable(text)}: more than {_MOST_FILES:,} files match")
    return [FileSource(path=path, format=input_format or _format_of(path)) for path in paths]


def _url_source(text: str, input_format: InputFormat | None) -> UrlSource | RemoteSource:
    if input_format is None:
        return UrlSource(text=text)
    try:
        url = parse_url(text)
    except BadUrl as error:
        raise SourceError(f"{_printable(text)}: cannot be fetched: {error}") from None
    return RemoteSource(href=url.href, url=url.listed, format=input_format)


def _format_of(path: str) -> InputFormat:
    format_ = format_of(path)
    if format_ is None:
        known = ", ".join(InputFormat)
        raise SourceError(
            f"{_printable(path)}: not a list that can be read by its ending; if it is one, say --input-format: {known}"
        )
    return format_


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
        raise SourceError(f"{_printable(text)}: is a directory: name a list in it, or several with *")
    return mode is not None


def _printable(text: str) -> str:
    return encodable(printable_url(text))
