"""The command that reads what a watch has kept."""

import typer

from allup.cli.environment import Color, Environment
from allup.cli.options import output
from allup.cli.options import watch as options
from allup.report.history_format import HistoryFormat


def history(
    ctx: typer.Context,
    file: options.Kept,
    last: options.Last = None,
    format_: options.KeptFormat = HistoryFormat.TABLE,
    color: output.ColorChoice = Color.AUTO,
) -> None:
    """Show what a watch has kept: availability, latencies, and when what was down.

    May be asked while the watch goes on. Exit code: 0 it was read, whatever it says, 2 usage.
    """
    from allup.cli.run_history import run_history  # noqa: PLC0415 - asyncio and SQLite are for those who read

    environment: Environment = ctx.obj
    raise typer.Exit(run_history(environment, file, last_s=last, format_=format_, color=color))
