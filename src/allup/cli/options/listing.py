"""What `list` writes."""

from typing import Annotated

import typer

from allup.cli.options.output import PANEL
from allup.report.listing_format import ListingFormat

ListedFormat = Annotated[
    ListingFormat, typer.Option("--format", "-f", rich_help_panel=PANEL, help="What goes to standard output.")
]
