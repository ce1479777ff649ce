"""How long is waited, how often is asked, and what is enough."""

from typing import Annotated, Final

import typer

from allup.cli.options.parsing import parser
from allup.model.duration import format_duration, parse_duration
from allup.model.waiting import WaitSettings

_PANEL: Final = "Wait"
_DEFAULT: Final = WaitSettings()

For = Annotated[
    float,
    typer.Option(
        "--for",
        metavar="DURATION",
        parser=parser(parse_duration),
        rich_help_panel=_PANEL,
        show_default=format_duration(_DEFAULT.for_s),
        help="Give up after so long, exit 1.",
    ),
]
Every = Annotated[
    float,
    typer.Option(
        "--every",
        metavar="DURATION",
        parser=parser(parse_duration),
        rich_help_panel=_PANEL,
        show_default=format_duration(_DEFAULT.every_s),
        help="Ask what is not ready yet so often; once each time, and later only where Retry-After says so.",
    ),
]
Stable = Annotated[
    int,
    typer.Option(
        "--stable",
        metavar="N",
        min=1,
        rich_help_panel=_PANEL,
        help="Ready is what was as expected so often in a row.",
    ),
]
AnyReady = Annotated[
    bool, typer.Option("--any/--all", rich_help_panel=_PANEL, help="Wait for any one target, or for all of them.")
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet/--no-quiet", "-q", rich_help_panel="Output", help="Leave only the exit code and errors."),
]
