"""The program: its commands, and how it is started."""

import asyncio
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, cast

import typer

from allup.cli.commands import Commands
from allup.cli.environment import Environment
from allup.cli.plain_values import PlainGroup
from allup.cli.signals import ignore_signals, unwind_on_termination
from allup.lists.redaction import printable_line
from allup.model.exit_code import ExitCode
from allup.version import __version__


class Program(PlainGroup):
    """The commands, whose usage errors do not quote the passwords of URLs that were given in a wrong place."""

    def __init__(self, *, commands: Any, **options: Any) -> None:
        super().__init__(**options)
        assert not commands, "a command belongs into allup.cli.commands"
        self.commands = cast("dict[str, Any]", Commands())

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands, none of which is imported for it."""
        del ctx
        return list(self.commands)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Parse the program's own options as ever."""
        with _redacted():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Parse and run a command as ever."""
        with _redacted():
            return super().invoke(ctx)


@contextmanager
def _redacted() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        message = getattr(error, "message", None)
        if isinstance(message, str) and not isinstance(error, ExceptionGroup):  # whose message is not to be set
            error.message = printable_line(message)  # type: ignore[attr-defined]
        raise


app = typer.Typer(
    name="allup",
    cls=Program,
    help="Are they all up? Check every URL of a list, as many at once as is polite.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,  # a traceback must not show the values of variables
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    environment = Environment.of_process()
    unwind_on_termination()
    try:
        app(obj=environment, prog_name="allup")
    except OSError as error:  # standard output cannot be written, or there are no descriptors for a loop
        environment.complain(error.strerror or str(error))
        code = ExitCode.UNCHECKED if error.errno in (errno.EMFILE, errno.ENFILE) else ExitCode.USAGE
        _exit_at_once(code)
    except (asyncio.CancelledError, KeyboardInterrupt):
        _exit_at_once(ExitCode.INTERRUPTED)
    except RuntimeError as error:  # a signal in the very moment in which the event loop was closed
        if not isinstance(error.__context__, KeyboardInterrupt | SystemExit):
            raise
        by_ctrl_c = isinstance(error.__context__, KeyboardInterrupt)
        _exit_at_once(ExitCode.INTERRUPTED if by_ctrl_c else ExitCode.TERMINATED)
    finally:
        ignore_signals()


def _exit_at_once(code: ExitCode) -> None:
    # Python would try to write what is left for a standard output that takes nothing.
    os._exit(code)
