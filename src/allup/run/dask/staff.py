"""The workers that are there: each has a station while it lives, and the hosts that came to it first."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final, Protocol
from uuid import uuid4

from allup.model.settings import CheckSettings
from allup.model.stop import Stop
from allup.model.usage import UsageError
from allup.run.candidate import Candidate
from allup.run.dask.station import Gone, Station, Wire
from allup.run.dask.words import Told

LOOK_S: Final = 1.0
NOBODY_S: Final = 60.0
"""How long a run waits for a worker, or for its scheduler, where there is none any more."""


class Cluster(Wire, Protocol):
    """Workers that come and go."""

    async def workers(self) -> Collection[str]:
        """Return the addresses of those that are there; raises Gone where nobody knows."""
        ...


class Staff:
    """Employs every worker that there is, from `keep` on, until it is cancelled.

    `deliver` gets the results, `came` the station of a worker that comes when others are at work, `lost` that of one
    that is no more; `changed` is called for both.
    """

    def __init__(
        self,
        cluster: Cluster,
        settings: CheckSettings,
        *,
        deliver: Callable[[Candidate, Told], Awaitable[None]],
        came: Callable[[Station], None],
        lost: Callable[[Station], None],
        changed: Callable[[], None],
    ) -> None:
        self._cluster = cluster
        self._settings = settings
        self._deliver = deliver
        self._came = came
        self._lost = lost
        self._changed = changed
        self._jobs: dict[str, asyncio.Task[None]] = {}
        self._dismissed: set[str] = set()
        self._refusing: set[str] = set()
        self._stations: dict[str, Station] = {}
        self._expected: set[str] | None = None
        self._peak = 0
        self._any = False
        self.nobody = False

    @property
    def stations(self) -> Sequence[Station]:
        """Those of the workers that are there."""
        return list(self._stations.values())

    @property
    def peak_in_flight(self) -> int:
        """How many targets were in flight at most, if all workers had most of theirs at the same time."""
        return max(self._peak, sum(station.peak_in_flight for station in self._stations.values()))

    @property
    def is_ready(self) -> bool:
        """Whether somebody is at work, and all of those are who were there when it began."""
        return bool(self._stations) and not self._expected

    async def keep(self) -> None:
        """Employ who comes, let go who is gone; raises what ends a run, in a group, and UsageError if all refuse."""
        loop = asyncio.get_running_loop()
        alone_since = loop.time()
        async with asyncio.TaskGroup() as group:
            while True:
                present = await self._present()
                if self._expected is None:
                    self._expected = set(present)
                for address in present - self._jobs.keys() - self._refusing:
                    self._jobs[address] = group.create_task(self._employ(address), name=f"allup-station-{address}")
                for address in self._jobs.keys() - present:
                    self._dismissed.add(address)
                    self._jobs[address].cancel()
                if self._stations:
                    alone_since = loop.time()
                elif loop.time() > alone_since + NOBODY_S and not self.nobody:
                    self.nobody = True
                    self._changed()
                await asyncio.sleep(LOOK_S)

    async def stop(self, reason: Stop) -> None:
        """Have all workers end early, in good order."""
        await asyncio.gather(*(station.stop(reason) for station in self.stations), return_exceptions=True)

    async def _present(self) -> set[str]:
        try:
            return set(await self._cluster.workers())
        except Gone:
            return set()

    async def _employ(self, address: str) -> None:
        station = Station(address, uuid4().hex, self._cluster, self._settings)
        try:
            await station.open()
            self._any = True
            self._stations[address] = station
            if self._expected is not None and address in self._expected:
                self._expected.discard(address)
            else:
                self._came(station)
            self._changed()
            await self._work(station)
        except Gone:
            pass
        except UsageError:
            if not self._any:
                raise
            self._refusing.add(address)
        except asyncio.CancelledError:
            if address not in self._dismissed:
                raise
        finally:
            await self._let_go(station)

    async def _work(self, station: Station) -> None:
        tasks = [
            asyncio.create_task(station.feed(), name=f"allup-feed-{station.address}"),
            asyncio.create_task(station.collect(self._deliver), name=f"allup-collect-{station.address}"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        for task in tasks:
            if not task.cancelled():
                task.result()

    async def _let_go(self, station: Station) -> None:
        self._peak = self.peak_in_flight
        self._stations.pop(station.address, None)
        if self._expected is not None:
            self._expected.discard(station.address)
        self._lost(station)
        self._changed()
        try:
            await station.drop()
        finally:
            self._dismissed.discard(station.address)
            self._jobs.pop(station.address, None)
