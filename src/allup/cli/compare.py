"""The command that shows what concurrency buys."""

import typer

from allup.cli import options as o
from allup.cli.environment import Color, Environment
from allup.lists.line import LineDefaults
from allup.model.expectation import Expectation
from allup.model.settings import CompareSettings, HttpSettings, PaceSettings
from allup.model.statuses import SUCCESSFUL
from allup.model.target import Request
from allup.report.comparison_format import ComparisonFormat


def compare(
    ctx: typer.Context,
    sources: o.Sources = None,
    concurrency: o.Levels = o.LEVELS,
    rounds: o.Rounds = o.COMPARE.rounds,
    timeout: o.Timeout = o.REQUEST.timeout_s,
    connect_timeout: o.ConnectTimeout = o.HTTP.connect_timeout_s,
    per_host: o.ComparedPerHost = o.COMPARE.pace.per_host,
    method: o.Method = o.REQUEST.method,
    header: o.Headers = None,
    user_agent: o.UserAgent = o.HTTP.user_agent,
    follow: o.Follow = o.REQUEST.follow,
    max_redirects: o.MaxRedirects = o.HTTP.max_redirects,
    dedupe: o.Dedupe = o.CHECK.dedupe,
    expect: o.Expect = SUCCESSFUL,
    insecure: o.Insecure = o.HTTP.insecure,
    ca_file: o.CaFile = o.HTTP.ca_file,
    format_: o.ComparedFormat = ComparisonFormat.TABLE,
    progress: o.Progress = True,
    color: o.ColorChoice = Color.AUTO,
) -> None:
    """Show what concurrency buys on a list: one after the other against all at once, timed.

    Every strategy checks the whole list. Exit code: 0 every strategy ran to its end, whatever it
    found, 2 usage, 3 some checks could not be made, 130 and 143 interrupted.
    """
    from allup.cli.run_compare import run_compare  # noqa: PLC0415 - aiohttp is for those who check

    o.check_tls(insecure=insecure, ca_file=ca_file)
    environment: Environment = ctx.obj
    code = run_compare(
        environment,
        arguments=sources,
        defaults=LineDefaults(
            request=Request(
                method=method,
                headers=tuple((one.name, one.value) for one in header or ()),
                timeout_s=timeout,
                follow=follow,
            ),
            expectation=Expectation(statuses=expect),
        ),
        settings=CompareSettings(
            levels=concurrency.levels,
            rounds=rounds,
            dedupe=dedupe,
            pace=PaceSettings(per_host=per_host),
            http=HttpSettings(
                connect_timeout_s=connect_timeout,
                user_agent=user_agent,
                max_redirects=max_redirects,
                insecure=insecure,
                ca_file=ca_file,
            ),
        ),
        format_=format_,
        progress=progress,
        color=color,
    )
    raise typer.Exit(code)
