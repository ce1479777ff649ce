"""One request and its answer on the wire: which phase it is in, and where the time went."""

import ssl
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from allup.http.certificate import Certificate
from allup.http.connections import Connections
from allup.http.place import Place
from allup.http.proxies import Proxy
from allup.model.attempt import Timings
from allup.model.failure import Phase


class Exchange:
    """The moments of one request to `place`, noted as they come.

    A reused connection has neither `socket_at` nor `secure_at`; `named` says whether a host has
    to be looked up; `on_ready` is called once there is a connection. `reading_body` says whether anybody
    waits for the body. With a `proxy`, `dns` and `connect` are on the way to it and through it, and `ssl`
    is the target's.
    """

    __slots__ = (
        "_monotonic",
        "_on_broken",
        "_on_ready",
        "_proxy_secured",
        "address",
        "answered_at",
        "began_at",
        "broken",
        "connections",
        "named",
        "place",
        "proxy",
        "reading_body",
        "ready_at",
        "received_at",
        "rejected",
        "secure_at",
        "sent_at",
        "socket_at",
        "tls",
        "unasked_body",
    )

    def __init__(
        self,
        monotonic: Callable[[], float],
        place: Place,
        *,
        on_ready: Callable[[], None],
        connections: Connections,
        proxy: Proxy | None = None,
    ) -> None:
        self._monotonic = monotonic
        self._on_ready = on_ready
        self._proxy_secured = False
        self.place = place
        self.proxy = proxy
        self.named = place.named if proxy is None else proxy.named
        self.connections = connections
        self.began_at = monotonic()
        self.socket_at: float | None = None
        self.secure_at: float | None = None
        self.ready_at: float | None = None
        self.sent_at: float | None = None
        self.answered_at: float | None = None
        self.broken = False
        self._on_broken: Callable[[], None] | None = None
        self.reading_body = False
        self.received_at: float | None = None
        self.address: str | None = None
        self.tls: ssl.SSLObject | None = None
        self.rejected: Certificate | None = None
        self.unasked_body = False

    @property
    def fresh(self) -> bool:
        """Whether the connection was made for this request."""
        return self.socket_at is not None

    @property
    def unpassed_proxy(self) -> Proxy | None:
        """The proxy as long as the target is not reached: what goes wrong is between us and it."""
        return self.proxy if self.secure_at is None and self.ready_at is None else None

    @property
    def phase(self) -> Phase:
        """The phase that the request is in now."""
        if self.answered_at is not None:
            return Phase.RECEIVE
        if self.sent_at is not None:
            return Phase.WAIT
        if self.ready_at is not None:
            return Phase.SEND
        if self.secure_at is not None:
            return Phase.SSL
        if self.socket_at is not None or not self.named:
            return Phase.CONNECT
        return Phase.DNS

    def socket_made(self) -> None:
        """Note that a name is resolved and a connection is tried; the first of several addresses counts."""
        if self.socket_at is None:
            self.socket_at = self._monotonic()
        self.secure_at = None
        self._proxy_secured = False

    def tls_began(self) -> None:
        """Note that TCP is connected and TLS begins; on a connection to a secure proxy, the first is with that."""
        if self.proxy is not None and self.proxy.secure and not self._proxy_secured:
            self._proxy_secured = True
        else:
            self.secure_at = self._monotonic()

    def connection_ready(self) -> None:
        """Note that there is a connection to send on; after a stale one, this is the second time."""
        self.ready_at = self._monotonic()
        self.sent_at = None
        self._on_ready()

    def request_sent(self) -> None:
        """Note that the request is written."""
        self.sent_at = self._monotonic()

    def headers_received(self) -> None:
        """Note that the answer's status and headers are there."""
        self.answered_at = self._monotonic()

    def body_wanted(self, on_broken: Callable[[], None]) -> None:
        """Note that somebody waits for the body; `on_broken` is called where it cannot be read on."""
        self.reading_body = True
        self._on_broken = on_broken
        if self.broken:
            on_broken()

    def body_broken(self) -> None:
        """Note that what comes as the body is none."""
        self.broken = True
        if self._on_broken is not None:
            self._on_broken()

    def body_received(self) -> None:
        """Note that the body, or as much of it as is needed, is there."""
        self.received_at = self._monotonic()
        self._on_broken = None  # the answer it is for holds this exchange

    def timings(self, blocked_s: float) -> Timings:
        """Return what each phase took; one that is under way took until now."""
        now = self._monotonic()
        connected_at = self.secure_at or self.ready_at
        return Timings(
            blocked_s=blocked_s,
            dns_s=_span(self.began_at, self.socket_at, now) if self._resolved_here else None,
            connect_s=_span(self._connecting_at, connected_at, now),
            ssl_s=_span(self.secure_at, self.ready_at, now),
            send_s=_span(self.ready_at, self.sent_at, now),
            wait_s=_span(self.sent_at, self.answered_at, now),
            receive_s=_span(self.answered_at, self.received_at, now) if self.reading_body else None,
        )

    @property
    def _resolved_here(self) -> bool:
        return self.named and (self.fresh or self.ready_at is None)

    @property
    def _connecting_at(self) -> float | None:
        if self.socket_at is None and not self.named and self.ready_at is None:
            return self.began_at
        return self.socket_at


def _span(began_at: float | None, ended_at: float | None, now: float) -> float | None:
    if began_at is None:
        return None
    return (now if ended_at is None else ended_at) - began_at


CURRENT: Final[ContextVar[Exchange]] = ContextVar("allup_exchange")
"""The exchange of the running task: aiohttp calls the hooks in tasks of its own, which inherit it."""
