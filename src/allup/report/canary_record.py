"""How the canaries of a run did, as data."""

from allup.model.canaries import CanarySummary
from allup.report.record import failure_record


def canaries_record(summary: CanarySummary) -> dict[str, object]:
    """Return what the summary says of the canaries."""
    return {
        "outages": summary.outages,
        "away_s": round(summary.away_s, 6),
        "lost": summary.lost,
        "asked": [
            {
                "url": one.url,
                "ok": one.ok,
                "failed": one.failed,
                "failure": failure_record(one.failure) if one.failure else None,
            }
            for one in summary.canaries
        ],
    }
