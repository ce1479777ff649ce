"""The lab as others see it: an embedded internet, served while a block runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from allup.lab.behaviour import Behaviour, Server
from allup.lab.catalogue import BEHAVIOURS
from allup.lab.house import House
from allup.lab.traffic import Stats
from allup.lab.visit import World
from allup.model.failure import FailureKind


class Lab:
    """A running lab: where its behaviours are, and what reached it so far (`stats`)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.stats: Stats = world.stats

    @property
    def base_url(self) -> str:
        """The URL of the first web server, without a slash at its end."""
        return self._world.url(Server.ONE, "")

    def url(self, behaviour: Behaviour) -> str:
        """Return the URL that behaves like `behaviour`."""
        if behaviour.server is Server.ELSEWHERE:
            return behaviour.path
        return self._world.url(behaviour.server, behaviour.path, behaviour.scheme)

    def line(self, behaviour: Behaviour) -> str:
        """Return the line of a text list that checks `behaviour`: its URL, its name, its options."""
        if behaviour.kind is FailureKind.INVALID_TARGET:
            return self.url(behaviour)
        return f"{self.url(behaviour)} name={behaviour.name} {behaviour.options}".rstrip()

    def targets(self) -> list[str]:
        """Return the lines of a text list with the whole catalogue, in its order."""
        return [self.line(behaviour) for behaviour in BEHAVIOURS]

    def reset_stats(self) -> None:
        """Count from now on."""
        self.stats.reset()


@asynccontextmanager
async def serving(*, port: int | None = None) -> AsyncIterator[Lab]:
    """Serve the lab on loopback while the block runs, its first web server on `port` (None: any).

    Raises OSError where the port is taken.
    """
    house = House()
    try:
        await house.open(port or 0)
        yield Lab(house.world)
    finally:
        await house.close()
