"""The client of a run, from its opening to its end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from allup.http.connections import Connections
from allup.http.equipment import Equipment
from allup.http.http_client import HttpClient
from allup.http.judging import Judges
from allup.http.mask import mask_of
from allup.http.proxies import ProxyChoice
from allup.http.session import open_session
from allup.http.tls import TlsContext
from allup.model.clock import Clock
from allup.model.settings import HttpSettings


@asynccontextmanager
async def open_client(
    settings: HttpSettings, clock: Clock, *, tls: TlsContext | None = None
) -> AsyncIterator[HttpClient]:
    """Open the client of a run and close it with its connections; `tls` is that of an earlier one.

    Raises UsageError where the settings name what cannot be used: a file, a proxy, a DNS server.
    """
    async with open_equipment(settings, clock, tls=tls) as equipment:
        yield _client_of(equipment, settings)


def _client_of(equipment: Equipment, settings: HttpSettings) -> HttpClient:
    if settings.addresses is None:
        return HttpClient(equipment)
    from allup.http.address_connector import AddressConnector  # noqa: PLC0415 - most ask one address of a name
    from allup.http.every_address import EveryAddress  # noqa: PLC0415

    connector = equipment.session.connector
    assert isinstance(connector, AddressConnector)
    return EveryAddress(equipment, connector, settings.addresses)


@asynccontextmanager
async def open_equipment(
    settings: HttpSettings, clock: Clock, *, tls: TlsContext | None = None
) -> AsyncIterator[Equipment]:
    """Open what attempts share, and close it; raises UsageError as `open_client` does."""
    connections = Connections(settings.most_idle)
    async with open_session(settings, connections) as session:
        with Judges() as judges:
            yield Equipment(
                session=session,
                tls=tls or TlsContext(settings),
                settings=settings,
                clock=clock,
                connections=connections,
                judges=judges,
                proxies=ProxyChoice(settings.proxies),
                mask=mask_of(settings),
            )
