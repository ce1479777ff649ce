"""A name service of the tests' own."""

import asyncio
import socket
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult


class Names(AbstractResolver):
    """Knows the names it is given: a list of addresses, an error, or None for no reply at all."""

    def __init__(self) -> None:
        self.known: dict[str, list[str] | OSError | None] = {}
        self.asked: list[str] = []

    def __call__(self, *_: Any, **__: Any) -> "Names":
        """Be made as aiohttp makes its own."""
        return self

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - the table has what it has
    ) -> list[ResolveResult]:
        self.asked.append(host)
        known = self.known[host]
        if known is None:
            await asyncio.Event().wait()
        if isinstance(known, OSError):
            raise known
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in known or []
        ]

    async def close(self) -> None:
        pass
