"""Whether shards are those of one list, all of them, each once."""

from collections.abc import Sequence

from allup.model.usage import UsageError
from allup.report.shards.end import ShardEnd

_MOST_MISSING = 5


class MergeError(UsageError):
    """Reports cannot be put together; the message says which ones, and why."""


def check_fit(named: Sequence[tuple[str, ShardEnd]]) -> None:
    """Raise MergeError where the shards, each with what its report is called, are not all of one list."""
    first_name, first = named[0]
    seen: dict[int, str] = {}
    for name, end in named:
        shard, wanted = end.share.shard, first.share.shard
        if shard.count != wanted.count:
            raise MergeError(f"{name} is shard {shard}, and {first_name} {wanted}: they are not of one run")
        if shard.index in seen:
            raise MergeError(f"{name} and {seen[shard.index]} are both shard {shard}: name each once")
        if _list_of(end) != _list_of(first):
            raise MergeError(
                f"{name} and {first_name} are not of one list with the same options:"
                f" {_told(end)} in one, {_told(first)} in the other"
            )
        seen[shard.index] = name
    missing = [str(index) for index in range(1, first.share.shard.count + 1) if index not in seen]
    if missing:
        more = ", ..." if len(missing) > _MOST_MISSING else ""
        raise MergeError(
            f"{len(missing)} of {first.share.shard.count} shards missing: {', '.join(missing[:_MOST_MISSING])}{more}"
        )


def check_whole(ends: Sequence[ShardEnd], results: int) -> None:
    """Raise MergeError where the `results` of all shards and what they skipped are not the whole list."""
    if not ends[0].share.listed:
        raise MergeError("there is no target in the list")
    listed, repeats = ends[0].share.listed, sum(end.repeats for end in ends)
    if results + repeats != listed:
        raise MergeError(
            f"the list has {listed:,} entries, and the reports {results:,}, with {repeats:,} repeats: "
            "they do not belong together"
        )


def _list_of(end: ShardEnd) -> tuple[object, ...]:
    share = end.share
    return (share.listed, share.targets, share.digest, end.excluded)


def _told(end: ShardEnd) -> str:
    return f"{end.share.listed:,} entries ({end.share.digest[:8]})"
