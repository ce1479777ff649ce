"""How plain values of options are read: without Typer's help, which is a quarter of what a check of one URL costs.

Typer has pydantic read each value, and what is none, too: that is imported then, and a validator made for
each option. So what is plain is read here; everything else is left to Typer, and so is all that is wrong,
which is told as ever.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, get_args, get_origin

from typer.core import TyperCommand, TyperGroup

_MOST_DIGITS: Final = 9


class PlainCommand(TyperCommand):
    """A command as ever, whose plain values are read here."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters."""
        return _read_plainly(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """A group of commands as ever, whose own plain values are read here."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters."""
        return _read_plainly(super().get_params(ctx))


def _read_plainly(parameters: list[Any]) -> list[Any]:
    for one in parameters:
        typers = getattr(one, "get_runtime_param", None)  # older ones know no pydantic
        if typers is not None and not isinstance(typers, _Reader):
            one.get_runtime_param = _Reader(one.type_descriptor, typers)
    return parameters


class _NotPlainError(Exception):
    pass


class _Reader:
    """Reads the values of a parameter in the place of what `typers` returns, which reads what is not plain."""

    def __init__(self, descriptor: Any, typers: Callable[[], Any]) -> None:
        self._annotation = descriptor.annotation
        self._info = descriptor.parameter_info
        self._typers = typers

    def __call__(self) -> "_Reader":
        return self

    def coerce(self, value: Any, **context: Any) -> Any:
        try:
            return None if value is None else self._read(value)
        except _NotPlainError:
            return self._typers().coerce(value, **context)

    def _read(self, value: Any) -> Any:
        if get_origin(self._annotation) is not list:
            return self._read_one(self._annotation, value)
        if not isinstance(value, list | tuple):
            raise _NotPlainError
        (kind,) = get_args(self._annotation)
        return [self._read_one(kind, one) for one in value]

    def _read_one(self, kind: Any, value: Any) -> Any:
        if self._info.parser is not None:
            return self._info.parser(value)
        if type(value) is kind:  # text, or a default
            return value
        if isinstance(value, str) and kind is int:
            return self._number(value)
        if isinstance(value, str) and isinstance(kind, type) and issubclass(kind, Enum):
            return _member(kind, value)
        raise _NotPlainError

    def _number(self, text: str) -> int:
        least, most = self._info.min, self._info.max
        if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
            raise _NotPlainError
        number = int(text)
        if (least is not None and number < least) or (most is not None and number > most):
            raise _NotPlainError
        return number


def _member(kind: type[Enum], text: str) -> Enum:
    try:
        return kind(text)
    except ValueError:
        raise _NotPlainError from None
