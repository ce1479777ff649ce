"""The figures of a comparison's row as people read them."""

from dataclasses import dataclass

from allup.model.comparison import Comparison, Row
from allup.model.duration import format_duration


def seconds(value: float | None) -> str:
    """Return a duration for people; a dash where nothing was measured."""
    return "-" if value is None else format_duration(value)


def percent(share: float) -> str:
    """Return a share (0 to 1) as a whole percentage, rounded down: 100% is nothing less."""
    return f"{int(share * 100 + 1e-9)}%"


def times(factor: float) -> str:
    """Return a factor as a figure with two digits or more: ``9.8x``, ``98.0x``, ``100x``."""
    return f"{factor:.1f}x" if factor < 99.95 else f"{factor:.0f}x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of one row, in the order of the table."""

    strategy: str
    concurrency: str
    wall: str
    speedup: str
    ideal: str
    efficiency: str
    p50: str
    p95: str
    p99: str
    peak_in_flight: str
    ok: str
    failed: str

    @classmethod
    def of(cls, comparison: Comparison, row: Row) -> "Figures":
        """Return those of `row`."""
        median, latencies = row.median, row.latencies
        return cls(
            strategy=row.strategy.value,
            concurrency=str(row.concurrency),
            wall=seconds(row.wall_s),
            speedup=times(comparison.speedup(row)),
            ideal=seconds(row.ideal_s),
            efficiency=percent(row.efficiency),
            p50=seconds(latencies.p50_s),
            p95=seconds(latencies.p95_s),
            p99=seconds(latencies.p99_s),
            peak_in_flight=str(median.peak_in_flight),
            ok=str(median.ok),
            failed=str(median.failed),
        )
