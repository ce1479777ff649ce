"""Hosts that were down a moment ago, by the word of a canary."""

from collections import OrderedDict
from typing import Final

from allup.model.failure import FailureKind

FRESH_S: Final = 5.0
"""How long that word holds."""
MOST_HOSTS: Final = 1_000


class DownHosts:
    """Remembers `MOST_HOSTS` of them: of a host with a thousand targets, not each has to wait for another word."""

    def __init__(self) -> None:
        self._down: OrderedDict[str, tuple[FailureKind, float]] = OrderedDict()

    def note(self, host: str, kind: FailureKind, at: float) -> None:
        """Remember that `host` was down `at` that time, by failures of this `kind`."""
        self._down[host] = (kind, at)
        self._down.move_to_end(host)
        if len(self._down) > MOST_HOSTS:
            self._down.popitem(last=False)

    def forget(self, host: str) -> None:
        """`host` is not down."""
        self._down.pop(host, None)

    def holds(self, host: str, kind: FailureKind, now: float) -> bool:
        """Say whether `host` failed in the same way a moment ago: a network that vanishes since changes nothing."""
        known, at = self._down.get(host, (None, 0.0))
        return known is kind and now - at <= FRESH_S
