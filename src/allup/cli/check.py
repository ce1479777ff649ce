"""The command that asks whether every target is as expected."""

from dataclasses import replace
from typing import Final

import typer

from allup.cli.environment import Color, Environment
from allup.cli.options import canaries, early_end, output, pace, retries
from allup.cli.options.addresses import AddressFlags
from allup.cli.options.http import HttpFlags
from allup.cli.options.lines import LineFlags
from allup.cli.options.sources import ListFormat, SelectionFlags, ShardOption, Sources
from allup.cli.output import OutputSettings
from allup.cli.shared_options import spread
from allup.model.canaries import PATIENCE_S, CanarySettings
from allup.model.settings import PER_HOST, CheckSettings, FailOn, PaceSettings, RetrySettings

_DEFAULT: Final = CheckSettings()


@spread
def check(
    ctx: typer.Context,
    selection: SelectionFlags,
    line: LineFlags,
    http: HttpFlags,
    addresses: AddressFlags,
    sources: Sources = None,
    input_format: ListFormat = None,
    shard: ShardOption = None,
    concurrency: pace.CheckedConcurrency = pace.AtOnce(_DEFAULT.concurrency),  # noqa: B008 - a frozen value
    processes: pace.Processes = _DEFAULT.processes,
    dask: pace.DaskScheduler = _DEFAULT.dask,
    per_host: pace.PerHost = PER_HOST,
    rate: pace.Rate = None,
    per_host_rate: pace.PerHostRate = None,
    retries_: retries.Retries = None,
    retry_on: retries.RetryOnOption = _DEFAULT.retry.on,
    retry_budget: retries.RetryBudget = _DEFAULT.retry.budget_s,
    confirm: retries.Confirm = _DEFAULT.confirm,
    deadline: early_end.Deadline = _DEFAULT.deadline_s,
    fail_fast: early_end.FailFast = False,
    max_failures: early_end.MaxFailures = _DEFAULT.max_failures,
    grace: early_end.Grace = _DEFAULT.grace_s,
    resume: early_end.Resume = None,
    canary: canaries.Canary = None,
    canary_patience: canaries.CanaryPatience = PATIENCE_S,
    baseline: output.BaselineFile = None,
    fail_on: output.FailOnOption = _DEFAULT.fail_on,
    format_: output.Format = None,
    report: output.ReportFiles = None,
    only: output.Only = None,
    order: output.ResultOrder = _DEFAULT.order,
    quiet: output.Quiet = False,
    verbose: output.Verbose = False,
    progress: output.Progress = True,
    color: output.ColorChoice = Color.AUTO,
) -> None:
    """Check that every target is as expected.

    Exit code: 0 all are, 1 at least one is not, 2 usage, 3 none failed but some could not be
    checked, 130 and 143 interrupted.
    """
    if fail_on is FailOn.NEW and baseline is None:
        raise typer.BadParameter("--fail-on new compares with an earlier report: name it with --baseline")
    pace.check_dask(dask, at_once=concurrency, processes=processes, rate=rate, canaries=bool(canary))
    from allup.http.alone import import_aiohttp  # noqa: PLC0415 - aiohttp is for those who check

    import_aiohttp()
    from allup.cli.run_check import run_check  # noqa: PLC0415

    environment: Environment = ctx.obj
    code = run_check(
        environment,
        arguments=sources,
        input_format=input_format,
        baseline=baseline,
        resume=resume,
        defaults=line.defaults(environment.variables, retries=retries_),
        settings=CheckSettings(
            concurrency=concurrency.most,
            adaptive=concurrency.adaptive,
            processes=processes,
            dask=dask,
            order=order,
            selection=selection.settings(shard),
            pace=PaceSettings(per_host=per_host, rate_per_s=rate, per_host_rate_per_s=per_host_rate),
            retry=RetrySettings(on=retry_on, budget_s=retry_budget),
            fail_on=fail_on,
            confirm=confirm,
            deadline_s=deadline,
            max_failures=1 if fail_fast else max_failures,
            grace_s=grace,
            canaries=CanarySettings(
                targets=canaries.canaries(canary, environment.variables), patience_s=canary_patience
            ),
            http=replace(http.settings(environment), addresses=addresses.rule(http)),
        ),
        output=OutputSettings(
            format=format_,
            reports=report or (),
            only=frozenset(only or ()),
            quiet=quiet,
            verbose=verbose,
            progress=progress,
            color=color,
        ),
    )
    raise typer.Exit(code)
