"""Targets that are listed again are checked once, and counted."""

from collections.abc import Iterable, Iterator

from allup.lists.dedupe import FingerprintTable
from allup.lists.details import LineDefaults
from allup.model.target import Entry, InvalidTarget, Target


class Repeats:
    """A filter that lets each target through once; `count` is how many it held back.

    The same target is the same URL, fragment included, with the same options. Invalid lines are
    never held back.
    """

    def __init__(self, defaults: LineDefaults, *, dedupe: bool) -> None:
        self.count = 0
        self._defaults = defaults
        self._seen = FingerprintTable() if dedupe else None

    def without(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Return `entries` without repeats; each is looked at when it is taken."""
        return iter(entries) if self._seen is None else self._new_ones(entries, self._seen)

    def _new_ones(self, entries: Iterable[Entry], seen: FingerprintTable) -> Iterator[Entry]:
        for entry in entries:
            if isinstance(entry, InvalidTarget) or seen.add(self._key(entry)):
                yield entry
            else:
                self.count += 1

    def _key(self, target: Target) -> str:
        shared, request, expectation = self._defaults, target.request, target.expectation
        # A tuple's members are compared by identity first, and most are the shared objects.
        said = (target.name, target.group)
        if (said, request, expectation) == ((None, None), shared.request, shared.expectation):
            return target.href
        # No href holds a blank, so the two parts cannot run into each other.
        return f"{target.href} {(said, _values(request), _values(expectation))!r}"


def _values(said: object) -> object:
    """Return all that `said`, a value of the model, holds; `dataclasses.astuple` copies it too, in twice the time."""
    if isinstance(said, tuple):
        return tuple(map(_values, said))
    names = getattr(said, "__slots__", None)
    return said if names is None else tuple(_values(getattr(said, name)) for name in names)
