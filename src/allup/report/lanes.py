"""What was in flight when, as SVG: a strategy's lanes over time, drawn alike in a page and in a picture."""

from collections.abc import Iterator
from html import escape
from typing import Final

from allup.model.comparison import Comparison, Flight, Row
from allup.model.duration import format_duration
from allup.report.printable import printable

WIDTH: Final = 1000
"""Units of the time axis, whatever its seconds."""
_THINNEST: Final = 2.0
_THICKEST: Final = 14.0
_HIGHEST: Final = 160.0
_SHORTEST: Final = 0.6


def axis_s(comparison: Comparison) -> float:
    """Return the seconds that the axis is long: the slowest row's wall time."""
    return max((row.wall_s for row in comparison.rows), default=0.0) or 1.0


def height(row: Row) -> float:
    """Return the units that the lanes of `row` take: fewer for each where there are many."""
    return round(_lane_height(row) * _lanes(row), 1)


def bars(row: Row, length_s: float) -> Iterator[str]:
    """Yield a rectangle for each flight that was kept, from the upper left, with what it is in words."""
    thick = _lane_height(row)
    for flight in row.median.flights:
        left = WIDTH * flight.began_s / length_s
        width = max(_SHORTEST, WIDTH * (flight.ended_s - flight.began_s) / length_s)
        kind = "as-expected" if flight.as_expected else "not-as-expected"
        yield (
            f'<rect class="{kind}" x="{left:.1f}" y="{flight.lane * thick:.1f}" '
            f'width="{width:.1f}" height="{thick * 0.86:.1f}"><title>{_words(flight)}</title></rect>'
        )


def _words(flight: Flight) -> str:
    took = format_duration(flight.ended_s - flight.began_s)
    end = "" if flight.as_expected else ", not as expected"
    return escape(printable(f"{flight.target}: from {format_duration(flight.began_s)} on, {took}{end}"))


def _lanes(row: Row) -> int:
    return max((flight.lane for flight in row.median.flights), default=0) + 1


def _lane_height(row: Row) -> float:
    return max(_THINNEST, min(_THICKEST, _HIGHEST / _lanes(row)))
