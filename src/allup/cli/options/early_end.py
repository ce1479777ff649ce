"""What ends a run before its list does."""

from pathlib import Path
from typing import Annotated, Final

import typer

from allup.cli.options.parsing import parser
from allup.model.duration import format_duration, parse_duration, parse_wait
from allup.model.settings import CheckSettings

_PANEL: Final = "An early end"

Deadline = Annotated[
    float | None,
    typer.Option(
        "--deadline",
        metavar="DURATION",
        parser=parser(parse_duration),
        rich_help_panel=_PANEL,
        show_default="none",
        help="End the run then, whatever happens; what is not known by then is unchecked.",
    ),
]
FailFast = Annotated[
    bool, typer.Option("--fail-fast/--no-fail-fast", rich_help_panel=_PANEL, help="End the run with the first failure.")
]
MaxFailures = Annotated[
    int | None,
    typer.Option(
        "--max-failures",
        metavar="N",
        min=1,
        rich_help_panel=_PANEL,
        show_default="no limit",
        help="End the run with that many failures.",
    ),
]
Grace = Annotated[
    float,
    typer.Option(
        "--grace",
        metavar="DURATION",
        parser=parser(parse_wait),
        rich_help_panel=_PANEL,
        show_default=format_duration(CheckSettings().grace_s),
        help="What is in flight may take so long yet after Ctrl-C or SIGTERM.",
    ),
]
Resume = Annotated[
    Path | None,
    typer.Option(
        "--resume",
        metavar="PATH",
        rich_help_panel=_PANEL,
        show_default=False,
        help="Keep what is known in this journal, and go on from there where a run was cut off or killed.",
    ),
]
