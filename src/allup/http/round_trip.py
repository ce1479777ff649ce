"""A turn at a host that several attempts have, one after the other."""

from collections.abc import Awaitable, Callable


class RoundTrip:
    """Moves on behalf of `mover`, from `home`, and back: the next attempt begins where the first one did."""

    def __init__(self, mover: Callable[[str], Awaitable[float]] | None, home: str) -> None:
        self._mover = mover
        self._home = self._host = home

    async def move(self, host: str) -> float:
        """Take the place at another `host`; return the seconds that this took."""
        if self._mover is None:
            return 0.0
        self._host = host
        return await self._mover(host)

    async def back(self) -> float:
        """Take the place at home again, where it was left; return the seconds that this took."""
        return 0.0 if self._host == self._home else await self.move(self._home)
