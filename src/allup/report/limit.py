"""What limited a comparison, in a sentence."""

import math
from collections.abc import Callable
from typing import Final, assert_never

from allup.model.comparison import Comparison, Limit, Row
from allup.model.duration import format_duration
from allup.report.course_text import lag_sentence
from allup.report.printable import printable

_WORTH_IT: Final = 0.95
"""The share of the ideal that a higher cap must get below to be worth naming."""


def limit_sentence(comparison: Comparison, quote: Callable[[str], str] = printable) -> str:
    """Return what the fastest row waited for, and what would help; `quote` makes a URL harmless where it is shown.

    Where a row's timings are suspect, a sentence more says so.
    """
    said = _limit_sentence(comparison, quote)
    late = [row for row in comparison.rows if row.median.lag is not None and row.median.lag.is_suspect]
    if not late:
        return said
    row = max(late, key=lambda one: 0.0 if one.median.lag is None else one.median.lag.p99_s)
    assert row.median.lag is not None
    advice = "a less busy machine may help" if row.concurrency == 1 else "lower -c"
    return f"{said} {lag_sentence(row.median.lag, f'{advice} ({row.strategy.value}, -c {row.concurrency})')}"


def _limit_sentence(comparison: Comparison, quote: Callable[[str], str]) -> str:
    row = min(comparison.rows, key=lambda one: (one.unchecked, one.wall_s))
    if row.unchecked:
        return "No row checked all targets: this machine's own limits were in the way, and the figures say nothing."
    if not row.median.latencies_s:
        return "Nothing was timed: no target was asked."
    if comparison.per_host is not None and row.median.peak_in_flight < row.concurrency:
        peak = row.median.peak_in_flight
        return f"--per-host {comparison.per_host} limited {_name(row)}: {peak} were in flight at most."
    match row.limit:
        case Limit.SLOWEST:
            return _slowest(row, quote)
        case Limit.CAP:
            return _cap(row)
        case Limit.OVERHEAD:
            return _overhead(row)
        case _:
            assert_never(row.limit)


def _slowest(row: Row, quote: Callable[[str], str]) -> str:
    url = "the slowest URL" if row.median.slowest is None else quote(row.median.slowest)
    took = format_duration(max(row.median.latencies_s))
    wall = format_duration(row.wall_s)
    return f"The slowest URL limited {_name(row)}: {url} took {took} of {wall}. More concurrency cannot help."


def _cap(row: Row) -> str:
    latencies_s = row.median.latencies_s
    # Above `enough` the slowest URL is the limit; doubling is a step that a server forgives.
    enough = math.ceil(sum(latencies_s) / max(latencies_s))
    higher = min(row.concurrency * 2, enough)
    ideal_s = max(*latencies_s, sum(latencies_s) / higher)
    said = f"The cap limited {_name(row)}"
    if ideal_s > row.ideal_s * _WORTH_IT:
        return f"{said}, and the slowest URL is close behind: a higher -c would hardly help."
    return f"{said}: with -c {higher} the ideal would be {format_duration(ideal_s)} instead of {_ideal(row)}."


def _overhead(row: Row) -> str:
    return (
        f"Overhead limited {_name(row)}: it took {format_duration(row.wall_s)} where {_ideal(row)} is the ideal. "
        "A lower -c or a less busy machine may help; a higher -c will not."
    )


def _ideal(row: Row) -> str:
    return format_duration(row.ideal_s)


def _name(row: Row) -> str:
    return f"the fastest run ({row.strategy.value}, -c {row.concurrency})"
