"""What a line of a list may say too: how targets are asked, and what is expected of them.

The values are the text of the list's own grammar, and are read by its parser.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from allup.cli.completing import methods, statuses
from allup.cli.options.pace import PANEL as PACE
from allup.lists.details import LineDefaults
from allup.lists.options import OptionError, line_defaults
from allup.model.duration import format_duration
from allup.model.statuses import SUCCESSFUL
from allup.model.target import Request

REQUESTS: Final = "Requests"
EXPECTATIONS: Final = "Expectations"

Timeout = Annotated[
    str | None,
    typer.Option(
        "--timeout",
        "-t",
        metavar="DURATION",
        rich_help_panel=PACE,
        show_default=format_duration(Request().timeout_s),
        help="For one attempt, redirects included: 500ms, 2s, 1m; a bare number is seconds.",
    ),
]
Method = Annotated[
    str | None,
    typer.Option(
        "--method",
        "-X",
        metavar="METHOD",
        autocompletion=methods,
        rich_help_panel=REQUESTS,
        show_default=f"{Request().method}, or POST with --data",
        help="HTTP method.",
    ),
]
Headers = Annotated[
    list[str] | None,
    typer.Option(
        "--header",
        "-H",
        metavar="'NAME: VALUE'",
        rich_help_panel=REQUESTS,
        show_default=False,
        help="Header to send; may be repeated.",
    ),
]
Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        "-d",
        metavar="TEXT",
        rich_help_panel=REQUESTS,
        show_default=False,
        help="Body to send, as it stands; a form's, unless a header says otherwise.",
    ),
]
Follow = Annotated[
    bool | None,
    typer.Option(
        "--follow/--no-follow",
        rich_help_panel=REQUESTS,
        show_default="follow",
        help="Follow redirects, or judge them as they are.",
    ),
]
Expect = Annotated[
    str | None,
    typer.Option(
        "--expect",
        "-e",
        metavar="STATUSES",
        autocompletion=statuses,
        rich_help_panel=EXPECTATIONS,
        show_default=str(SUCCESSFUL),
        help="Accepted statuses: 200, 2xx, 200-299, or a list of these with commas.",
    ),
]
Within = Annotated[
    str | None,
    typer.Option(
        "--within",
        metavar="DURATION",
        rich_help_panel=EXPECTATIONS,
        show_default="no limit",
        help="The most that an attempt may take: 500ms, 2s.",
    ),
]
Contains = Annotated[
    list[str] | None,
    typer.Option(
        "--contains",
        metavar="TEXT",
        rich_help_panel=EXPECTATIONS,
        show_default=False,
        help="Text in the body; may be repeated.",
    ),
]
Matches = Annotated[
    list[str] | None,
    typer.Option(
        "--matches",
        metavar="REGEX",
        rich_help_panel=EXPECTATIONS,
        show_default=False,
        help="Regular expression that is found in the body; may be repeated.",
    ),
]
ExpectHeaders = Annotated[
    list[str] | None,
    typer.Option(
        "--expect-header",
        metavar="'NAME: REGEX'",
        rich_help_panel=EXPECTATIONS,
        show_default=False,
        help="Header of the answer in which the expression is found; may be repeated.",
    ),
]
ExpectJson = Annotated[
    list[str] | None,
    typer.Option(
        "--expect-json",
        metavar="PATH=VALUE",
        rich_help_panel=EXPECTATIONS,
        show_default=False,
        help="What a JSONPath selects in the body: $.status=ok; may be repeated.",
    ),
]
CertDays = Annotated[
    str | None,
    typer.Option(
        "--cert-days",
        metavar="DAYS",
        rich_help_panel=EXPECTATIONS,
        show_default=False,
        help="The certificate is good for this many days yet.",
    ),
]

_FLAGS: Final = {"json": "--expect-json", "cert": "--cert-days"}
"""Flags that are not named as their line option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFlags:
    """What holds for every line that does not say otherwise; None: nothing was said."""

    timeout: Timeout = None
    method: Method = None
    header: Headers = None
    data: Data = None
    follow: Follow = None
    expect: Expect = None
    within: Within = None
    contains: Contains = None
    matches: Matches = None
    expect_header: ExpectHeaders = None
    expect_json: ExpectJson = None
    cert_days: CertDays = None

    def defaults(self, variables: Mapping[str, str], *, retries: int | None = None) -> LineDefaults:
        """Return what was said, ``${NAME}`` filled in from `variables`; raises typer.BadParameter."""
        options = list(self._said())
        if retries is not None:
            options.append(("retries", str(retries)))
        try:
            return line_defaults(options, variables)
        except OptionError as error:
            flag = _FLAGS.get(error.option, f"--{error.option}")
            raise typer.BadParameter(str(error), param_hint=f"'{flag}'") from error

    def _said(self) -> Iterator[tuple[str, str]]:
        once = {
            "timeout": self.timeout,
            "method": self.method,
            "data": self.data,
            "follow": None if self.follow is None else "yes" if self.follow else "no",
            "expect": self.expect,
            "within": self.within,
            "cert": self.cert_days,
        }
        often = {
            "header": self.header,
            "contains": self.contains,
            "matches": self.matches,
            "expect-header": self.expect_header,
            "json": self.expect_json,
        }
        yield from ((option, text) for option, text in once.items() if text is not None)
        yield from ((option, text) for option, texts in often.items() for text in texts or ())
