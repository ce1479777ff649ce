"""A run of `config`: the options of a command, and where each comes from."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, Final

import typer
from typer.core import TyperOption

from allup.cli.configured import Configured
from allup.cli.environment import Color, Environment
from allup.cli.shown import shown, toml
from allup.cli.stdout import written
from allup.model.exit_code import ExitCode
from allup.model.usage import UsageError
from allup.run.loop import run_loop

_WIDTH: Final = 40
"""Where origins begin, if what stands before them is no longer."""


def run_config(environment: Environment, context: Any) -> ExitCode:
    """Write what is in force in `context`, that of a command without flags, and return the exit code."""
    configured = context.default_map
    assert isinstance(configured, Configured)
    color = environment.colors(Color.AUTO, is_terminal=environment.stdout_is_terminal)
    lines = [
        typer.style(line, dim=True) if color and not differs else line for line, differs in _lines(context, configured)
    ]
    try:
        run_loop(written(environment, lambda stdout: stdout.write("".join(f"{line}\n" for line in lines))))
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE
    return ExitCode.OK


def _lines(context: Any, configured: Configured) -> Iterator[tuple[str, bool]]:
    """Yield the lines, and whether each of them tells of something that is not the default."""
    environment: Environment = context.obj
    yield f"# allup {context.info_name}, configured by {configured.path or 'no file'}", False
    for key, option in configured.keys_of_command.items():
        setting = configured.origin(option.name)
        if setting is None:
            yield f"# {_default(key, option)}".ljust(_WIDTH) + " # default", False
        else:
            value = toml(shown(key, setting.value, environment.variables))
            yield f"{key} = {value}".ljust(_WIDTH) + f" # {setting.origin}", True


def _default(key: str, option: TyperOption) -> str:
    if isinstance(option.show_default, str):
        return f"{key}: {option.show_default}"
    value: Any = option.default
    if value is None:
        return f"{key}: none"
    return f"{key} = {toml(value.value if isinstance(value, Enum) else value)}"
