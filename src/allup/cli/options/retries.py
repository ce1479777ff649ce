"""What is tried again, and how often."""

from typing import Annotated, Final

import typer

from allup.cli.completing import retried
from allup.cli.options.parsing import parser
from allup.lists.options import MOST_RETRIES
from allup.model.duration import format_duration, parse_wait
from allup.model.retry_on import RetryOn
from allup.model.settings import RetrySettings
from allup.model.target import Request

_PANEL: Final = "Retries"

Retries = Annotated[
    int | None,
    typer.Option(
        "--retries",
        metavar="N",
        min=0,
        max=MOST_RETRIES,
        rich_help_panel=_PANEL,
        show_default=str(Request().retries),
        help="Further attempts after a transient failure.",
    ),
]
RetryOnOption = Annotated[
    RetryOn,
    typer.Option(
        "--retry-on",
        metavar="LIST",
        autocompletion=retried,
        parser=parser(RetryOn.parse),
        rich_help_panel=_PANEL,
        show_default="what usually passes",
        help="Statuses and kinds of failure that are tried again: 5xx,429,reset.",
    ),
]
RetryBudget = Annotated[
    float,
    typer.Option(
        "--retry-budget",
        metavar="DURATION",
        parser=parser(parse_wait),
        rich_help_panel=_PANEL,
        show_default=format_duration(RetrySettings().budget_s),
        help="What a host may make the run wait by Retry-After; a longer one ends the attempts.",
    ),
]
Confirm = Annotated[
    bool,
    typer.Option(
        "--confirm/--no-confirm",
        rich_help_panel=_PANEL,
        help="At the end, after a pause and slowly, try once more what failed in passing.",
    ),
]
