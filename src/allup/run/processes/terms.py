"""How targets are asked and what is expected of them: most of a list share it, so it is told once and then named."""

from itertools import cycle
from typing import Final

from allup.model.expectation import Expectation
from allup.model.target import Request, Target
from allup.run.processes.packing import packed, unpacked

PLACES: Final = 256
"""How many are remembered at both ends of a line."""

Terms = tuple[Request, Expectation]


class TermsTold:
    """What the other end knows already, each in its place; the oldest make room."""

    def __init__(self) -> None:
        self._free = cycle(range(PLACES))
        self._place_of: dict[tuple[int, int], int] = {}
        self._held: list[Terms | None] = [None] * PLACES  # their ids are theirs as long as they are here

    def of(self, target: Target) -> tuple[int, bytes | None]:
        """Return the place of the terms of `target`, and the terms where they are not there yet.

        Raises what `pickle` raises for an expectation that cannot be written down.
        """
        key = (id(target.request), id(target.expectation))
        place = self._place_of.get(key)
        if place is not None:
            return place, None
        terms = (target.request, target.expectation)
        payload = packed(terms)
        place = next(self._free)
        before = self._held[place]
        if before is not None:
            del self._place_of[id(before[0]), id(before[1])]
        self._held[place] = terms
        self._place_of[key] = place
        return place, payload


class TermsHeard:
    """What was told, by its place."""

    def __init__(self) -> None:
        self._held: dict[int, Terms | bytes] = {}

    def put(self, place: int, payload: bytes) -> None:
        """Remember what belongs to `place` from now on."""
        self._held[place] = payload

    def at(self, place: int) -> Terms:
        """Return the terms of `place`; raises what `pickle` raises for what cannot be read here."""
        held = self._held[place]
        if isinstance(held, bytes):
            held = self._held[place] = unpacked(held)
        return held
