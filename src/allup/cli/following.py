"""The command behind ``--``, which takes the place of this process."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import typer

from allup.cli.configurable import Configurable
from allup.cli.environment import Environment
from allup.lists.redaction import printable_line
from allup.model.usage import UsageError
from allup.report.printable import printable

_FOLLOWING: Final = "allup.following"
_NOT_FOUND: Final = 127
_NOT_EXECUTABLE: Final = 126
"""POSIX, "Shell Command Language", 2.8.2."""
_IGNORED_BY_PYTHON: Final = ("SIGPIPE", "SIGXFSZ")


class Preceding(Configurable):
    """A command that another one may follow: what stands behind the first ``--`` is none of its own arguments."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put away what follows, since the parser would drop the ``--`` and mix both; then parse as ever."""
        if "--" in args:
            at = args.index("--")
            ctx.meta[_FOLLOWING] = args[at + 1 :]
            args = args[:at]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the pieces of the usage line."""
        return [*super().collect_usage_pieces(ctx), "[-- COMMAND [ARGUMENT]...]"]


def following(ctx: typer.Context, environment: Environment) -> Sequence[str]:
    """Return the command that follows, nothing where none does.

    Raises UsageError where there is a ``--`` and nothing behind it, or nothing that can be run.
    """
    command: list[str] | None = ctx.meta.get(_FOLLOWING)
    if command is None:
        return ()
    if not command or not command[0]:
        raise UsageError("there is no command behind --: name one, or leave the -- out")
    if shutil.which(command[0], path=environment.variables.get("PATH")) is None:
        raise UsageError(f"{printable(printable_line(command[0]))}: there is no such command that could be run")
    return command


def run_instead(command: Sequence[str], environment: Environment) -> int:
    """Become `command`, which has this process's number, streams, terminal and signals from now on.

    Returns only where that cannot be: the exit code, as a shell has it.
    """
    with suppress(OSError):  # nobody is left to be told
        environment.stderr.flush()
    if os.name == "nt":  # where a process cannot become another one
        return subprocess.call(list(command))  # noqa: S603 - it is what was asked for
    for name in _IGNORED_BY_PYTHON:
        signal.signal(getattr(signal, name), signal.SIG_DFL)  # what is ignored would be ignored by the command too
    try:
        os.execvpe(command[0], list(command), environment.variables)  # noqa: S606 - it is what was asked for
    except OSError as error:
        environment.complain(f"{printable(printable_line(command[0]))}: {error.strerror}")
        return _NOT_FOUND if isinstance(error, FileNotFoundError) else _NOT_EXECUTABLE
