"""What is read of an object of JSON, with the types that it ought to have."""

import math
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

E = TypeVar("E", bound=StrEnum)
_NUMBERS: Final = frozenset({int, float})


class NoField(ValueError):
    """A field is not what it ought to be; the message says which one."""


class Fields:
    """The fields of one object; each method returns None for what is null, or raises NoField."""

    def __init__(self, value: object, what: str = "it") -> None:
        if not isinstance(value, Mapping):
            raise NoField(f"{what} is no object")
        self._values: Mapping[str, Any] = value

    # By their very types, since there are some twenty of them in each record: bool is an int to isinstance.
    def text(self, key: str) -> str | None:
        """Return a string."""
        value = self._values.get(key)
        if value is None or type(value) is str:
            return value
        raise NoField(f"its {key} is no text")

    def number(self, key: str) -> float | None:
        """Return a number that is not below 0."""
        value = self._values.get(key)
        if value is None or (type(value) in _NUMBERS and 0 <= value < math.inf):
            return value
        raise NoField(f"its {key} is no number of 0 or more")

    def count(self, key: str) -> int | None:
        """Return a whole number that is not below 0."""
        value = self._values.get(key)
        if value is None or (type(value) is int and value >= 0):
            return value
        raise NoField(f"its {key} is no count")

    def seconds(self, key: str) -> float | None:
        """Return seconds, of milliseconds."""
        value = self.number(key)
        return None if value is None else value / 1000

    def instant(self, key: str) -> float | None:
        """Return seconds since the epoch."""
        text = self.text(key)
        if text is None:
            return None
        try:
            return datetime.fromisoformat(text).timestamp()
        except (ValueError, OverflowError, OSError):
            raise NoField(f"its {key} is no time") from None

    def word(self, key: str, words: type[E]) -> E | None:
        """Return one of `words`."""
        text = self.text(key)
        try:
            return None if text is None else words(text)
        except ValueError:
            raise NoField(f"its {key} is none that this version knows") from None

    def object(self, key: str) -> "Fields | None":
        """Return an object."""
        return None if self._values.get(key) is None else Fields(self._values[key], f"its {key}")

    def objects(self, key: str) -> "list[Fields]":
        """Return an array of objects."""
        value = self._values.get(key) or []
        if type(value) is not list:
            raise NoField(f"its {key} is no array")
        return [Fields(one, f"one of its {key}") for one in value]

    def has(self, key: str) -> bool:
        """Say whether there is more than null."""
        return self._values.get(key) is not None

    def given(self, key: str, value: E | float | str | None) -> Any:
        """Return `value`, which was read of `key` and must not be null."""
        if value is None:
            raise NoField(f"it has no {key}")
        return value
