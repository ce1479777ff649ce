"""How a run went as data: what it waited for, how late the event loop was, and what ``-c auto`` came to."""

from allup.model.level import Level
from allup.model.limited_by import LimitedBy
from allup.model.loop_lag import LoopLag
from allup.model.tally import Summary


def course_record(summary: Summary) -> dict[str, object]:
    """Return the keys of the summary that say so; null for what is not known."""
    return {
        "concurrency": None if summary.level is None else _level(summary.level),
        "limited_by": None if summary.limited_by is None else _limited_by(summary.limited_by),
        **lag_record(summary.lag),
    }


def lag_record(lag: LoopLag | None) -> dict[str, object]:
    """Return the two keys about the event loop; milliseconds have three decimals."""
    return {
        "loop_lag_ms": None if lag is None else {"p50": _milliseconds(lag.p50_s), "p99": _milliseconds(lag.p99_s)},
        "timings_suspect": lag is not None and lag.is_suspect,
    }


def _limited_by(one: LimitedBy) -> dict[str, object]:
    return {
        "reason": one.bottleneck.value,
        "name": one.name,
        "seconds": round(one.seconds, 3),
        "share": round(one.share, 4),
    }


def _level(level: Level) -> dict[str, object]:
    return {
        "limit": level.limit,
        "reason": level.restraint.value,
        "hosts": [{"host": one.host, "limit": one.limit, "reason": one.restraint.value} for one in level.hosts],
    }


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
