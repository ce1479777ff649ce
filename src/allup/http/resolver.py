"""Who is asked for the addresses of a name: pins first, then the DNS servers of the run, or the system's."""

import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from aiohttp import AsyncResolver, DefaultResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from allup.http.resolver_relay import ResolverRelay
from allup.model.settings import Family, HttpSettings, Pin
from allup.model.usage import UsageError

FAMILIES: Final = {
    None: socket.AF_UNSPEC,
    Family.IPV4: socket.AF_INET,
    Family.IPV6: socket.AF_INET6,
}


class ResolversError(UsageError):
    """The DNS servers of `resolvers` cannot be asked; the message is for people."""


class NoAddress(OSError):
    """A name has addresses, and none of the family that was asked for."""


class PinningResolver(AbstractResolver):
    """Answers by `pins` where one of them holds, else as `resolver` does; it never finds what is of another family."""

    def __init__(self, resolver: AbstractResolver, pins: Sequence[Pin]) -> None:
        self._resolver = resolver
        # Those of one host before those of any: sorting keeps the order within both.
        self._pins = sorted(pins, key=lambda pin: pin.host == "*")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of `host`; raises OSError."""
        pin = self._pin(host, port)
        found = await self._resolver.resolve(host, port, family) if pin is None else _pinned(pin, host, port)
        fitting = [one for one in found if family in (socket.AF_UNSPEC, one["family"])]
        if not fitting:
            raise NoAddress
        return fitting

    async def close(self) -> None:
        """Close the resolver beneath."""
        await self._resolver.close()

    def _pin(self, host: str, port: int) -> Pin | None:
        name = host.rstrip(".")
        return next((pin for pin in self._pins if pin.port == port and pin.host in (name, "*")), None)


@asynccontextmanager
async def open_resolver(settings: HttpSettings) -> AsyncIterator[AbstractResolver]:
    """Open the resolver of a run, and close it at the end; raises ResolversError.

    c-ares, which asks the servers of `resolvers`, looks into the hosts file of this machine first, as
    the system's resolver does, and never asks anybody for ``localhost``.
    """
    resolver = PinningResolver(_asking(settings.resolvers), settings.pins)
    try:
        yield resolver
    finally:
        await resolver.close()


def _asking(servers: Sequence[str]) -> AbstractResolver:
    try:
        return ResolverRelay(_maker(servers))
    except RuntimeError as error:
        raise ResolversError("to ask DNS servers of your own, the package aiodns has to be installed") from error
    except Exception as error:  # pycares.AresError, which is nobody else's to import
        raise ResolversError(
            f"cannot ask the DNS servers {', '.join(servers)}: write ADDRESS or ADDRESS:PORT"
        ) from error


def _maker(servers: Sequence[str]) -> Callable[[], AbstractResolver]:
    if servers:
        return partial(AsyncResolver, nameservers=servers)
    # Of those that are made without any argument, aiohttp makes one for all; this one says what holds anyway.
    return partial(AsyncResolver, rotate=False) if DefaultResolver is AsyncResolver else DefaultResolver


def _pinned(pin: Pin, host: str, port: int) -> list[ResolveResult]:
    return [
        ResolveResult(
            hostname=host,
            host=address,
            port=port,
            family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            proto=socket.IPPROTO_TCP,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for address in pin.addresses
    ]
