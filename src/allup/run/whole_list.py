"""A list as a whole, for what needs to know all of it before it begins."""

from itertools import islice

from allup.lists.stream import Entries
from allup.model.target import Entry
from allup.model.usage import UsageError


async def whole_list(entries: Entries, *, most: int, what: str) -> list[Entry]:
    """Return all of `entries`; raises UsageError where they are more than `most`, which is what `what` takes."""
    everything: list[Entry] = []
    while (batch := await entries.next_batch()) is not None:
        everything.extend(islice(batch, most + 1 - len(everything)))
        if len(everything) > most:
            raise UsageError(f"{what} takes at most {most:,} targets, and there are more: name a shorter list")
    return everything
