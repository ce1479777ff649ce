"""The sources of a command that has to know all of its targets before it begins."""

from collections.abc import Sequence

from allup.cli.shortfall import shortfalls
from allup.cli.signals import interruptible
from allup.http.fetching import ListFetcher
from allup.lists.line import LineDefaults
from allup.lists.source import Source
from allup.lists.stream import TargetStream
from allup.model.clock import Clock
from allup.model.selection import SelectionSettings
from allup.model.settings import HttpSettings
from allup.model.stop import Stop
from allup.model.target import Entry, Target
from allup.model.usage import UsageError
from allup.run.whole_list import whole_list


async def read_whole(
    sources: Sequence[Source],
    defaults: LineDefaults,
    selection: SelectionSettings,
    http: HttpSettings,
    *,
    most: int,
    what: str,
) -> list[Entry] | Stop:
    """Return all entries of `sources`, or the signal that came meanwhile.

    Raises UsageError where there is no target, or one is missing, or they are more than `most`, which is what
    `what` takes.
    """
    entries: list[Entry] = []
    with interruptible() as reading:
        fetch = ListFetcher(http, defaults.request, Clock())
        async with TargetStream(sources, defaults, selection, fetch=fetch) as stream:
            entries = await whole_list(stream, most=most, what=what)
            targets = sum(isinstance(entry, Target) for entry in entries)
            for problem in shortfalls(stream, targets, selection):
                raise UsageError(problem)
    return entries if reading.stop is None else reading.stop
