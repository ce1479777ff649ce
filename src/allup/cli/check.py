"""The command that asks whether every target is as expected."""

import typer

from allup.cli import options as o
from allup.cli.environment import Color, Environment
from allup.cli.output import OutputSettings
from allup.lists.line import LineDefaults
from allup.model.expectation import Expectation
from allup.model.settings import CheckSettings, HttpSettings, PaceSettings, RetrySettings
from allup.model.statuses import SUCCESSFUL
from allup.model.target import Request


def check(
    ctx: typer.Context,
    sources: o.Sources = None,
    concurrency: o.Concurrency = o.CHECK.concurrency,
    timeout: o.Timeout = o.REQUEST.timeout_s,
    connect_timeout: o.ConnectTimeout = o.HTTP.connect_timeout_s,
    per_host: o.PerHost = o.DEFAULT_PER_HOST,
    rate: o.Rate = None,
    per_host_rate: o.PerHostRate = None,
    retries: o.Retries = o.REQUEST.retries,
    retry_on: o.RetryOnOption = o.CHECK.retry.on,
    retry_budget: o.RetryBudget = o.CHECK.retry.budget_s,
    confirm: o.Confirm = o.CHECK.confirm,
    deadline: o.Deadline = o.CHECK.deadline_s,
    fail_fast: o.FailFast = False,
    max_failures: o.MaxFailures = o.CHECK.max_failures,
    grace: o.Grace = o.CHECK.grace_s,
    method: o.Method = o.REQUEST.method,
    header: o.Headers = None,
    user_agent: o.UserAgent = o.HTTP.user_agent,
    follow: o.Follow = o.REQUEST.follow,
    max_redirects: o.MaxRedirects = o.HTTP.max_redirects,
    dedupe: o.Dedupe = o.CHECK.dedupe,
    expect: o.Expect = SUCCESSFUL,
    insecure: o.Insecure = o.HTTP.insecure,
    ca_file: o.CaFile = o.HTTP.ca_file,
    format_: o.Format = None,
    report: o.ReportFiles = None,
    only: o.Only = None,
    order: o.ResultOrder = o.CHECK.order,
    quiet: o.Quiet = False,
    progress: o.Progress = True,
    color: o.ColorChoice = Color.AUTO,
) -> None:
    """Check that every target is as expected.

    Exit code: 0 all are, 1 at least one is not, 2 usage, 3 none failed but some could not be
    checked, 130 and 143 interrupted.
    """
    from allup.cli.run_check import run_check  # noqa: PLC0415 - aiohttp is for those who check

    o.check_tls(insecure=insecure, ca_file=ca_file)
    environment: Environment = ctx.obj
    code = run_check(
        environment,
        arguments=sources,
        defaults=LineDefaults(
            request=Request(
                method=method,
                headers=tuple((one.name, one.value) for one in header or ()),
                timeout_s=timeout,
                follow=follow,
                retries=retries,
            ),
            expectation=Expectation(statuses=expect),
        ),
        settings=CheckSettings(
            concurrency=concurrency,
            order=order,
            dedupe=dedupe,
            pace=PaceSettings(per_host=per_host, rate_per_s=rate, per_host_rate_per_s=per_host_rate),
            retry=RetrySettings(on=retry_on, budget_s=retry_budget),
            confirm=confirm,
            deadline_s=deadline,
            max_failures=1 if fail_fast else max_failures,
            grace_s=grace,
            http=HttpSettings(
                connect_timeout_s=connect_timeout,
                user_agent=user_agent,
                max_redirects=max_redirects,
                insecure=insecure,
                ca_file=ca_file,
            ),
        ),
        output=OutputSettings(
            format=format_,
            reports=report or (),
            only=frozenset(only or ()),
            quiet=quiet,
            progress=progress,
            color=color,
        ),
    )
    raise typer.Exit(code)
