"""Resolvers that take over from each other, so that what they remember of names stays bounded."""

import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

MOST_NAMES: Final = 1_000
"""As many as the connector above remembers; c-ares keeps what it hears for up to an hour, some 2 kB a name."""


class ResolverRelay(AbstractResolver):
    """Asks a resolver that `make` has made, and a new one after every `MOST_NAMES` names; raises what `make` raises.

    A former one is closed as soon as it has answered all that it was asked.
    """

    def __init__(self, make: Callable[[], AbstractResolver]) -> None:
        self._make = make
        self._current = make()
        self._names_left = MOST_NAMES
        self._asked: Counter[AbstractResolver] = Counter()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of `host`; raises OSError."""
        async with self._lent() as resolver:
            return await resolver.resolve(host, port, family)

    async def close(self) -> None:
        """Close all that are open."""
        for resolver in {self._current, *self._asked}:
            await resolver.close()

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[AbstractResolver]:
        if not self._names_left:
            await self._hand_over()
        self._names_left -= 1
        resolver = self._current
        self._asked[resolver] += 1
        try:
            yield resolver
        finally:
            self._asked[resolver] -= 1
            await self._close_former(resolver)

    async def _hand_over(self) -> None:
        self._names_left = MOST_NAMES
        former = self._current
        try:
            self._current = self._make()
        except Exception:  # noqa: BLE001 - where there are no descriptors for another one, this one goes on
            return
        await self._close_former(former)

    async def _close_former(self, resolver: AbstractResolver) -> None:
        if resolver is not self._current and not self._asked[resolver]:
            del self._asked[resolver]
            await resolver.close()
