"""What reached the lab, counted from its side, so that a test can hold a checker to its caps."""

from dataclasses import dataclass, field
from typing import Self

from allup.lab.behaviour import Server


@dataclass(slots=True, kw_only=True)
class Traffic:
    """Counts of one server; what it counts is counted in `whole` too.

    A request is in flight from its arrival until its answer is about to be sent. A client that
    hangs up is noticed a turn of the event loop later.
    """

    whole: Self | None = field(default=None, repr=False)
    requests: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    connections: int = 0
    open_connections: int = 0

    def request_began(self) -> None:
        """Count a request in."""
        self.requests += 1
        self.in_flight += 1
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)
        if self.whole is not None:
            self.whole.request_began()

    def request_ended(self) -> None:
        """Count a request out."""
        self.in_flight -= 1
        if self.whole is not None:
            self.whole.request_ended()

    def connection_opened(self) -> None:
        """Count a connection in."""
        self.connections += 1
        self.open_connections += 1
        if self.whole is not None:
            self.whole.connection_opened()

    def connection_closed(self) -> None:
        """Count a connection out."""
        self.open_connections -= 1
        if self.whole is not None:
            self.whole.connection_closed()

    def reset(self) -> None:
        """Start again from what is in flight and open now."""
        self.requests = self.in_flight
        self.peak_in_flight = self.in_flight
        self.connections = self.open_connections


@dataclass(slots=True, kw_only=True)
class Stats:
    """The traffic of the whole lab and of each server; `endless_bytes` were written to endless bodies."""

    total: Traffic = field(default_factory=Traffic)
    servers: dict[Server, Traffic] = field(default_factory=dict)
    endless_bytes: int = 0

    def of(self, server: Server) -> Traffic:
        """Return the traffic of `server`; all zero where nothing ever reached it."""
        return self.servers.setdefault(server, Traffic(whole=self.total))

    def reset(self) -> None:
        """Start again from what is in flight and open now."""
        self.endless_bytes = 0
        for traffic in (self.total, *self.servers.values()):
            traffic.reset()
