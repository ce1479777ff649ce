"""By what a run is known again: its lists and its options, each by a name for people and a fingerprint."""

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, assert_never

from allup.lists.details import LineDefaults
from allup.lists.redaction import encodable, printable_url
from allup.lists.source import FileSource, RemoteSource, Source, SourceError, StandardInput, UrlSource
from allup.model.settings import CheckSettings
from allup.run.journal.identity import Identities
from allup.run.journal.options import decisive

_MOST_LISTED: Final = 100
_LONGEST_NAME: Final = 200
_MOST_NAMED: Final = 5

Marked = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of one run; of a list that is a file its content is in it, others are known by their targets alone."""

    lists: Marked
    options: Mapping[str, str]

    @classmethod
    def of(
        cls, sources: Sequence[Source], defaults: LineDefaults, settings: CheckSettings, identities: Identities
    ) -> Self:
        """Return the marks of a run over `sources`, which reads the files; raises SourceError."""
        lists = tuple((_name(one)[:_LONGEST_NAME], identities.of_value(_held(one, identities))) for one in sources)
        if len(lists) > _MOST_LISTED:
            lists = ((f"{len(lists):,} sources", identities.of_value(lists)),)
        options = {name: identities.of_value(value) for name, value in decisive(defaults, settings).items()}
        return cls(lists=lists, options=options)

    def differences(self, before: "Marks") -> str | None:
        """Return for people what is not as it was `before`; None where all is."""
        return "; ".join(self._differences(before)) or None

    def _differences(self, before: "Marks") -> Iterator[str]:
        if self.lists != before.lists:
            if [name for name, _ in self.lists] != [name for name, _ in before.lists]:
                yield f"it was begun with {_named([name for name, _ in before.lists])}"
            else:
                pairs = zip(self.lists, before.lists, strict=True)
                yield f"{_named([now[0] for now, then in pairs if now != then])} is not what it was then"
        names = [*self.options, *(before.options.keys() - self.options.keys())]
        others = [name for name in names if self.options.get(name) != before.options.get(name)]
        if others:
            yield f"{_named(others)}: not as it was then"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(map(_short, names[:_MOST_NAMED])) + more


def _short(name: str) -> str:
    # A journal that somebody made up has names of any length.
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."


def _name(source: Source) -> str:
    match source:
        case UrlSource():
            return encodable(printable_url(source.text))
        case FileSource():
            return encodable(source.path)
        case StandardInput():
            return "standard input"
        case RemoteSource():
            return encodable(source.url)
        case _:
            assert_never(source)


def _held(source: Source, identities: Identities) -> object:
    match source:
        case UrlSource():
            return source.text
        case FileSource():
            return source.path, source.format, _content(Path(source.path), identities)
        case StandardInput():
            return source.format
        case RemoteSource():
            return source.href, source.format
        case _:
            assert_never(source)


def _content(path: Path, identities: Identities) -> str | None:
    try:
        # A pipe can be read only once, and not now.
        return identities.of_file(path) if stat.S_ISREG(path.stat().st_mode) else None
    except OSError as error:
        raise SourceError(f"{encodable(str(path))}: cannot be read: {error.strerror}") from None
