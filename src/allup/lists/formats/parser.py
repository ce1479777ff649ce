"""What the formats of lists have in common."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from allup.model.target import Entry, Origin


class BrokenList(ValueError):
    """A list that cannot be read any further; what came before stands. The message is for people."""

    def __init__(self, reason: str, *, hint: str | None = None, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedList:
    """A list that a list names; `url` may be printed, `href` may hold a password."""

    href: str = field(repr=False)
    url: str
    origin: Origin


Item = Entry | NestedList
"""What a list is made of."""


class Parser(Protocol):
    """The bytes of one list in, its items out; what is returned is used up before the next call.

    Both methods raise BrokenList, also while what they return is used up.
    """

    @property
    def number(self) -> int:
        """The line, row or element, from 1, that is being read."""

    def feed(self, chunk: bytes) -> Iterator[Item]:
        """Return the items that `chunk` completes, each made when it is taken."""

    def finish(self) -> Iterator[Item]:
        """Return what is left at the list's end."""
