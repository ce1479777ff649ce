"""Every option and argument, each with its help, its panel and the parser of its value."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Self, TypeVar

import typer

from allup.cli.environment import Color
from allup.lists.header import parse_header
from allup.lists.method import parse_method
from allup.lists.options import MOST_RETRIES
from allup.model.duration import format_duration, parse_duration, parse_rate, parse_wait
from allup.model.result import Verdict
from allup.model.retry_on import RetryOn
from allup.model.settings import PER_HOST, CheckSettings, CompareSettings, HttpSettings, Order, RetrySettings
from allup.model.statuses import SUCCESSFUL, Statuses
from allup.model.target import Request
from allup.report.comparison_format import ComparisonFormat
from allup.report.format import ReportFormat

T = TypeVar("T")

PACE: Final = "Pace"
RETRIES: Final = "Retries"
END: Final = "An early end"
REQUESTS: Final = "Requests"
EXPECTATIONS: Final = "Expectations"
TLS: Final = "TLS"
OUTPUT: Final = "Output"

MOST_CONCURRENT: Final = 10_000


@dataclass(frozen=True, slots=True)
class ReportFile:
    """What `--report` asks for: a format, and where it goes."""

    format: ReportFormat
    path: Path


@dataclass(frozen=True, slots=True)
class Header:
    """What `--header` asks for."""

    name: str
    value: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the header that `text` is; raises ValueError."""
        return cls(*parse_header(text))


@dataclass(frozen=True, slots=True)
class LevelList:
    """What `compare --concurrency` asks for."""

    levels: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the levels that `text` lists, each once; raises ValueError."""
        levels = [int(level) if level.strip().isdecimal() else 0 for level in text.split(",")]
        if not all(1 <= level <= MOST_CONCURRENT for level in levels):
            raise ValueError(f"{text!r} is not a list of numbers from 1 to {MOST_CONCURRENT}, as in 1,10,100")
        return cls(tuple(dict.fromkeys(levels)))


def _parser(parse: Callable[[str], T]) -> Callable[[str | T], T]:
    # Typer passes the default through the parser too; a value that is none of text is one already.
    def parsed(value: str | T) -> T:
        if not isinstance(value, str):
            return value
        try:
            return parse(value)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error

    return parsed


def _report_file(text: str) -> ReportFile:
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise ValueError(f"{text!r} is not FORMAT=PATH, as in json=report.json")
    if name not in list(ReportFormat):
        raise ValueError(f"{name!r} is not a format: it is one of {', '.join(ReportFormat)}")
    return ReportFile(ReportFormat(name), Path(path))


def _user_agent(text: str) -> str:
    return parse_header(f"User-Agent: {text}")[1]


def check_tls(*, insecure: bool, ca_file: Path | None) -> None:
    """Raise typer.BadParameter where the TLS options contradict each other."""
    if insecure and ca_file is not None:
        raise typer.BadParameter("--insecure verifies nothing: leave it out, or --ca-file")


Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SOURCE",
        show_default=False,
        help="A URL, the path of a list, or - for standard input, which is also read where it is piped in.",
    ),
]

Concurrency = Annotated[
    int,
    typer.Option(
        "--concurrency",
        "-c",
        metavar="N",
        min=1,
        max=MOST_CONCURRENT,
        rich_help_panel=PACE,
        help="Targets in flight at most.",
    ),
]
Levels = Annotated[
    LevelList,
    typer.Option(
        "--concurrency",
        "-c",
        metavar="N[,N...]",
        parser=_parser(LevelList.parse),
        rich_help_panel=PACE,
        show_default=",".join(map(str, CompareSettings().levels)),
        help="Levels of concurrency to compare.",
    ),
]
Rounds = Annotated[
    int,
    typer.Option(
        "--rounds",
        metavar="N",
        min=1,
        max=1_000,
        rich_help_panel=PACE,
        help="Rounds; the strategies take turns in each.",
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        "-t",
        metavar="DURATION",
        parser=_parser(parse_duration),
        rich_help_panel=PACE,
        show_default=format_duration(Request().timeout_s),
        help="For one attempt, redirects included: 500ms, 2s, 1m; a bare number is seconds.",
    ),
]
ConnectTimeout = Annotated[
    float | None,
    typer.Option(
        "--connect-timeout",
        metavar="DURATION",
        parser=_parser(parse_duration),
        rich_help_panel=PACE,
        show_default="as --timeout",
        help="For each connection: name, TCP and TLS.",
    ),
]

PerHost = Annotated[
    int,
    typer.Option(
        "--per-host",
        metavar="N",
        min=1,
        max=MOST_CONCURRENT,
        rich_help_panel=PACE,
        help="Targets in flight to one host (host:port) at most.",
    ),
]
ComparedPerHost = Annotated[
    int | None,
    typer.Option(
        "--per-host",
        metavar="N",
        min=1,
        max=MOST_CONCURRENT,
        rich_help_panel=PACE,
        show_default="no limit",
        help="Targets in flight to one host (host:port) at most.",
    ),
]
Rate = Annotated[
    float | None,
    typer.Option(
        "--rate",
        metavar="RATE",
        parser=_parser(parse_rate),
        rich_help_panel=PACE,
        show_default="no limit",
        help="Targets begun in a time: 5/s, 30/m.",
    ),
]
PerHostRate = Annotated[
    float | None,
    typer.Option(
        "--per-host-rate",
        metavar="RATE",
        parser=_parser(parse_rate),
        rich_help_panel=PACE,
        show_default="no limit",
        help="The same for one host.",
    ),
]
Retries = Annotated[
    int,
    typer.Option(
        "--retries",
        metavar="N",
        min=0,
        max=MOST_RETRIES,
        rich_help_panel=RETRIES,
        help="Further attempts after a transient failure.",
    ),
]
RetryOnOption = Annotated[
    RetryOn,
    typer.Option(
        "--retry-on",
        metavar="LIST",
        parser=_parser(RetryOn.parse),
        rich_help_panel=RETRIES,
        show_default="what usually passes",
        help="Statuses and kinds of failure that are tried again: 5xx,429,reset.",
    ),
]
RetryBudget = Annotated[
    float,
    typer.Option(
        "--retry-budget",
        metavar="DURATION",
        parser=_parser(parse_wait),
        rich_help_panel=RETRIES,
        show_default=format_duration(RetrySettings().budget_s),
        help="What a host may make the run wait by Retry-After; a longer one ends the attempts.",
    ),
]
Confirm = Annotated[
    bool,
    typer.Option(
        "--confirm",
        rich_help_panel=RETRIES,
        help="At the end, after a pause and slowly, try once more what failed in passing.",
    ),
]
Deadline = Annotated[
    float | None,
    typer.Option(
        "--deadline",
        metavar="DURATION",
        parser=_parser(parse_duration),
        rich_help_panel=END,
        show_default="none",
        help="End the run then, whatever happens; what is not known by then is unchecked.",
    ),
]
FailFast = Annotated[bool, typer.Option("--fail-fast", rich_help_panel=END, help="End the run with the first failure.")]
MaxFailures = Annotated[
    int | None,
    typer.Option(
        "--max-failures",
        metavar="N",
        min=1,
        rich_help_panel=END,
        show_default="no limit",
        help="End the run with that many failures.",
    ),
]
Grace = Annotated[
    float,
    typer.Option(
        "--grace",
        metavar="DURATION",
        parser=_parser(parse_wait),
        rich_help_panel=END,
        show_default=format_duration(CheckSettings().grace_s),
        help="What is in flight may take so long yet after Ctrl-C or SIGTERM.",
    ),
]

Method = Annotated[
    str,
    typer.Option(
        "--method", "-X", metavar="METHOD", parser=_parser(parse_method), rich_help_panel=REQUESTS, help="HTTP method."
    ),
]
Headers = Annotated[
    list[Header] | None,
    typer.Option(
        "--header",
        "-H",
        metavar="'NAME: VALUE'",
        parser=_parser(Header.parse),
        rich_help_panel=REQUESTS,
        show_default=False,
        help="Header to send; may be repeated.",
    ),
]
UserAgent = Annotated[
    str,
    typer.Option(
        "--user-agent",
        metavar="TEXT",
        parser=_parser(_user_agent),
        rich_help_panel=REQUESTS,
        help="What to be known as.",
    ),
]
Follow = Annotated[
    bool,
    typer.Option("--follow/--no-follow", rich_help_panel=REQUESTS, help="Follow redirects, or judge them as they are."),
]
MaxRedirects = Annotated[
    int,
    typer.Option(
        "--max-redirects", metavar="N", min=0, max=100, rich_help_panel=REQUESTS, help="Redirects to follow at most."
    ),
]
Dedupe = Annotated[
    bool,
    typer.Option("--dedupe/--no-dedupe", rich_help_panel=REQUESTS, help="Check a repeated target once, or every time."),
]

Expect = Annotated[
    Statuses,
    typer.Option(
        "--expect",
        "-e",
        metavar="STATUSES",
        parser=_parser(Statuses.parse),
        rich_help_panel=EXPECTATIONS,
        show_default=str(SUCCESSFUL),
        help="Accepted statuses: 200, 2xx, 200-299, or a list of these with commas.",
    ),
]

Insecure = Annotated[bool, typer.Option("--insecure", "-k", rich_help_panel=TLS, help="Do not verify certificates.")]
CaFile = Annotated[
    Path | None,
    typer.Option(
        "--ca-file", metavar="PATH", rich_help_panel=TLS, show_default=False, help="Trust these authorities (PEM) only."
    ),
]

Format = Annotated[
    ReportFormat | None,
    typer.Option(
        "--format",
        "-f",
        rich_help_panel=OUTPUT,
        show_default="table on a terminal, else lines",
        help="What goes to standard output.",
    ),
]
ComparedFormat = Annotated[
    ComparisonFormat, typer.Option("--format", "-f", rich_help_panel=OUTPUT, help="What goes to standard output.")
]
ReportFiles = Annotated[
    list[ReportFile] | None,
    typer.Option(
        "--report",
        metavar="FORMAT=PATH",
        parser=_parser(_report_file),
        rich_help_panel=OUTPUT,
        show_default=False,
        help="Write a report to a file as well; may be repeated.",
    ),
]
Only = Annotated[
    list[Verdict] | None,
    typer.Option(
        "--only",
        metavar="VERDICT",
        rich_help_panel=OUTPUT,
        show_default=False,
        help="Show only ok, flaky, failed or unchecked on standard output; may be repeated.",
    ),
]
ResultOrder = Annotated[
    Order, typer.Option("--order", rich_help_panel=OUTPUT, help="Report in the list's order, or as results come.")
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", rich_help_panel=OUTPUT, help="Leave only the exit code, errors and --report files."),
]
Progress = Annotated[
    bool,
    typer.Option(
        "--progress/--no-progress",
        rich_help_panel=OUTPUT,
        help="Show progress on standard error, if that is a terminal.",
    ),
]
ColorChoice = Annotated[
    Color, typer.Option("--color", rich_help_panel=OUTPUT, help="Colour: auto heeds NO_COLOR and FORCE_COLOR.")
]

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

CHECK: Final = CheckSettings()
COMPARE: Final = CompareSettings()
LEVELS: Final = LevelList(COMPARE.levels)
HTTP: Final = HttpSettings()
REQUEST: Final = Request()
DEFAULT_PER_HOST: Final = PER_HOST
