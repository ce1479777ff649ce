"""The command that asks which of several equivalents answers first."""

from typing import Final

import typer

from allup.cli.environment import Color, Environment
from allup.cli.options import output, pace, racing, retries
from allup.cli.options.http import HttpFlags
from allup.cli.options.lines import LineFlags
from allup.cli.options.sources import ListFormat, SelectionFlags, Sources
from allup.cli.shared_options import spread
from allup.model.race import RaceSettings
from allup.model.settings import PER_HOST, PaceSettings
from allup.report.race_format import RaceFormat

_DEFAULT: Final = RaceSettings()


@spread
def race(
    ctx: typer.Context,
    selection: SelectionFlags,
    line: LineFlags,
    http: HttpFlags,
    sources: Sources = None,
    input_format: ListFormat = None,
    need: racing.Need = _DEFAULT.need,
    stagger: racing.Stagger = _DEFAULT.stagger_s,
    concurrency: pace.Concurrency = _DEFAULT.concurrency,
    per_host: pace.PerHost = PER_HOST,
    retries_: retries.Retries = None,
    format_: racing.WinnersFormat = RaceFormat.LINES,
    quiet: racing.Quiet = False,
    progress: output.Progress = True,
    color: output.ColorChoice = Color.AUTO,
) -> None:
    """Print the URL of the target that answers first as expected, and call off the others.

    The URL is alone on standard output, as listed but without its password; margins and reasons are
    on standard error. All targets are taken for equivalents, whatever their groups. Exit code: 0 as
    many answered as are needed, 1 too few did, and nothing is printed, 2 usage, 3 too few, but for
    faults of this machine only, 130 and 143 interrupted.
    """
    from allup.http.alone import import_aiohttp  # noqa: PLC0415 - aiohttp is for those who check

    import_aiohttp()
    from allup.cli.run_race import run_race  # noqa: PLC0415

    environment: Environment = ctx.obj
    code = run_race(
        environment,
        arguments=sources,
        input_format=input_format,
        defaults=line.defaults(environment.variables, retries=retries_),
        settings=RaceSettings(
            need=need,
            stagger_s=stagger,
            concurrency=concurrency,
            pace=PaceSettings(per_host=per_host),
            selection=selection.settings(),
            http=http.settings(environment),
        ),
        format_=format_,
        quiet=quiet,
        progress=progress,
        color=color,
    )
    raise typer.Exit(code)
