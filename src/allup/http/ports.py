"""Ports: a client for targets that are up as soon as they take a connection, beside the one for URLs."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Final

import aiohappyeyeballs
from aiohttp.abc import AbstractResolver

from allup.http.client import open_client
from allup.http.dns_failures import dns_failure
from allup.http.failures import failure_of, timeout_failure
from allup.http.family_failures import check_family
from allup.http.http_client import HttpClient
from allup.http.resolver import FAMILIES, open_resolver
from allup.http.scene import Scene
from allup.http.wire import AddressInfo
from allup.lists.port import SCHEME
from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.failure import Failure, Phase
from allup.model.settings import HttpSettings
from allup.model.target import Target

_NEXT_ADDRESS_AFTER_S: Final = 0.25
"""RFC 8305, section 8: the recommended delay before another address of a name is tried at the same time."""


class PortClient:
    """Connects to ``tcp://host:port``, directly and never through a proxy; asks `http` for everything else."""

    def __init__(self, http: HttpClient, resolver: AbstractResolver, settings: HttpSettings, clock: Clock) -> None:
        self._http = http
        self._resolver = resolver
        self._settings = settings
        self._clock = clock

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Callable[[Callable[[], Phase]], None] | None = None,
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        """Try `target` once; a failure is data, and never an exception."""
        if not target.href.startswith(SCHEME):
            return await self._http.attempt(target, waited_s=waited_s, watch=watch, move=move)
        knock = _Knock(target.host, self._resolver, self._settings)
        if watch is not None:
            watch(lambda: knock.phase)
        started_at, began_at = self._clock.wall(), self._clock.monotonic()
        failure = await knock.failure(target.request.timeout_s)
        elapsed_s = self._clock.monotonic() - began_at
        return Attempt(started_at=started_at, elapsed_s=elapsed_s, method=target.request.method, failure=failure)


class _Knock:
    """One connection that is closed as soon as it is there."""

    def __init__(self, place: str, resolver: AbstractResolver, settings: HttpSettings) -> None:
        self.phase = Phase.DNS
        self._name, _, port = place.rpartition(":")
        self._port = int(port)
        self._resolver = resolver
        self._settings = settings

    async def failure(self, timeout_s: float) -> Failure | None:
        """Return why nobody opened within `timeout_s`; None where somebody did."""
        bound_s = min(timeout_s, self._settings.connect_timeout_s or timeout_s)
        timeout = asyncio.timeout(bound_s)
        try:
            async with timeout:
                await self._knock()
        except Exception as error:  # noqa: BLE001 - whatever it is, it takes down this attempt and not the run
            scene = Scene(phase=self.phase, settings=self._settings)
            if timeout.expired():
                return timeout_failure(bound_s, scene)
            return dns_failure(error, scene) if _is_of_resolving(error, scene) else failure_of(error, scene)
        return None

    async def _knock(self) -> None:
        addresses = await self._addresses()
        self.phase = Phase.CONNECT
        connection = await aiohappyeyeballs.start_connection(
            addresses, happy_eyeballs_delay=_NEXT_ADDRESS_AFTER_S, interleave=1
        )
        with connection:
            # On loopback, a free port may be given to the very connection that asks for it, which then meets itself.
            if connection.getsockname() == connection.getpeername():
                raise ConnectionRefusedError(errno.ECONNREFUSED, "nothing listens there")

    async def _addresses(self) -> list[AddressInfo]:
        bare = self._name.strip("[]")
        try:
            family = socket.AF_INET6 if ip_address(bare).version == 6 else socket.AF_INET
        except ValueError:
            asked = FAMILIES[self._settings.family]
            found = await self._resolver.resolve(self._name, self._port, asked)
            return [_address(socket.AddressFamily(one["family"]), one["host"], one["port"]) for one in found]
        self.phase = Phase.CONNECT
        check_family(bare, self._settings.family)
        return [_address(family, bare, self._port)]


def _is_of_resolving(error: Exception, scene: Scene) -> bool:
    return scene.phase is Phase.DNS and isinstance(error, OSError)


def _address(family: socket.AddressFamily, host: str, port: int) -> AddressInfo:
    place = (host, port, 0, 0) if family is socket.AF_INET6 else (host, port)
    return (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place)


@asynccontextmanager
async def open_port_client(settings: HttpSettings, clock: Clock) -> AsyncIterator[PortClient]:
    """Open a client for URLs and ports, and close it with its connections; raises UsageError as `open_client` does."""
    async with open_client(settings, clock) as http, open_resolver(settings) as resolver:
        yield PortClient(http, resolver, settings, clock)
