"""A run of `history`: a file in, what it says out."""

from pathlib import Path

from allup.cli.environment import Color, Environment
from allup.cli.stdout import written
from allup.model.clock import Clock
from allup.model.exit_code import ExitCode
from allup.model.usage import UsageError
from allup.report.history.reader import read_history
from allup.report.history_format import HistoryFormat
from allup.run.loop import run_loop


def run_history(
    environment: Environment, file: Path, *, last_s: float | None, format_: HistoryFormat, color: Color
) -> ExitCode:
    """Write what the history in `file` says and return the exit code."""
    colors = environment.colors(color, is_terminal=environment.stdout_is_terminal)
    width = environment.columns
    try:
        history = read_history(file, now=Clock().wall(), last_s=last_s)
        run_loop(written(environment, lambda stdout: format_.write(history, stdout, width=width, color=colors)))
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE
    return ExitCode.OK
