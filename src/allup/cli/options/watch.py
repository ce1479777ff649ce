"""How often is polled, what counts as a change, and who gets to know."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Self

import typer

from allup.cli.options.parsing import parser
from allup.model.duration import format_duration, parse_duration, parse_period
from allup.model.watch_settings import KEEP_S, SHORTEST_S, WatchSettings
from allup.report.history_format import HistoryFormat
from allup.report.transition_format import TransitionFormat

_PANEL: Final = "Watch"
_LOOPBACK: Final = "127.0.0.1"
_ADDRESS: Final = re.compile(r"(?:(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:/\[\]]*)):)?(?P<port>[0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Address:
    """Where to serve; port 0 is any that is free."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the address that `text` is, on loopback unless it names a host; raises ValueError."""
        match = _ADDRESS.fullmatch(text.strip())
        if match is None or int(match["port"]) > 65_535:
            raise ValueError(f"{text!r} is not HOST:PORT, as in :9000 (which is {_LOOPBACK}:9000)")
        return cls(match["v6"] or match["host"] or _LOOPBACK, int(match["port"]))

    def __str__(self) -> str:
        """Return it as it is in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _interval(text: str) -> float:
    seconds = parse_duration(text)
    if seconds < SHORTEST_S:
        raise ValueError(f"{text!r} is too short: an interval is {format_duration(SHORTEST_S)} at least")
    return seconds


Every = Annotated[
    float,
    typer.Option(
        "--every",
        metavar="DURATION",
        parser=parser(_interval),
        rich_help_panel=_PANEL,
        show_default=format_duration(WatchSettings().every_s),
        help="How often each target is polled: one attempt, without retries.",
    ),
]
ConfirmAfter = Annotated[
    int,
    typer.Option(
        "--confirm-after",
        metavar="N",
        min=1,
        max=1_000,
        rich_help_panel=_PANEL,
        help="Polls in a row that have to say so before a state changes.",
    ),
]
OnChange = Annotated[
    str | None,
    typer.Option(
        "--on-change",
        metavar="COMMAND",
        rich_help_panel=_PANEL,
        show_default=False,
        help="Run this (sh) for each change, its record as JSON on standard input; killed after 30s.",
    ),
]
Metrics = Annotated[
    Address | None,
    typer.Option(
        "--metrics",
        metavar="[HOST]:PORT",
        parser=parser(Address.parse),
        rich_help_panel=_PANEL,
        show_default=False,
        help="Serve metrics for Prometheus (/metrics) and /healthz; on loopback unless a host is named.",
    ),
]
HistoryFile = Annotated[
    Path | None,
    typer.Option(
        "--history",
        metavar="PATH",
        rich_help_panel=_PANEL,
        show_default=False,
        help="Keep all polls in this file (SQLite), and go on from what is in it.",
    ),
]
Keep = Annotated[
    float,
    typer.Option(
        "--keep",
        metavar="PERIOD",
        parser=parser(parse_period),
        rich_help_panel=_PANEL,
        show_default=f"{KEEP_S / 86_400:g}d",
        help="How long polls stay in the history: 12h, 30d.",
    ),
]
WatchedFormat = Annotated[
    TransitionFormat | None,
    typer.Option(
        "--format",
        "-f",
        rich_help_panel="Output",
        show_default="a dashboard on a terminal, else lines",
        help="What goes to standard output for each change.",
    ),
]
Kept = Annotated[
    Path,
    typer.Argument(metavar="FILE", show_default=False, help="What `watch --history` has written."),
]
Last = Annotated[
    float | None,
    typer.Option(
        "--last",
        metavar="PERIOD",
        parser=parser(parse_period),
        show_default="all of it",
        help="Only the time from so long ago until now: 24h, 7d.",
    ),
]
KeptFormat = Annotated[HistoryFormat, typer.Option("--format", "-f", help="What goes to standard output.")]
