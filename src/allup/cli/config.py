"""The command that shows what is configured."""

from typing import Annotated

import typer

from allup.cli.configurable import Configurable, configurable_commands
from allup.cli.options.configuration import ConfigFile, NoConfig


def _commands(ctx: typer.Context) -> list[str]:
    return list(configurable_commands(ctx))


Command = Annotated[
    str,
    typer.Argument(metavar="COMMAND", autocompletion=_commands, help="The command whose options are shown."),
]


def config(
    ctx: typer.Context, command: Command = "check", config_file: ConfigFile = None, no_config: NoConfig = False
) -> None:
    """Show the options that are in force for a command without any flags, and where each comes from.

    The output is TOML that means the same; what is a default is a comment. Secrets are left out.
    Exit code: 0 all of it can be used, 2 something is wrong with it.
    """
    from allup.cli.run_config import run_config  # noqa: PLC0415 - asyncio is for those who write

    known = configurable_commands(ctx)
    if command not in known:
        raise typer.BadParameter(f"{command!r} is not one of {', '.join(known)}", param_hint="'COMMAND'")
    asked: Configurable = ctx.find_root().command.commands[command]  # type: ignore[attr-defined]
    arguments = [f"--config={config_file}"] if config_file else []
    context = asked.make_context(command, [*arguments, *(["--no-config"] if no_config else [])], parent=ctx.parent)
    raise typer.Exit(run_config(ctx.obj, context))
