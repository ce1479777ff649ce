"""The command that shows what concurrency buys."""

from typing import Final

import typer

from allup.cli.environment import Color, Environment
from allup.cli.options import comparing, output, pace
from allup.cli.options.http import HttpFlags
from allup.cli.options.lines import LineFlags
from allup.cli.options.sources import ListFormat, SelectionFlags, Sources
from allup.cli.shared_options import spread
from allup.model.settings import CompareSettings, PaceSettings
from allup.report.comparison_format import ComparisonFormat

_DEFAULT: Final = CompareSettings()


@spread
def compare(
    ctx: typer.Context,
    selection: SelectionFlags,
    line: LineFlags,
    http: HttpFlags,
    sources: Sources = None,
    input_format: ListFormat = None,
    concurrency: pace.Levels = pace.LevelList(_DEFAULT.levels),  # noqa: B008 - a frozen value
    rounds: pace.Rounds = _DEFAULT.rounds,
    per_host: pace.ComparedPerHost = _DEFAULT.pace.per_host,
    format_: comparing.ComparedFormat = ComparisonFormat.TABLE,
    progress: output.Progress = True,
    color: output.ColorChoice = Color.AUTO,
) -> None:
    """Show what concurrency buys on a list: one after the other against all at once, timed.

    Every strategy checks the whole list. Exit code: 0 every strategy ran to its end, whatever it
    found, 2 usage, 3 some checks could not be made, 130 and 143 interrupted.
    """
    from allup.http.alone import import_aiohttp  # noqa: PLC0415 - aiohttp is for those who check

    import_aiohttp()
    from allup.cli.run_compare import run_compare  # noqa: PLC0415

    environment: Environment = ctx.obj
    code = run_compare(
        environment,
        arguments=sources,
        input_format=input_format,
        defaults=line.defaults(environment.variables),
        settings=CompareSettings(
            levels=concurrency.levels,
            rounds=rounds,
            selection=selection.settings(),
            pace=PaceSettings(per_host=per_host),
            http=http.settings(environment),
        ),
        format_=format_,
        progress=progress,
        color=color,
    )
    raise typer.Exit(code)
