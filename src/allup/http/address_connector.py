"""A connector that goes to one address of a name."""

import socket
from collections.abc import Sequence
from ipaddress import ip_address

from aiohttp.abc import ResolveResult
from aiohttp.tracing import Trace

from allup.http.exchange import CURRENT
from allup.http.place import Place
from allup.http.wire import Connector


class AddressConnector(Connector):
    """Connects to the address that the place of an exchange names, else as ever."""

    async def addresses(self, place: Place) -> list[str]:
        """Return the addresses of the name at `place`, each once, IPv4 first and then by number; raises OSError."""
        found = await super()._resolve_host(place.host, place.port)
        return sorted({one["host"] for one in found}, key=_order)

    async def _resolve_host(self, host: str, port: int, traces: Sequence[Trace] | None = None) -> list[ResolveResult]:
        address = CURRENT.get().place.address
        if address is None:
            return await super()._resolve_host(host, port, traces)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)]


def _order(address: str) -> tuple[int, int, str]:
    parsed = ip_address(address)
    return parsed.version, int(parsed), address
