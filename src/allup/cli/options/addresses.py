"""Whether every address of a name is asked, and how many of them have to be as expected."""

from dataclasses import dataclass
from typing import Annotated

import typer

from allup.cli.options.http import CONNECTIONS, HttpFlags
from allup.cli.options.lines import EXPECTATIONS
from allup.model.settings import ExpectAddresses

AllAddresses = Annotated[
    bool,
    typer.Option(
        "--all-addresses/--no-all-addresses",
        rich_help_panel=CONNECTIONS,
        help="Ask every address (A, AAAA) of each target, one after the other.",
    ),
]
Expected = Annotated[
    ExpectAddresses | None,
    typer.Option(
        "--expect-addresses",
        rich_help_panel=EXPECTATIONS,
        show_default=ExpectAddresses.ALL.value,
        help="With --all-addresses: how many have to be as expected.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFlags:
    """What holds for the addresses of a name."""

    all_addresses: AllAddresses = False
    expect_addresses: Expected = None

    def rule(self, http: HttpFlags) -> ExpectAddresses | None:
        """Return how many have to be as expected, None where not all are asked; raises typer.BadParameter."""
        if not self.all_addresses:
            if self.expect_addresses is not None:
                raise typer.BadParameter("--expect-addresses is about all of them: --all-addresses asks all")
            return None
        if http.proxy is not None and http.proxy.strip():
            raise typer.BadParameter("--all-addresses asks directly, and --proxy never does: leave one out")
        return self.expect_addresses or ExpectAddresses.ALL
