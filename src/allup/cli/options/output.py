"""What is written, where and how."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from allup.cli.completing import report_files
from allup.cli.environment import Color
from allup.cli.options.lines import EXPECTATIONS
from allup.cli.options.parsing import parser
from allup.model.result import Verdict
from allup.model.settings import FailOn, Order
from allup.report.format import ReportFormat

PANEL: Final = "Output"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """What `--report` asks for: a format, and where it goes."""

    format: ReportFormat
    path: Path


def _report_file(text: str) -> ReportFile:
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise ValueError(f"{text!r} is not FORMAT=PATH, as in json=report.json")
    if name not in list(ReportFormat):
        raise ValueError(f"{name!r} is not a format: it is one of {', '.join(ReportFormat)}")
    return ReportFile(ReportFormat(name), Path(path))


FailOnOption = Annotated[
    FailOn,
    typer.Option(
        "--fail-on",
        rich_help_panel=EXPECTATIONS,
        help="Failures that make the run fail: any, only those that are definite, or those that are new.",
    ),
]
BaselineFile = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="PATH",
        rich_help_panel=EXPECTATIONS,
        show_default=False,
        help="Tell what has changed since this earlier report of check (json or jsonl).",
    ),
]
Format = Annotated[
    ReportFormat | None,
    typer.Option(
        "--format",
        "-f",
        rich_help_panel=PANEL,
        show_default="table on a terminal, else lines",
        help="What goes to standard output.",
    ),
]
ReportFiles = Annotated[
    list[ReportFile] | None,
    typer.Option(
        "--report",
        metavar="FORMAT=PATH",
        autocompletion=report_files,
        parser=parser(_report_file),
        rich_help_panel=PANEL,
        show_default=False,
        help="Write a report to a file as well; may be repeated.",
    ),
]
Only = Annotated[
    list[Verdict] | None,
    typer.Option(
        "--only",
        metavar="VERDICT",
        rich_help_panel=PANEL,
        show_default=False,
        help="Show only ok, flaky, failed or unchecked on standard output; may be repeated.",
    ),
]
ResultOrder = Annotated[
    Order, typer.Option("--order", rich_help_panel=PANEL, help="Report in the list's order, or as results come.")
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet/--no-quiet", "-q", rich_help_panel=PANEL, help="Leave only the exit code, errors and --report files."
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        rich_help_panel=PANEL,
        help="Have the table tell of hops, timings and attempts, too, and more of what is slow.",
    ),
]
Progress = Annotated[
    bool,
    typer.Option(
        "--progress/--no-progress",
        rich_help_panel=PANEL,
        help="Show progress on standard error, if that is a terminal.",
    ),
]
ColorChoice = Annotated[
    Color, typer.Option("--color", rich_help_panel=PANEL, help="Colour: auto heeds NO_COLOR and FORCE_COLOR.")
]
