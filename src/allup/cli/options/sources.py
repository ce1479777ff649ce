"""What is read, and which of it is wanted."""

from dataclasses import dataclass
from typing import Annotated, Final

import typer

from allup.cli.completing import sources
from allup.cli.options.parsing import parser
from allup.lists.formats.format import InputFormat
from allup.model.selection import SelectionSettings
from allup.model.shard import Shard

_PANEL: Final = "Targets"
_DEFAULT: Final = SelectionSettings()

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SOURCE",
        autocompletion=sources,
        show_default=False,
        help="A URL, the path of a list, or - for standard input, which is also read where it is piped in.",
    ),
]
ListFormat = Annotated[
    InputFormat | None,
    typer.Option(
        "--input-format",
        rich_help_panel=_PANEL,
        show_default="by the ending of a list, else text",
        help="How lists are read. With it, a URL is the place of a list, which is fetched.",
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="REGEX",
        rich_help_panel=_PANEL,
        show_default=False,
        help="Only targets in whose URL it is found; may be repeated: one of them is enough.",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="REGEX",
        rich_help_panel=_PANEL,
        show_default=False,
        help="No targets in whose URL it is found; may be repeated.",
    ),
]
MinTargets = Annotated[
    int,
    typer.Option(
        "--min-targets",
        metavar="N",
        min=0,
        rich_help_panel=_PANEL,
        show_default="1",
        help="Fewer targets than that are an error, exit 2.",
    ),
]
Dedupe = Annotated[
    bool,
    typer.Option("--dedupe/--no-dedupe", rich_help_panel=_PANEL, help="Take a repeated target once, or every time."),
]

ShardOption = Annotated[
    Shard | None,
    typer.Option(
        "--shard",
        metavar="K/N",
        parser=parser(Shard.parse),
        rich_help_panel=_PANEL,
        show_default="all of the list",
        help="Only this one of N parts of the list, each of which has other hosts; allup merge joins the reports.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionFlags:
    """Which targets of the sources are wanted."""

    include: Include = None
    exclude: Exclude = None
    min_targets: MinTargets = _DEFAULT.min_targets
    dedupe: Dedupe = _DEFAULT.dedupe

    def settings(self, shard: Shard | None = None) -> SelectionSettings:
        """Return what was asked for."""
        return SelectionSettings(
            include=tuple(self.include or ()),
            exclude=tuple(self.exclude or ()),
            min_targets=self.min_targets,
            dedupe=self.dedupe,
            shard=shard,
        )
