"""The summary of a run as data."""

from allup.model.failure import FailureKind
from allup.model.result import Verdict
from allup.model.shard import Share
from allup.model.tally import Summary, Tally
from allup.report.canary_record import canaries_record
from allup.report.course_record import course_record
from allup.report.past_record import changes_record
from allup.report.resumption_record import resumption_record


def summary_record(summary: Summary) -> dict[str, object]:
    """Return `summary` as the object that ends a JSON report; `kinds` holds those that occurred."""
    tally = summary.tally
    return {
        "targets": tally.total,
        **{verdict.value: tally.verdicts[verdict] for verdict in Verdict},
        "groups": _groups(tally),
        "repeats": summary.repeats,
        "excluded": summary.excluded,
        "kinds": {kind.value: tally.kinds[kind] for kind in FailureKind if tally.kinds[kind]},
        "wall_s": round(summary.wall_s, 6),
        "peak_in_flight": summary.peak_in_flight,
        **course_record(summary),
        "canaries": canaries_record(summary.canaries) if summary.canaries else None,
        "resumed": resumption_record(summary.resumed) if summary.resumed else None,
        "baseline": changes_record(summary.changes) if summary.changes else None,
        "shard": share_record(summary.share) if summary.share else None,
    }


def share_record(share: Share) -> dict[str, object]:
    """Return which part of which list was checked."""
    return {
        "index": share.shard.index,
        "count": share.shard.count,
        "listed": share.listed,
        "targets": share.targets,
        "digest": share.digest,
    }


def _groups(tally: Tally) -> dict[str, int]:
    verdicts = [place.verdict for place in tally.groups.values()]
    return {verdict.value: verdicts.count(verdict) for verdict in (Verdict.OK, Verdict.FAILED, Verdict.UNCHECKED)}
