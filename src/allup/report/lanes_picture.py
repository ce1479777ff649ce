"""The lanes of a comparison as one SVG picture, for a README or a talk."""

from collections.abc import Iterator
from typing import Final

from allup.model.comparison import Comparison, Row
from allup.model.duration import format_duration
from allup.report.comparison_figures import times
from allup.report.lanes import WIDTH, axis_s, bars, height
from allup.report.page_frame import read

_MARGIN: Final = 20
_HEADING: Final = 24
_GAP: Final = 16


def lanes_picture(comparison: Comparison) -> str:
    """Return the SVG: strategies above each other on one axis; it fits light and dark, and loads nothing."""
    parts = list(_parts(comparison))
    whole, high = WIDTH + 2 * _MARGIN, _bottom(comparison) + 34
    style = read("colors.css") + read("lanes.css")
    return (
        f'<svg viewBox="0 0 {whole} {high:.0f}" xmlns="http://www.w3.org/2000/svg" class="lanes">\n'
        f'<style>\n{style}</style>\n<rect class="ground" width="{whole}" height="{high:.0f}" rx="10"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _parts(comparison: Comparison) -> Iterator[str]:
    length_s, bottom = axis_s(comparison), _bottom(comparison)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _MARGIN + WIDTH * share
        anchor = {0.0: "start", 1.0: "end"}.get(share, "middle")
        label = format_duration(length_s * share) if share else "0"
        yield f'<line class="tick" x1="{x:.0f}" y1="{_MARGIN}" x2="{x:.0f}" y2="{bottom:.0f}"/>'
        yield f'<text class="scale" x="{x:.0f}" y="{bottom + 18:.0f}" text-anchor="{anchor}">{label}</text>'
    y = float(_MARGIN)
    for row in comparison.rows:
        yield f'<text class="name" x="{_MARGIN}" y="{y + 14:.1f}">{_name(comparison, row)}</text>'
        yield f'<g transform="translate({_MARGIN} {y + _HEADING:.1f})">'
        yield from bars(row, length_s)
        yield "</g>"
        y += _HEADING + height(row) + _GAP


def _bottom(comparison: Comparison) -> float:
    return _MARGIN + sum(_HEADING + height(row) + _GAP for row in comparison.rows)


def _name(comparison: Comparison, row: Row) -> str:
    figures = f"{format_duration(row.wall_s)}, {times(comparison.speedup(row))}"
    return f'{row.strategy.value}, {row.concurrency} at once<tspan class="figures" dx="12">{figures}</tspan>'
