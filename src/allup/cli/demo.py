"""The command that a newcomer runs first."""

import typer

from allup.cli.environment import Color, Environment
from allup.cli.options import output


def demo(ctx: typer.Context, progress: output.Progress = True, color: output.ColorChoice = Color.AUTO) -> None:
    """Show `compare` and `check` at work on an embedded internet: no network needed, and done in seconds.

    Exit code: 0 it ran, 130 and 143 interrupted.
    """
    from allup.cli.run_demo import run_demo  # noqa: PLC0415 - aiohttp is for those who check

    environment: Environment = ctx.obj
    raise typer.Exit(run_demo(environment, progress=progress, color=color))
