"""The command that shows what would be checked."""

import typer

from allup.cli.environment import Environment
from allup.cli.options import listing, retries
from allup.cli.options.http import HttpFlags
from allup.cli.options.lines import LineFlags
from allup.cli.options.sources import ListFormat, SelectionFlags, ShardOption, Sources
from allup.cli.shared_options import spread
from allup.report.listing_format import ListingFormat


@spread
def list_(
    ctx: typer.Context,
    selection: SelectionFlags,
    line: LineFlags,
    http: HttpFlags,
    sources: Sources = None,
    input_format: ListFormat = None,
    shard: ShardOption = None,
    retries_: retries.Retries = None,
    format_: listing.ListedFormat = ListingFormat.TEXT,
) -> None:
    """Show what `check` would check, with all options in force; nothing is sent to it.

    As text, the output is a list again, which means the same. Exit code: 0 every line was
    understood, 1 at least one was not (it is printed as it stands, and explained on standard
    error), 2 usage.
    """
    from allup.cli.run_list import run_list  # noqa: PLC0415 - asyncio is for those who read

    environment: Environment = ctx.obj
    code = run_list(
        environment,
        arguments=sources,
        input_format=input_format,
        defaults=line.defaults(environment.variables, retries=retries_),
        selection=selection.settings(shard),
        http=http.settings(environment),
        format_=format_,
    )
    raise typer.Exit(code)
