"""A client whose attempts are made in processes, each of which has the hosts of its shard.

What it is asked, and when, is decided by whoever asks it, just as with a client of one process: a
redirect to a host of another shard takes its place there, and then goes on where it is.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from typing import Final

from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.failure import Phase
from allup.model.settings import HttpSettings
from allup.model.shard import shard_of
from allup.model.target import Target
from allup.model.usage import UsageError
from allup.run.processes.launching import Workers, ended, launched
from allup.run.processes.link import Link
from allup.run.processes.orphans import orphan

START_S: Final = 60.0
"""The most that workers may take to begin."""
_FAREWELL_S: Final = 1.0


class Fleet:
    """The client; where a worker has ended, the next one that lives has its hosts from then on.

    `within` is how many shards there are, of one of which all hosts are.
    """

    def __init__(self, links: Sequence[Link], clock: Clock, *, within: int = 1) -> None:
        self._links = links
        self._clock = clock
        self._within = within

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Callable[[Callable[[], Phase]], None] | None = None,
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        """Ask `target` once, in the process of its host; that this is lost is a failure like another."""
        link = self._link(target.host)
        if link.alive:
            return await link.attempt(target, waited_s=waited_s, watch=watch, move=move)
        return orphan(
            target,
            f"no process is left that could ask it: the one for its host {link.cause}",
            started_at=self._clock.wall(),
            waited_s=waited_s,
            phase=Phase.BLOCKED,
        )

    def _link(self, host: str) -> Link:
        first = shard_of(host, len(self._links), within=self._within)
        if self._links[first].alive:
            return self._links[first]
        in_order = (*self._links[first:], *self._links[:first])
        return next((link for link in in_order if link.alive), in_order[0])


@asynccontextmanager
async def open_fleet(
    settings: HttpSettings, clock: Clock, *, count: int, workers: Workers | None = None, within: int = 1
) -> AsyncIterator[Fleet]:
    """Open the client over `workers`, or over `count` new ones, and end them with it; their clocks are their own.

    `within` is how many shards there are, of one of which all hosts are.

    Raises UsageError as opening a client in this process does, and where there can be no workers.
    """
    with ExitStack() as stack:
        workers = stack.enter_context(launched(count)) if workers is None else workers
        links = [Link(worker, clock) for worker in workers]
        try:
            # Each has its part of the hosts, and so its part of the connections that are kept for them.
            await _open(links, replace(settings, most_idle=-(-settings.most_idle // len(links))))
            yield Fleet(links, clock, within=within)
        finally:
            for link in links:
                link.close()
            await ended(workers, _FAREWELL_S)


async def _open(links: Sequence[Link], settings: HttpSettings) -> None:
    for link in links:
        await link.open(settings)
    ready, late = await asyncio.wait([link.ready for link in links], timeout=START_S)
    refusals = [error for one in ready if (error := one.result()) is not None]
    if refusals:
        raise refusals[0]
    if late:
        raise UsageError(f"{len(late)} of {len(links)} processes did not begin within {START_S:g}s")
