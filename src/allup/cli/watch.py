"""The command that asks what changes from now on."""

from dataclasses import replace
from typing import Final

import typer

from allup.cli.environment import Color, Environment
from allup.cli.options import canaries, output, pace
from allup.cli.options import watch as options
from allup.cli.options.addresses import AddressFlags
from allup.cli.options.http import HttpFlags
from allup.cli.options.lines import LineFlags
from allup.cli.options.sources import ListFormat, SelectionFlags, Sources
from allup.cli.shared_options import spread
from allup.cli.watch_output import WatchOutput
from allup.model.settings import PER_HOST, PaceSettings
from allup.model.watch_settings import KEEP_S, WatchSettings

_DEFAULT: Final = WatchSettings()


@spread
def watch(
    ctx: typer.Context,
    selection: SelectionFlags,
    line: LineFlags,
    http: HttpFlags,
    addresses: AddressFlags,
    sources: Sources = None,
    input_format: ListFormat = None,
    every: options.Every = _DEFAULT.every_s,
    confirm_after: options.ConfirmAfter = _DEFAULT.confirm_after,
    on_change: options.OnChange = None,
    metrics: options.Metrics = None,
    history: options.HistoryFile = None,
    keep: options.Keep = KEEP_S,
    concurrency: pace.Concurrency = _DEFAULT.concurrency,
    per_host: pace.PerHost = PER_HOST,
    rate: pace.Rate = None,
    per_host_rate: pace.PerHostRate = None,
    canary: canaries.Canary = None,
    format_: options.WatchedFormat = None,
    progress: output.Progress = True,
    color: output.ColorChoice = Color.AUTO,
) -> None:
    """Watch a list, and tell what changes from now on, until stopped.

    Exit code: 0 it was stopped (Ctrl-C, SIGTERM, or nobody reads on), 2 usage, or something that
    it was to write could not be written.
    """
    from allup.http.alone import import_aiohttp  # noqa: PLC0415 - aiohttp is for those who check

    import_aiohttp()
    from allup.cli.run_watch import run_watch  # noqa: PLC0415

    environment: Environment = ctx.obj
    code = run_watch(
        environment,
        arguments=sources,
        input_format=input_format,
        defaults=line.defaults(environment.variables),
        settings=WatchSettings(
            every_s=every,
            confirm_after=confirm_after,
            concurrency=concurrency,
            selection=selection.settings(),
            pace=PaceSettings(per_host=per_host, rate_per_s=rate, per_host_rate_per_s=per_host_rate),
            canaries=canaries.canaries(canary, environment.variables),
            http=replace(http.settings(environment), addresses=addresses.rule(http)),
        ),
        output=WatchOutput(
            format=format_,
            on_change=on_change,
            metrics=metrics,
            history=history,
            keep_s=keep,
            progress=progress,
            color=color,
        ),
    )
    raise typer.Exit(code)
