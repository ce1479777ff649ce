"""What is missing from a list that was read: none of it may look green."""

from collections.abc import Iterator

from allup.lists.stream import Entries
from allup.model.selection import SelectionSettings
from allup.model.shard import Share


def shortfalls(entries: Entries, targets: int, selection: SelectionSettings) -> Iterator[str]:
    """Yield a message for each way in which `entries`, read to their end with `targets` in them, were too few.

    A shard may be empty where the list is not.
    """
    if entries.share is not None:  # others have the rest of the list
        targets = entries.share.targets
    for name in entries.empty_sources:
        yield f"{'standard input' if name == '-' else name}: there is no target in it"
    if not targets and entries.excluded:
        yield f"nothing is left to check: --include and --exclude leave out all targets ({entries.excluded})"
    elif targets < selection.min_targets:
        yield f"too few targets: {targets} where --min-targets asks for {selection.min_targets}"


def idleness(share: Share | None) -> str | None:
    """Return what to say where nothing is in `share`; None where there is no shard, or nothing in the whole list."""
    if share is None or not share.listed:
        return None
    return f"shard {share.shard} has nothing to do: all of the list ({share.listed:,}) is in others"
