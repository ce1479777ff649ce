"""The program: its commands, and how it is started."""

from typing import Annotated

import typer

from allup.cli.check import check
from allup.cli.compare import compare
from allup.cli.demo import demo
from allup.cli.environment import Environment
from allup.cli.lab import lab
from allup.version import __version__

app = typer.Typer(
    name="allup",
    help="Are they all up? Check every URL of a list, as many at once as is polite.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback must not show the values of variables
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(no_args_is_help=False)(check)
app.command()(compare)
app.command()(demo)
app.command()(lab)


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        typer.echo(f"allup {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    del version  # its callback has seen to it


def run() -> None:
    """Run the command that this process was started with, and exit with its code."""
    app(obj=Environment.of_process())
