"""The open connections of one server."""

import asyncio

from allup.lab.traffic import Traffic


class Connections:
    """Knows every open connection by its protocol, so that none outlives the lab."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._open: dict[object, asyncio.Transport] = {}

    def __len__(self) -> int:
        """Return how many are open."""
        return len(self._open)

    def opened(self, protocol: object, transport: asyncio.Transport) -> None:
        """Take note of a connection that was made."""
        self._open[protocol] = transport
        self._traffic.connection_opened()

    def closed(self, protocol: object) -> None:
        """Take note of a connection that was lost."""
        del self._open[protocol]
        self._traffic.connection_closed()

    def abort(self) -> None:
        """Drop all of them; what was not sent yet is lost."""
        for transport in self._open.values():
            transport.abort()
