"""A comparison as CSV (RFC 4180, with plain line feeds); it holds no text of others, so no formula either."""

import csv
import io
from typing import Final

from allup.model.comparison import Comparison, Row
from allup.report.comparison_json import latency_ms

_HEAD: Final = (
    *("strategy", "concurrency", "wall_s", "speedup", "ideal_s", "efficiency", "peak_in_flight", "ok", "failed"),
    *("p50_ms", "p95_ms", "p99_ms", "max_ms"),
)


def comparison_csv(comparison: Comparison) -> str:
    """Return a head and one line a row; a figure that is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    writer.writerows(_fields(comparison, row) for row in comparison.rows)
    return text.getvalue()


def _fields(comparison: Comparison, row: Row) -> tuple[object, ...]:
    figures = (row.wall_s, comparison.speedup(row), row.ideal_s, row.efficiency)
    counts = (row.median.peak_in_flight, row.median.ok, row.median.failed)
    rounded = (round(figure, 6) for figure in figures)
    return (row.strategy.value, row.concurrency, *rounded, *counts, *latency_ms(row.latencies).values())
