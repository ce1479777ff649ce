"""A comparison as a page of its own: each strategy's targets as bars, above each other on one time axis."""

from collections.abc import Iterator
from dataclasses import fields
from html import escape
from typing import Final

from allup.model.comparison import Comparison, Row, flights_every
from allup.model.duration import format_duration
from allup.report.comparison_figures import Figures, times
from allup.report.comparison_json import comparison_json
from allup.report.lanes import WIDTH, axis_s, bars, height
from allup.report.limit import limit_sentence
from allup.report.page_frame import PageFrame
from allup.report.page_json import markup_escaped

_STYLES: Final = ("colors.css", "page.css", "lanes.css", "compare.css")
_SCRIPTS: Final = ("compare.js",)
_HELP: Final = "Point at a bar to see the same target in all of them."
_HEADINGS: Final = {"speedup": "speed-up", "peak_in_flight": "peak in flight"}


def comparison_html(comparison: Comparison) -> Iterator[str]:
    """Yield the page in pieces; it shows everything without its script, which moves from bar to bar."""
    frame = PageFrame.of("compare.html", styles=_STYLES, scripts=_SCRIPTS)
    yield frame.head
    yield f"<header>\n<h1>{_headline(comparison)}</h1>\n<p>{escape(limit_sentence(comparison))}</p>\n</header>\n"
    yield f'<main>\n<p id="told" class="told quiet" role="status">{_HELP}</p>\n<div class="strategies">\n'
    for row in comparison.rows:
        yield from _lanes(comparison, row)
    yield f"</div>\n{_scale(axis_s(comparison))}\n{_drawn(comparison)}"
    yield from _table(comparison)
    document = markup_escaped(comparison_json(comparison).rstrip("\n"))
    yield f'</main>\n<script type="application/json" id="comparison">\n{document}\n</script>\n'
    yield frame.foot


def _headline(comparison: Comparison) -> str:
    best = max(comparison.rows, key=comparison.speedup)
    wall = format_duration(comparison.rows[0].wall_s)
    count = f"{comparison.targets} target{'' if comparison.targets == 1 else 's'}"
    if best is comparison.rows[0]:
        return f"{count}: {wall} one after the other"
    return (
        f"{count}: {wall} one after the other, <strong>{format_duration(best.wall_s)}</strong> by "
        f"{best.strategy.value} with {best.concurrency} at once, {times(comparison.speedup(best))} as fast"
    )


def _lanes(comparison: Comparison, row: Row) -> Iterator[str]:
    name = f"{row.strategy.value}, {row.concurrency} at once"
    figures = f"{format_duration(row.wall_s)} · {times(comparison.speedup(row))}"
    high = height(row)
    yield f'<section class="strategy">\n<h2>{name} <span class="figures">{figures}</span></h2>\n'
    yield (
        f'<svg class="lanes" viewBox="0 0 {WIDTH} {high}" height="{high}" preserveAspectRatio="none" tabindex="0" '
        f'role="group" aria-roledescription="waterfall" aria-label="{name}: {len(row.median.flights)} bars. '
        f'Arrow keys go from one to the next.">\n'
    )
    for bar in bars(row, axis_s(comparison)):
        yield f"{bar}\n"
    yield "</svg>\n</section>\n"


def _scale(length_s: float) -> str:
    ticks = [format_duration(length_s * share) if share else "0" for share in (0, 0.25, 0.5, 0.75, 1)]
    return f'<div class="scale" aria-hidden="true">{"".join(f"<span>{tick}</span>" for tick in ticks)}</div>'


def _drawn(comparison: Comparison) -> str:
    one_in = flights_every(comparison.targets)
    every = f" One target in {one_in} is drawn." if one_in > 1 else ""
    rounds = f" Of {comparison.rounds} rounds it is the median one." if comparison.rounds > 1 else ""
    return (
        '<p class="quiet">A bar is a target, a line of bars what one place of the cap was busy with. '
        f'<span class="key"></span> is as expected, <span class="key not"></span> is not.{every}{rounds}</p>\n'
    )


def _table(comparison: Comparison) -> Iterator[str]:
    names = [field.name for field in fields(Figures)]
    heads = "".join(f'<th scope="col">{_HEADINGS.get(name, name)}</th>' for name in names)
    yield '<h2 id="figures">Figures</h2>\n<div class="wide" tabindex="0" role="region" aria-labelledby="figures">\n'
    yield f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
    for row in comparison.rows:
        its = Figures.of(comparison, row)
        first, *rest = (escape(str(getattr(its, name))) for name in names)
        yield f'<tr><th scope="row">{first}</th>{"".join(f"<td>{one}</td>" for one in rest)}</tr>\n'
    yield "</tbody>\n</table>\n</div>\n"
