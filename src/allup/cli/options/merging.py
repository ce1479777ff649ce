"""What is put together, and what decides about the whole of it."""

from pathlib import Path
from typing import Annotated, Final

import typer

from allup.cli.options import output
from allup.model.settings import FailOn
from allup.report.format import ReportFormat

_DEFAULT_FORMAT: Final = "that of the reports"

Shards = Annotated[
    list[Path],
    typer.Argument(
        metavar="REPORT", show_default=False, help="What `check --shard K/N` has written as json, jsonl or junit."
    ),
]
FailOnOption = Annotated[
    FailOn,
    typer.Option(
        "--fail-on",
        rich_help_panel=output.PANEL,
        help="Failures that make it fail: any, only those that are definite, or those that are new.",
    ),
]
Format = Annotated[
    ReportFormat | None,
    typer.Option(
        "--format",
        "-f",
        rich_help_panel=output.PANEL,
        show_default=_DEFAULT_FORMAT,
        help="What goes to standard output.",
    ),
]
