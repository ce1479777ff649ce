"""All hosts of a run that there is something to remember about."""

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from allup.model.limited_by import Bottleneck
from allup.run.host import Host

MOST_PAUSED: Final = 10_000
"""Forgotten hosts of which it is still known for how long they were paused: those that were needed last."""

_MOST_LOOKED_AT: Final = 64
"""Hosts that are looked at to tell which one is in the way: those that are known longest have the longest lines."""


class Hosts:
    """Hosts by name, and which of them may go next: the one whose next candidate has the lowest rank."""

    def __init__(self, make: Callable[[str], Host], *, call_later: Callable[[Host, float], None]) -> None:
        self._make = make
        self._call_later = call_later
        self._hosts: dict[str, Host] = {}
        self._ready: list[tuple[int, str]] = []  # a heap, by the rank of the next candidate
        self._paused_for_s: OrderedDict[str, float] = OrderedDict()  # of hosts that are not among `_hosts`

    def __iter__(self) -> Iterator[Host]:
        """Iterate over them, in no order."""
        return iter(self._hosts.values())

    def __getitem__(self, name: str) -> Host:
        """Return the host of that name, a new one where nothing was remembered."""
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = self._make(name)
            host.paused_for_s = self._paused_for_s.pop(name, 0.0)
        return host

    def spent_s(self, name: str) -> float:
        """Return how long the host of that name was paused up to now, as far as that is remembered."""
        host = self._hosts.get(name)
        return self._paused_for_s.get(name, 0.0) if host is None else host.spent_s

    def offer(self, host: Host) -> None:
        """Let `host` go when it may: now, or when its pause is over; where it is full, nothing happens."""
        if host.offered or not host.line or not host.has_room:
            return
        if host.wait_s > 0:
            self.wake_later(host)
            return
        host.offered = True
        heapq.heappush(self._ready, (host.line[0][0].rank, host.name))

    def wake_later(self, host: Host) -> None:
        """Have somebody look at `host` again when its pause is over."""
        if not host.timed:
            host.timed = True
            self._call_later(host, host.wait_s)

    def wake(self, host: Host) -> None:
        """Look at `host` again, as `wake_later` asked for."""
        host.timed = False
        self.offer(host)
        self._forget(host)

    def next_ready(self) -> Host | None:
        """Return the host whose turn it is; None where none may go."""
        while self._ready:
            host = self._hosts[heapq.heappop(self._ready)[1]]
            host.offered = False
            if host.may_go:
                return host
            self.offer(host)
        return None

    def leave(self, name: str) -> None:
        """Give back a slot of the host of that name, and forget it where there is nothing to remember."""
        host = self._hosts[name]
        host.leave()
        self.offer(host)
        self._forget(host)

    @property
    def in_the_way(self) -> tuple[Bottleneck, str] | None:
        """What keeps those from going that are in line, and at which host; None: nothing does."""
        waited_for = [host for host in islice(self._hosts.values(), _MOST_LOOKED_AT) if host.line]
        host = max(waited_for, key=lambda one: len(one.line), default=None)
        if host is None or host.may_go:
            return None
        if not host.has_room:
            return Bottleneck.HOST, host.name
        return Bottleneck.RETRY_AFTER if host.is_paused else Bottleneck.HOST_RATE, host.name

    @property
    def paused(self) -> str | None:
        """The name of a host that is paused now, the one that is known longest; None where none of those is."""
        return next((host.name for host in islice(self._hosts.values(), _MOST_LOOKED_AT) if host.is_paused), None)

    def _forget(self, host: Host) -> None:
        if not host.unused:
            return
        if host.idle:
            del self._hosts[host.name]
            self._remember_pauses(host)
        else:  # all that is left of it is its rate, or a pause
            self.wake_later(host)

    def _remember_pauses(self, host: Host) -> None:
        if host.paused_for_s:
            self._paused_for_s[host.name] = host.paused_for_s
            if len(self._paused_for_s) > MOST_PAUSED:
                self._paused_for_s.popitem(last=False)
