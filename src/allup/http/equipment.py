"""What all attempts of a run share."""

from dataclasses import dataclass

from allup.http.connections import Connections
from allup.http.judging import Judges
from allup.http.mask import Mask
from allup.http.proxies import ProxyChoice
from allup.http.session import Session
from allup.http.tls import TlsContext
from allup.model.clock import Clock
from allup.model.settings import HttpSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """The means of one client; its owner opens and closes them."""

    session: Session
    tls: TlsContext
    settings: HttpSettings
    clock: Clock
    connections: Connections
    judges: Judges
    proxies: ProxyChoice
    mask: Mask
