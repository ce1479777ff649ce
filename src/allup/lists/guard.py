"""JSON documents that end a search which takes too long: whoever goes through one is told when the time is over."""

import time
from collections.abc import Iterator
from typing import Any


class TimeOver(Exception):
    """The time of a search is over."""


class Patience:
    """A bound for the CPU time of this thread from now on, until `end` lifts it."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.thread_time() + seconds

    def check(self) -> None:
        """Raise TimeOver where the time is over."""
        if time.thread_time() > self._ends_at:
            raise TimeOver

    def end(self) -> None:
        """Let everybody take the time it takes."""
        self._ends_at = float("inf")


class GuardedList(list[Any]):
    """A list that looks at the clock with each element that is taken from it in turn."""

    __slots__ = ("patience",)
    patience: Patience

    def __iter__(self) -> Iterator[Any]:
        """Iterate as ever; raises TimeOver."""
        for element in super().__iter__():
            self.patience.check()
            yield element


class GuardedDict(dict[str, Any]):
    """A dictionary that looks at the clock with each member that is taken from it in turn."""

    __slots__ = ("patience",)
    patience: Patience

    def items(self) -> Any:
        """Return the members as ever, to be taken once; taking them raises TimeOver."""
        return self._items()

    def _items(self) -> Iterator[tuple[str, Any]]:
        for member in super().items():
            self.patience.check()
            yield member


def guarded(document: Any, patience: Patience) -> Any:
    """Return `document` with all of its arrays and objects guarded by `patience`; raises RecursionError."""
    if isinstance(document, dict):
        members = GuardedDict((name, guarded(value, patience)) for name, value in document.items())
        members.patience = patience
        return members
    if isinstance(document, list):
        elements = GuardedList(guarded(value, patience) for value in document)
        elements.patience = patience
        return elements
    return document
