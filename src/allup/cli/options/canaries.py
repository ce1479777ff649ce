"""Whom to ask whether a failure is this machine's own."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import typer

from allup.cli.options.parsing import parser
from allup.lists.line import LineDefaults, parse_line
from allup.model.canaries import PATIENCE_S, TIMEOUT_S
from allup.model.duration import format_duration, parse_wait
from allup.model.target import InvalidTarget, Origin, Request, Target

_PANEL: Final = "Canaries"
_FLAG: Final = "'--canary'"

Canary = Annotated[
    list[str] | None,
    typer.Option(
        "--canary",
        metavar="URL",
        rich_help_panel=_PANEL,
        show_default=False,
        help="Where this URL fails as well, what fails is this machine's network; may be repeated: one that answers is "
        "enough. Options as in a list may follow, in quotes.",
    ),
]
CanaryPatience = Annotated[
    float,
    typer.Option(
        "--canary-patience",
        metavar="DURATION",
        parser=parser(parse_wait),
        rich_help_panel=_PANEL,
        show_default=format_duration(PATIENCE_S),
        help="While no canary answers, wait for so long in all, and then end the run.",
    ),
]


def canaries(texts: Sequence[str] | None, variables: Mapping[str, str]) -> tuple[Target, ...]:
    """Return the canaries that `texts` name, each a line of a list; raises typer.BadParameter.

    A redirect is not followed, unless one says so: it may be a login page that answers for every URL.
    """
    request = Request(timeout_s=TIMEOUT_S, follow=False, retries=0)
    defaults = LineDefaults(request=request, variables=variables)
    return tuple(_target(text, defaults) for text in texts or ())


def _target(text: str, defaults: LineDefaults) -> Target:
    entry = parse_line(text, defaults, Origin())
    if entry is None:
        raise typer.BadParameter("an empty one names nobody", param_hint=_FLAG)
    if isinstance(entry, InvalidTarget):
        hint = f" ({entry.hint})" if entry.hint else ""
        raise typer.BadParameter(f"{entry.diagnosis}{hint}", param_hint=_FLAG)
    return entry
