"""A command whose options may be set elsewhere than on its command line."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer

from allup.cli.configured import Configured
from allup.cli.environment import Environment
from allup.cli.keys import Keys, keys_of
from allup.cli.plain_values import PlainCommand
from allup.cli.setting import Setting
from allup.lists.redaction import printable_line
from allup.model.exit_code import ExitCode
from allup.model.usage import UsageError
from allup.report.printable import printable

_FLAG: Final = re.compile(r"(?<![\w-])--?[a-z0-9][a-z0-9-]*")


_DIFFERENT: Final = frozenset({"concurrency", "format"})
"""Keys whose values are not the same for every command."""


class Configurable(PlainCommand):
    """A command that takes from a file and from variables what its flags do not say."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as ever; what is configured is the default, and goes through the same parsers."""
        ctx.default_map = Configured(ctx, lambda: configurable_commands(ctx))
        with _told(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command as ever."""
        with _told(ctx):
            return super().invoke(ctx)


def configurable_commands(context: typer.Context) -> dict[str, Keys]:
    """Return the keys of every command of the program that is configurable."""
    commands: dict[str, Any] = context.find_root().command.commands  # type: ignore[attr-defined]
    return {name: keys_of(command) for name, command in commands.items() if isinstance(command, Configurable)}


@contextmanager
def _told(context: typer.Context) -> Iterator[None]:
    """Tell of what is wrong where it stands, and exit; what is wrong with the command line is told by Typer."""
    configured, environment = context.default_map, context.obj
    assert isinstance(configured, Configured)
    assert isinstance(environment, Environment)
    try:
        yield
    except UsageError as error:
        environment.complain(str(error))
    except typer.BadParameter as error:
        setting = _culprit(configured, error)
        if setting is None:
            error.message += _origins(configured, error.message)
            raise
        message = printable(printable_line(error.message).removeprefix("Value error, ").rstrip("."))
        environment.complain(f"{setting.place}: {message}{_elsewhere(context, setting)}")
    else:
        return
    raise typer.Exit(ExitCode.USAGE)


def _culprit(configured: Configured, error: typer.BadParameter) -> Setting | None:
    if isinstance(error.param_hint, str):
        return configured.of_flag(error.param_hint.strip("'"))
    return None if error.param is None else configured.origin(error.param.name)


def _origins(configured: Configured, message: str) -> str:
    settings = [configured.of_flag(flag) for flag in dict.fromkeys(_FLAG.findall(message))]
    told = [f"{setting.key} is set by {setting.origin}" for setting in settings if setting is not None]
    return f" ({', '.join(told)})" if told else ""


def _elsewhere(context: typer.Context, setting: Setting) -> str:
    if not setting.shared or setting.key not in _DIFFERENT:
        return ""
    tables = (f"[{name}]" for name, keys in configurable_commands(context).items() if setting.key in keys)
    return f"; what is for one command only stands in its table: {', '.join(tables)}"
