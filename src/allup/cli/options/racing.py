"""How a race is run, and how its winners are written."""

from typing import Annotated, Final

import typer

from allup.cli.options.parsing import parser
from allup.model.duration import parse_wait
from allup.report.race_format import RaceFormat

_PANEL: Final = "Race"

Need = Annotated[
    int,
    typer.Option(
        "--need",
        "-n",
        metavar="N",
        min=1,
        rich_help_panel=_PANEL,
        help="End the race with the Nth that answers as expected, and print N.",
    ),
]
Stagger = Annotated[
    float,
    typer.Option(
        "--stagger",
        metavar="DURATION",
        parser=parser(parse_wait),
        rich_help_panel=_PANEL,
        show_default="all at once",
        help="Start them one after another, so far apart; after a failure the next one starts at once.",
    ),
]
WinnersFormat = Annotated[
    RaceFormat,
    typer.Option("--format", "-f", rich_help_panel="Output", help="What goes to standard output."),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet/--no-quiet", "-q", rich_help_panel="Output", help="Leave only the winners, the exit code and errors."
    ),
]
