"""What `compare` writes."""

from typing import Annotated

import typer

from allup.cli.options.output import PANEL
from allup.report.comparison_format import ComparisonFormat

ComparedFormat = Annotated[
    ComparisonFormat, typer.Option("--format", "-f", rich_help_panel=PANEL, help="What goes to standard output.")
]
