"""Which worker has which hosts: one at a time, so that a host's limits hold over all of them."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Final

from allup.model.shard import shard_of
from allup.model.target import Target
from allup.run.candidate import Candidate
from allup.run.dask.station import Station

PLACES: Final = 4_096
"""Shards that a list is split into, each of which one worker has: enough to share them out evenly."""


class Places:
    """Sends candidates on to who has their shard; a shard goes to whoever has least to do, and stays there.

    A worker that comes later gets its part of them: each as soon as nothing of it is out elsewhere, and what is to be
    sent until then is held back. `within` is how many shards there are, of one of which all hosts are.
    """

    def __init__(self, stations: Callable[[], Sequence[Station]], *, within: int) -> None:
        self._stations = stations
        self._within = within
        self._whose: dict[int, Station] = {}
        self._out = Counter[int]()
        self._held: dict[int, deque[Candidate]] = {}

    def send(self, candidate: Candidate) -> None:
        """Send `candidate` on, now or later; there is a station at least."""
        place = self._of(candidate)
        held = self._held.get(place)
        if held is not None:
            if self._out[place]:
                held.append(candidate)
                return
            self._move(place)
        self._send(place, candidate)

    def done(self, candidate: Candidate) -> None:
        """Take note that `candidate` is out no more."""
        place = self._of(candidate)
        self._out[place] -= 1
        if not self._out[place]:
            del self._out[place]
            if place in self._held:
                self._move(place)

    def join(self, station: Station) -> None:
        """Have `station` get its part of what the others have."""
        share = len(self._stations())
        for other in self._stations():
            if other is not station:
                theirs = [place for place, whose in self._whose.items() if whose is other]
                for place in theirs[::share]:
                    self._held.setdefault(place, deque())
        for place in [place for place in self._held if not self._out[place]]:
            self._move(place)

    def lose(self, station: Station) -> list[Candidate]:
        """Let go of all that `station` had, and return what was out there, or held back for it."""
        lost = list(station.outstanding.values())
        for candidate in lost:
            self._out[self._of(candidate)] -= 1
        theirs = [place for place, whose in self._whose.items() if whose is station]
        for place in theirs:
            del self._whose[place]
            lost += self._held.pop(place, ())
        return lost

    def withdraw(self) -> list[Candidate]:
        """Take back what is held back."""
        held = [candidate for those in self._held.values() for candidate in those]
        self._held.clear()
        return held

    def _move(self, place: int) -> None:
        self._whose.pop(place, None)
        for candidate in self._held.pop(place):
            self._send(place, candidate)

    def _send(self, place: int, candidate: Candidate) -> None:
        station = self._whose.get(place)
        if station is None:
            station = self._whose[place] = min(self._stations(), key=lambda one: len(one.outstanding))
        self._out[place] += 1
        station.send(candidate)

    def _of(self, candidate: Candidate) -> int:
        assert isinstance(candidate.entry, Target)
        return shard_of(candidate.entry.host, PLACES, within=self._within)
