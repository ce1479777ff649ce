"""The members of a JSON object, each of the type that it has to have."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final, TypeVar

Word = TypeVar("Word", bound=StrEnum)

_SMALLEST: Final = -62_135_596_800
_LARGEST: Final = 253_402_300_799
"""The first second of year 1, and the last one of 9999: no point in time beyond them could be written down."""


class BadField(ValueError):
    """A member is not there, or is not what it has to be."""


class Fields:
    """What `value`, an object, holds; whatever asks for something else than there is raises BadField."""

    def __init__(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise BadField("no object")
        self._held: dict[str, Any] = value

    def has(self, name: str) -> bool:
        """Say whether it is there."""
        return self._held.get(name) is not None

    def truth(self, name: str) -> bool:
        """Return true or false."""
        value = self._held.get(name)
        if isinstance(value, bool):
            return value
        raise BadField(name)

    def text(self, name: str) -> str:
        """Return a string."""
        return _required(self.text_or_none(name), name)

    def text_or_none(self, name: str) -> str | None:
        """Return a string, or None."""
        value: str | None = self._of(name, str)
        return value

    def whole(self, name: str) -> int:
        """Return a whole number."""
        return _required(self.whole_or_none(name), name)

    def whole_or_none(self, name: str) -> int | None:
        """Return a whole number, or None."""
        value: int | None = self._of(name, int)
        return value

    def number(self, name: str) -> float:
        """Return a number."""
        return _required(self.number_or_none(name), name)

    def number_or_none(self, name: str) -> float | None:
        """Return a number, or None."""
        value = self._of(name, int | float)
        if value is not None and not _SMALLEST <= value <= _LARGEST:
            raise BadField(name)
        return None if value is None else float(value)

    def word(self, name: str, words: type[Word]) -> Word:
        """Return one of `words`."""
        return _required(self.word_or_none(name, words), name)

    def word_or_none(self, name: str, words: type[Word]) -> Word | None:
        """Return one of `words`, or None."""
        text = self.text_or_none(name)
        try:
            return None if text is None else words(text)
        except ValueError:
            raise BadField(name) from None

    def part(self, name: str) -> "Fields | None":
        """Return an object, or None."""
        value = self._held.get(name)
        return None if value is None else Fields(value)

    def parts(self, name: str) -> "Iterator[Fields]":
        """Return the objects of an array, which need not be there."""
        return map(Fields, self._of(name, list) or ())

    def _of(self, name: str, kind: Any) -> Any:
        value = self._held.get(name)
        if value is None or (isinstance(value, kind) and not isinstance(value, bool)):
            return value
        raise BadField(name)


Value = TypeVar("Value")


def _required(value: Value | None, name: str) -> Value:
    if value is None:
        raise BadField(name)
    return value
