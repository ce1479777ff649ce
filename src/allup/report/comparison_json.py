"""A comparison as JSON: ``allup.compare/1``."""

from typing import Final

from allup.model.comparison import Comparison, Latencies, Row
from allup.report.course_record import lag_record
from allup.report.json_text import json_text

SCHEMA: Final = "allup.compare/1"


def comparison_json(comparison: Comparison) -> str:
    """Return the document, one row a line; seconds have six decimals, milliseconds three."""
    rows = ",\n".join(json_text(_row(comparison, row)) for row in comparison.rows)
    head = f'"schema": {json_text(SCHEMA)}, "targets": {comparison.targets}, "rounds": {comparison.rounds}'
    return f'{{{head}, "rows": [\n{rows}\n]}}\n'


def _row(comparison: Comparison, row: Row) -> dict[str, object]:
    return {
        "strategy": row.strategy.value,
        "concurrency": row.concurrency,
        "wall_s": round(row.wall_s, 6),
        "wall_s_rounds": [round(one.wall_s, 6) for one in row.rounds],
        "speedup": round(comparison.speedup(row), 4),
        "ideal_s": round(row.ideal_s, 6),
        "efficiency": round(row.efficiency, 4),
        "peak_in_flight": row.median.peak_in_flight,
        "ok": row.median.ok,
        "failed": row.median.failed,
        "latency_ms": latency_ms(row.latencies),
        **lag_record(row.median.lag),
    }


def latency_ms(latencies: Latencies) -> dict[str, float | None]:
    """Return the percentiles in milliseconds with three decimals."""
    seconds = {"p50": latencies.p50_s, "p95": latencies.p95_s, "p99": latencies.p99_s, "max": latencies.max_s}
    return {name: None if one is None else round(one * 1000, 3) for name, one in seconds.items()}
