"""What the report of a shard says at its end, of the run that made it."""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from allup.model.changes import MOST_NAMED, Changes, Gone, Slower
from allup.model.past import Change
from allup.model.shard import MOST_SHARDS, Shard, Share
from allup.report.shards.fields import Fields, NoField


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardEnd:
    """Which shard of which list it was, and the counts that are not those of its results."""

    share: Share
    repeats: int = 0
    excluded: int = 0
    wall_s: float = 0.0
    peak_in_flight: int = 0
    changes: Changes | None = None


def end_of(summary: object) -> ShardEnd:
    """Return what `summary`, read as JSON, says; raises NoField."""
    its = Fields(summary, "its summary")
    said = its.object("shard")
    if said is None:
        raise NoField("it is of a whole list, not of a shard: `allup check --shard K/N` makes those")
    return ShardEnd(
        share=share_of(said),
        repeats=its.count("repeats") or 0,
        excluded=its.count("excluded") or 0,
        wall_s=its.number("wall_s") or 0.0,
        peak_in_flight=its.count("peak_in_flight") or 0,
        changes=_changes(its.object("baseline")),
    )


def share_of(its: Fields) -> Share:
    """Return the share that is told by `its` fields; raises NoField."""
    index, count = its.count("index") or 0, its.count("count") or 0
    if not 1 <= index <= count <= MOST_SHARDS:
        raise NoField(f"there is no shard {index}/{count}")
    return Share(
        shard=Shard(index=index, count=count),
        listed=its.given("listed", its.count("listed")),
        targets=its.given("targets", its.count("targets")),
        digest=its.given("digest", its.text("digest")),
    )


def changes_of(ends: Sequence[ShardEnd]) -> Changes | None:
    """Return what has changed in all shards since their baselines; None where one had none."""
    all_ = [end.changes for end in ends if end.changes is not None]
    if len(all_) < len(ends):
        return None
    counts = Counter[Change]()
    for one in all_:
        counts.update(one.counts)
    return Changes(
        counts=dict(counts),
        new_failed=sum(one.new_failed for one in all_),
        gone=None if any(one.gone is None for one in all_) else sum(one.gone or 0 for one in all_),
        first_gone=tuple(gone for one in all_ for gone in one.first_gone)[:MOST_NAMED],
        slower=sum(one.slower for one in all_),
        slowest=tuple(heapq.nlargest(MOST_NAMED, (slow for one in all_ for slow in one.slowest), key=_more_s)),
        # Each shard took its own out before it called anything slower: there is none of the whole.
        shift=all_[0].shift if len(all_) == 1 else None,
    )


def _more_s(slower: Slower) -> float:
    return slower.now_s - slower.before_s


def _changes(its: Fields | None) -> Changes | None:
    if its is None:
        return None
    return Changes(
        counts={change: its.count(change) or 0 for change in Change},
        new_failed=its.count("new_failed") or 0,
        gone=its.count("gone"),
        first_gone=tuple(Gone(url=_url(one), name=one.text("name")) for one in its.objects("first_gone")),
        slower=its.count("slower") or 0,
        slowest=tuple(_slower(one) for one in its.objects("slowest")),
        shift=its.number("shift"),
    )


def _slower(its: Fields) -> Slower:
    before_s, now_s = its.seconds("baseline_ms") or 0.0, its.seconds("elapsed_ms") or 0.0
    return Slower(url=_url(its), name=its.text("name"), before_s=before_s, now_s=now_s)


def _url(its: Fields) -> str:
    url: str = its.given("url", its.text("url"))
    return url


def in_order(ends: Sequence[ShardEnd]) -> list[ShardEnd]:
    """Return `ends` by the number of their shard."""
    return sorted(ends, key=attrgetter("share.shard.index"))
