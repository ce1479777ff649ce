"""How the text of an option becomes its value."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import typer

from allup.lists.template import Template

T = TypeVar("T")


def parser(parse: Callable[[str], T]) -> Callable[[str | T], T]:
    """Return `parse` as Typer wants it: a ValueError's message is what the user is told."""

    # Typer passes the default through the parser too; a value that is none of text is one already.
    def parsed(value: str | T) -> T:
        if not isinstance(value, str):
            return value
        try:
            return parse(value)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error

    return parsed


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """Return `text` with its ``${NAME}`` filled in, as in the lines of a list; raises ValueError."""
    return Template.parse(text).expand(variables)


def told(parse: Callable[[], T], flag: str) -> T:
    """Return what `parse` returns; its ValueError is told as one of `flag`."""
    try:
        return parse()
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=f"'{flag}'") from error
