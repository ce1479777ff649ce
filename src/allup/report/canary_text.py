"""How the canaries of a run did, for people; harmless to print."""

from typing import Final

from allup.model.canaries import CanarySummary
from allup.model.duration import format_duration
from allup.report.printable import printable

_MOST_NAMED: Final = 3


def why_away(summary: CanarySummary) -> str:
    """Return why no canary answers: what each came to the last time."""
    said = [f"{one.url}: {one.failure.detail}" for one in summary.canaries if one.failure is not None]
    named = "; ".join(printable(one) for one in said[:_MOST_NAMED])
    more = f"; and {len(said) - _MOST_NAMED} more" if len(said) > _MOST_NAMED else ""
    return f"no canary answers ({named}{more})"


def canary_sentence(summary: CanarySummary) -> str:
    """Return ``answered 4 of 6 times; away once, for 12.3s``."""
    ok = sum(one.ok for one in summary.canaries)
    asked = ok + sum(one.failed for one in summary.canaries)
    said = f"answered {ok} of {asked} times"
    if not summary.outages:
        return said
    often = "once" if summary.outages == 1 else f"{summary.outages} times"
    end = ", and in the end" if summary.lost else ""
    return f"{said}; away {often}, for {format_duration(summary.away_s)}{end}"
