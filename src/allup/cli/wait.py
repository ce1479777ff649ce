"""The command that waits until all is up."""

from dataclasses import replace
from typing import Final

import typer

from allup.cli.environment import Color, Environment
from allup.cli.following import following, run_instead
from allup.cli.options import output, pace, waiting
from allup.cli.options.http import HttpFlags
from allup.cli.options.lines import LineFlags
from allup.cli.options.sources import ListFormat, SelectionFlags, Sources
from allup.cli.shared_options import spread
from allup.model.exit_code import ExitCode
from allup.model.settings import PER_HOST, PaceSettings
from allup.model.waiting import WaitSettings

_DEFAULT: Final = WaitSettings()


@spread
def wait(
    ctx: typer.Context,
    selection: SelectionFlags,
    line: LineFlags,
    http: HttpFlags,
    sources: Sources = None,
    input_format: ListFormat = None,
    for_: waiting.For = _DEFAULT.for_s,
    every: waiting.Every = _DEFAULT.every_s,
    stable: waiting.Stable = _DEFAULT.stable,
    any_ready: waiting.AnyReady = _DEFAULT.any_ready,
    concurrency: pace.Concurrency = _DEFAULT.concurrency,
    per_host: pace.PerHost = PER_HOST,
    quiet: waiting.Quiet = False,
    progress: output.Progress = True,
    color: output.ColorChoice = Color.AUTO,
) -> None:
    """Wait until every target is as expected, then run COMMAND, if there is one.

    A target may also be tcp://host:port, which is ready when it takes connections; a group is ready with
    the first of its targets. The command takes the place of allup: streams, signals and exit code are
    its own. Exit code: 0 all were ready in time, or that of the command, 1 not in time, 2 usage, 130
    and 143 interrupted.
    """
    from allup.http.alone import import_aiohttp  # noqa: PLC0415 - aiohttp is for those who check

    import_aiohttp()
    from allup.cli.run_wait import run_wait  # noqa: PLC0415

    environment: Environment = ctx.obj
    command = following(ctx, environment)
    code: int = run_wait(
        environment,
        arguments=sources,
        input_format=input_format,
        defaults=replace(line.defaults(environment.variables), ports=True),
        settings=WaitSettings(
            for_s=for_,
            every_s=every,
            stable=stable,
            any_ready=any_ready,
            concurrency=concurrency,
            pace=PaceSettings(per_host=per_host),
            selection=selection.settings(),
            http=http.settings(environment),
        ),
        quiet=quiet,
        progress=progress,
        color=color,
    )
    if code == ExitCode.OK and command:
        code = run_instead(command, environment)
    raise typer.Exit(code)
