"""What a baseline knew, and what has changed since it, as data."""

from allup.model.changes import Changes
from allup.model.past import Change, Past


def past_record(past: Past) -> dict[str, object]:
    """Return what a record says of the baseline; None where that knows nothing."""
    known = past.known
    return {
        "change": past.change.value,
        "verdict": known.verdict.value if known else None,
        "kind": known.kind.value if known and known.kind else None,
        "elapsed_ms": _milliseconds(known.elapsed_s) if known and known.elapsed_s is not None else None,
    }


def changes_record(changes: Changes) -> dict[str, object]:
    """Return what the summary says of the baseline."""
    return {
        **{change.value: changes.counts.get(change, 0) for change in Change},
        "new_failed": changes.new_failed,
        "gone": changes.gone,
        "first_gone": [{"url": one.url, "name": one.name} for one in changes.first_gone],
        "slower": changes.slower,
        "slowest": [
            {
                "url": one.url,
                "name": one.name,
                "baseline_ms": _milliseconds(one.before_s),
                "elapsed_ms": _milliseconds(one.now_s),
            }
            for one in changes.slowest
        ],
        "shift": None if changes.shift is None else round(changes.shift, 4),
    }


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
