"""The lab's listening sockets: opening all of them, and closing them for good."""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from allup.lab.behaviour import WEB_SERVERS, Server
from allup.lab.connections import Connections
from allup.lab.traffic import Stats
from allup.lab.visit import World
from allup.lab.website import Website
from allup.lab.wire import Abrupt, Scripted, Silent

_LOOPBACK: Final = "127.0.0.1"
_BACKLOG: Final = 1024
_PATIENCE_S: Final = 0.5
_QUIET_TURNS: Final = 3
_RAW: Final = {Server.WIRE: Scripted, Server.SILENT: Silent, Server.ABRUPT: Abrupt}


class House:
    """Owns every socket of the lab, and what runs behind it."""

    def __init__(self) -> None:
        self.stats = Stats()
        self._ports: dict[Server, int] = {}
        self.world = World(ports=self._ports, stats=self.stats)
        self._listening: list[asyncio.Server] = []
        self._websites: list[Website] = []
        self._connections: list[Connections] = []
        self._refused: socket.socket | None = None

    async def open(self, first_port: int) -> None:
        """Open all ports, the first web server's being `first_port` (0: any); raises OSError."""
        for server in WEB_SERVERS:
            await self._open_website(server, first_port if server is Server.ONE else 0)
        for server, protocol in _RAW.items():
            await self._open_raw(server, protocol)
        self._refuse()

    async def close(self) -> None:
        """Close all ports and drop all connections, in half a second at most."""
        for server in self._listening:
            server.close()
        if self._refused is not None:
            self._refused.close()
        await self._drop_connections()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                for server in self._listening:
                    await server.wait_closed()

    async def _open_website(self, server: Server, port: int) -> None:
        website = Website(self.world, self.stats.of(server))
        self._websites.append(website)
        self._connections.append(website.open)
        await self._listen(server, website, port)

    async def _open_raw(self, server: Server, protocol: type[Silent]) -> None:
        traffic = self.stats.of(server)
        connections = Connections(traffic)
        self._connections.append(connections)
        await self._listen(server, lambda: protocol(connections, traffic), 0)

    async def _listen(self, server: Server, factory: Callable[[], asyncio.BaseProtocol], port: int) -> None:
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(factory, _LOOPBACK, port, backlog=_BACKLOG)
        self._listening.append(listening)
        if not listening.sockets:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        self._ports[server] = listening.sockets[0].getsockname()[1]

    def _refuse(self) -> None:
        # Bound, so that nobody else gets the port, but not listening: every connection is refused.
        self._refused = socket.socket()
        self._refused.bind((_LOOPBACK, 0))
        self._ports[Server.REFUSED] = self._refused.getsockname()[1]

    async def _drop_connections(self) -> None:
        # A connection that was accepted just now turns up some turns of the event loop later.
        loop = asyncio.get_running_loop()
        deadline, quiet = loop.time() + _PATIENCE_S, 0
        while quiet < _QUIET_TURNS and loop.time() < deadline:
            for connections in self._connections:
                connections.abort()
            await asyncio.sleep(0)
            quiet = 0 if self._is_busy() else quiet + 1

    def _is_busy(self) -> bool:
        return any(map(len, self._connections)) or any(website.busy for website in self._websites)
