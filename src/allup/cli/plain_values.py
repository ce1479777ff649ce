"""How plain values of options are read: without Typer's help, which is a quarter of what a check of one URL costs.

Typer has pydantic read each value, and what is none, too: that is imported then, and a validator made for
each option. So what is plain is read here; everything else is left to Typer, and so is all that is wrong,
which is told as ever.
"""

import os
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from typer.core import TyperCommand, TyperGroup


class PlainCommand(TyperCommand):
    """A command as ever, whose plain values are read here."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters as ever."""
        return _read_plainly(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """A group of commands as ever, whose own plain values are read here."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters as ever."""
        return _read_plainly(super().get_params(ctx))


def _read_plainly(parameters: list[Any]) -> list[Any]:
    for one in parameters:
        typers = getattr(one, "get_runtime_param", None)  # older ones know no pydantic
        if typers is not None and not isinstance(typers, _Reader):
            one.get_runtime_param = _Reader(one.type_descriptor, typers)
    return parameters


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
        except ValueError:
            return self._typers().coerce(value, **context)

    def _read(self, value: Any) -> Any:
        several = get_origin(self._annotation) is list
        if several != isinstance(value, list | tuple):
            raise ValueError
        if not several:
            return self._read_one(self._annotation, value)
        (kind,) = get_args(self._annotation)
        return [self._read_one(kind, one) for one in value]

    def _read_one(self, kind: Any, value: Any) -> Any:
        if self._info.parser is not None:
            return self._info.parser(value)
        if type(value) is kind:  # text, or a default
            return value
        if isinstance(value, str) and isinstance(kind, type):
            return self._read_text(kind, value)
        raise ValueError

    def _read_text(self, kind: type, text: str) -> Any:
        if issubclass(kind, Enum):
            return kind(text)
        if kind is int:
            return self._number(text)
        if kind is Path:
            return self._path(text)
        raise ValueError

    def _number(self, text: str) -> int:
        if not (text.isascii() and text.isdecimal()):
            raise ValueError
        number, least, most = int(text), self._info.min, self._info.max
        if (least is not None and number < least) or (most is not None and number > most):
            raise ValueError
        return number

    def _path(self, text: str) -> Path:
        info = self._info
        asks_more = info.exists or info.writable or info.resolve_path or not (info.file_okay and info.dir_okay)
        if asks_more or (os.path.exists(text) and not os.access(text, os.R_OK)):  # noqa: PTH110 - a text as it stands
            raise ValueError
        return Path(text)
