"""The command that shows what the JSON is like."""

import asyncio
from typing import Annotated

import typer

from allup.cli.environment import Environment
from allup.model.exit_code import ExitCode
from allup.model.usage import UsageError
from allup.report.schema import SchemaName


def schema(
    ctx: typer.Context,
    of: Annotated[
        SchemaName,
        typer.Argument(help="A document of check, compare, race or history, a line of check's jsonl, or of watch's."),
    ] = SchemaName.CHECK,
) -> None:
    """Print the JSON Schema of what is written as JSON.

    It is shipped with the package, and changes with the number in the document's `schema`.
    """
    from allup.cli.stdout import written  # noqa: PLC0415 - asyncio is for those who write

    environment: Environment = ctx.obj
    try:
        asyncio.run(written(environment, lambda stdout: stdout.write(of.text())))
    except UsageError as error:
        environment.complain(str(error))
        raise typer.Exit(ExitCode.USAGE) from error
