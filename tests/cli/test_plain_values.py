"""Values that are read without Typer's help are what Typer makes of them, and what is wrong is told in its words."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, cast

import pytest
import typer
from typer.core import TyperCommand
from typer.main import get_command

from allup.cli.plain_values import PlainCommand


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def shouted(text: str) -> str:
    if text == "no":
        raise typer.BadParameter("not this one")
    return text.upper()


def read(kind: type[TyperCommand], arguments: list[str]) -> object:
    """Return what a command of that kind is called with, or what its user is told."""
    seen: list[object] = []

    def command(  # noqa: PLR0917 - an option of each kind
        names: Annotated[list[str] | None, typer.Argument()] = None,
        number: Annotated[int, typer.Option(min=1, max=10_000)] = 3,
        free: Annotated[int | None, typer.Option()] = None,
        colour: Annotated[Colour, typer.Option()] = Colour.RED,
        colours: Annotated[list[Colour] | None, typer.Option()] = None,
        file: Annotated[Path | None, typer.Option()] = None,
        there: Annotated[Path | None, typer.Option(exists=True)] = None,
        ratio: Annotated[float, typer.Option()] = 0.5,
        shout: Annotated[str | None, typer.Option(parser=shouted)] = None,
        shouts: Annotated[list[str] | None, typer.Option(parser=shouted)] = None,
        flag: Annotated[bool | None, typer.Option("--flag/--no-flag")] = None,
    ) -> None:
        seen.append((names, number, free, colour, colours, file, there, ratio, shout, shouts, flag))

    app = typer.Typer(add_completion=False)
    app.command(cls=kind)(command)
    try:
        get_command(app).main(arguments, standalone_mode=False)
    except typer.BadParameter as error:
        return cast("Any", error).format_message()
    return seen


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["a", "", "b"],
        *(
            ["--number", text]
            for text in ("1", "10000", "007", "0", "10001", "-1", "+5", " 5", "1_0", "²", "٣", "x", "", "9" * 5000)
        ),
        *(["--free", text] for text in ("0", "-7", "7.0", "1e3")),
        *(["--colour", text] for text in ("blue", "BLUE", "green", "")),
        ["--colours", "blue", "--colours", "red"],
        ["--colours", "blue", "--colours", "green"],
        *(["--file", text] for text in ("nowhere", ".", "a/../b", "", "~")),
        *(["--there", text] for text in ("nowhere", ".")),
        *(["--ratio", text] for text in ("1", "0.25", "half")),
        *(["--shout", text] for text in ("a", "no")),
        ["--shouts", "a", "--shouts", "b"],
        ["--shouts", "a", "--shouts", "no"],
        ["--flag"],
        ["--no-flag"],
    ],
)
def test_a_value_is_what_typer_makes_of_it(arguments: list[str]) -> None:
    assert read(PlainCommand, arguments) == read(TyperCommand, arguments)
