"""Which entries of a list are wanted: those that are asked for, each once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from allup.lists.details import LineDefaults
from allup.lists.pattern import RegularExpression
from allup.lists.repeats import Repeats
from allup.lists.sharding import Sharding
from allup.model.answer import TooSlow
from allup.model.selection import SelectionSettings
from allup.model.shard import Share
from allup.model.target import Entry, InvalidTarget
from allup.model.usage import UsageError

_PATIENCE_S: Final = 0.1
"""The most that one search in a URL may take: it is done while nothing else is."""


class Wanted:
    """Says which URLs `settings` ask for; raises UsageError for what is no regular expression."""

    def __init__(self, settings: SelectionSettings) -> None:
        self._include = _expressions("--include", settings.include)
        self._exclude = _expressions("--exclude", settings.exclude)

    def __bool__(self) -> bool:
        """Say whether there may be any that are not wanted."""
        return bool(self._include or self._exclude)

    def __call__(self, url: str) -> bool:
        """Say whether `url`, as it is listed, is wanted; raises TooSlow."""
        included = not self._include or _found(self._include, url)
        return included and not _found(self._exclude, url)


class Selection:
    """A filter for entries; `excluded` counts those it held back that are not wanted, `repeats` those that came before.

    Lines that cannot be read are never held back. Raises UsageError for what is no regular expression.
    """

    def __init__(self, settings: SelectionSettings, defaults: LineDefaults) -> None:
        self.excluded = 0
        self._wants = Wanted(settings)
        self._sharding = None if settings.shard is None else Sharding(settings.shard)
        self._repeats = Repeats(defaults, dedupe=settings.dedupe)

    @property
    def repeats(self) -> int:
        """How many targets were skipped so far, since they had come before."""
        return self._repeats.count

    @property
    def share(self) -> Share | None:
        """Which part of the list is wanted, and what was read of the whole; None where all of it is."""
        return None if self._sharding is None else self._sharding.share

    def of(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Return those of `entries` that are wanted; each is looked at when it is taken."""
        if self._wants:
            entries = self._wanted(entries)
        # Before repeats are looked for, which are in the same shard: what the others have is not remembered.
        if self._sharding is not None:
            entries = self._sharding.of(entries)
        return self._repeats.without(entries)

    def _wanted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            if isinstance(entry, InvalidTarget):
                yield entry
                continue
            try:
                if self._wants(entry.url):
                    yield entry
                else:
                    self.excluded += 1
            except TooSlow as error:
                yield InvalidTarget(
                    text=entry.url, reason=f"not known whether it is wanted: {error}", origin=entry.origin
                )


def _expressions(flag: str, texts: Sequence[str]) -> tuple[RegularExpression, ...]:
    try:
        return tuple(map(RegularExpression.parse, texts))
    except ValueError as error:
        raise UsageError(f"{flag}: {error}") from None


def _found(expressions: Sequence[RegularExpression], url: str) -> bool:
    return any(one.found_in(url, patience_s=_PATIENCE_S) for one in expressions)
