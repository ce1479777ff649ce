"""A comparison as a Markdown table (GitHub's), with the sentence under it."""

from dataclasses import astuple
from typing import Final

from allup.model.comparison import Comparison
from allup.report.comparison_figures import Figures
from allup.report.limit import limit_sentence
from allup.report.markdown_text import code_span

_HEAD: Final = (
    *("strategy", "concurrency", "wall", "speed-up", "ideal", "efficiency"),
    *("p50", "p95", "p99", "peak in flight", "ok", "failed"),
)


def comparison_markdown(comparison: Comparison) -> str:
    """Return the table, an empty line, and what limited the fastest row."""
    lines = [
        _HEAD,
        ("---", *["---:"] * (len(_HEAD) - 1)),
        *(astuple(Figures.of(comparison, row)) for row in comparison.rows),
    ]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{table}\n{limit_sentence(comparison, code_span)}\n"
