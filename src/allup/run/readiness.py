"""What is ready: targets, and groups of equivalents, of which one is enough."""

from collections.abc import Sequence

from allup.model.target import Entry, InvalidTarget


class Readiness:
    """The entries of a wait by their numbers; an entry alone, or a group, is one thing to wait for.

    A thing is ready once one of its targets was as expected `stable` times in a row; with `any_ready`, one
    thing is all that is waited for.
    """

    def __init__(self, entries: Sequence[Entry], *, stable: int, any_ready: bool) -> None:
        self._stable = stable
        self._any = any_ready
        self._things = [_thing(index, entry) for index, entry in enumerate(entries)]
        self._possible = {
            thing for thing, entry in zip(self._things, entries, strict=True) if not isinstance(entry, InvalidTarget)
        }
        self._ready: set[int | str] = set()
        self._streaks = [0] * len(entries)
        self.count = len(set(self._things))

    @property
    def ready_count(self) -> int:
        """How many things are ready."""
        return len(self._ready)

    @property
    def reached(self) -> bool:
        """Whether what was waited for has come."""
        return bool(self._ready) if self._any else self.ready_count == self.count

    @property
    def out_of_reach(self) -> bool:
        """Whether it can never come, since a line that cannot be read is waited for."""
        return not self._possible if self._any else len(self._possible) < self.count

    def is_ready(self, index: int) -> bool:
        """Say whether the entry, or its group, is."""
        return self._things[index] in self._ready

    def note(self, index: int, *, as_expected: bool) -> int:
        """Take note of one poll, and return how often in a row it has been as expected."""
        self._streaks[index] = self._streaks[index] + 1 if as_expected else 0
        if self._streaks[index] >= self._stable:
            self._ready.add(self._things[index])
        return self._streaks[index]


def _thing(index: int, entry: Entry) -> int | str:
    group = None if isinstance(entry, InvalidTarget) else entry.group
    return index if group is None else group
