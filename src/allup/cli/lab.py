"""The command that serves the embedded internet."""

import typer

from allup.cli.environment import Environment
from allup.cli.options.lab import Port


def lab(ctx: typer.Context, port: Port = None) -> None:
    """Serve an embedded internet on loopback until stopped, and print its list of URLs.

    Half of its URLs are fine and the other half fail on purpose, each in a way of its own.
    """
    from allup.cli.run_lab import run_lab  # noqa: PLC0415 - aiohttp is for those who serve

    environment: Environment = ctx.obj
    raise typer.Exit(run_lab(environment, port=port))
