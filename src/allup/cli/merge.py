"""The command that makes one report of those of all shards."""

import typer

from allup.cli.environment import Color, Environment
from allup.cli.options import merging, output
from allup.cli.output import OutputSettings
from allup.model.settings import FailOn


def merge(
    ctx: typer.Context,
    reports: merging.Shards,
    fail_on: merging.FailOnOption = FailOn.ANY,
    format_: merging.Format = None,
    report: output.ReportFiles = None,
    only: output.Only = None,
    quiet: output.Quiet = False,
    verbose: output.Verbose = False,
    color: output.ColorChoice = Color.AUTO,
) -> None:
    """Put the reports of all shards of a list together, in its order.

    They have to be all of one list, each once. Exit code: that of a check of the whole list;
    groups are judged anew, over all shards.
    """
    from allup.cli.run_merge import run_merge  # noqa: PLC0415 - asyncio is for those who write

    environment: Environment = ctx.obj
    settings = OutputSettings(
        format=format_,
        reports=report or (),
        only=frozenset(only or ()),
        quiet=quiet,
        verbose=verbose,
        progress=False,
        color=color,
    )
    raise typer.Exit(run_merge(environment, reports, fail_on=fail_on, output=settings))
