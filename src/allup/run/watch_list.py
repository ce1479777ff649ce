"""The list of a watch, which is held as a whole."""

from itertools import islice
from typing import Final

from allup.lists.stream import Entries
from allup.model.target import Entry
from allup.model.usage import UsageError

MOST_TARGETS: Final = 100_000


async def watch_list(entries: Entries) -> list[Entry]:
    """Return all of `entries`; raises UsageError where they are too many."""
    everything: list[Entry] = []
    while (batch := await entries.next_batch()) is not None:
        everything.extend(islice(batch, MOST_TARGETS + 1 - len(everything)))
        if len(everything) > MOST_TARGETS:
            raise UsageError(f"a watch takes at most {MOST_TARGETS:,} targets, and there are more: name a shorter list")
    return everything
