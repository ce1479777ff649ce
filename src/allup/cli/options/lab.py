"""Where the lab serves."""

from typing import Annotated

import typer

Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="PORT",
        min=1,
        max=65_535,
        show_default="any that is free",
        help="Port of the lab's first server.",
    ),
]
