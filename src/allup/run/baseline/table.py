"""A map from fingerprints to two numbers, in a compact table, for baselines of millions."""

import sys
from collections.abc import Iterator
from hashlib import blake2b
from struct import Struct
from typing import Final

_WIDTH: Final = 16
"""Bytes of a fingerprint: 128 bits, as in `allup.lists.dedupe`."""
_NUMBERS: Final = Struct("<QI")
_SLOT: Final = _WIDTH + _NUMBERS.size
_EMPTY: Final = bytes(_WIDTH)
_FIRST_SLOTS: Final = 8

Place = tuple[int, int]
"""Where an entry is: its sub-table, and the offset there; until the next one is added."""


class NumberTable:
    """Two numbers (of 64 and 32 bits) for each key, in some 50 bytes a key in the average.

    Open addressing with linear probing (Knuth, TAOCP 3, 6.4, algorithm L) in 256 sub-tables, of which one
    at a time is copied when it grows; past the first few keys, between 15/32 and 3/4 of the slots are in use.
    """

    def __init__(self) -> None:
        self._tables = [bytearray(_FIRST_SLOTS * _SLOT) for _ in range(256)]
        self._used = [0] * 256

    def __len__(self) -> int:
        """Return how many keys there are."""
        return sum(self._used)

    def __sizeof__(self) -> int:
        """Return the bytes of all sub-tables."""
        return object.__sizeof__(self) + sys.getsizeof(self._used) + sum(map(sys.getsizeof, self._tables))

    def find(self, key: str) -> Place | None:
        """Return the place of `key`; None where it is not there."""
        fingerprint = _fingerprint(key)
        which = fingerprint[0]
        at = _slot(self._tables[which], fingerprint)
        return (which, at) if self._tables[which].startswith(fingerprint, at) else None

    def add(self, key: str, first: int, second: int) -> None:
        """Put the numbers of `key`, which is not there yet."""
        fingerprint = _fingerprint(key)
        which = fingerprint[0]
        table = self._tables[which]
        at = _slot(table, fingerprint)
        table[at : at + _SLOT] = fingerprint + _NUMBERS.pack(first, second)
        self._used[which] += 1
        if self._used[which] * (4 * _SLOT) > len(table) * 3:
            self._tables[which] = _grown(table)

    def get(self, place: Place) -> tuple[int, int]:
        """Return the numbers at `place`."""
        which, at = place
        first, second = _NUMBERS.unpack_from(self._tables[which], at + _WIDTH)
        return first, second

    def set(self, place: Place, first: int, second: int) -> None:
        """Put other numbers at `place`."""
        which, at = place
        _NUMBERS.pack_into(self._tables[which], at + _WIDTH, first, second)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Yield the numbers of all, in no order."""
        for table in self._tables:
            for at in range(0, len(table), _SLOT):
                if table[at : at + _WIDTH] != _EMPTY:
                    first, second = _NUMBERS.unpack_from(table, at + _WIDTH)
                    yield first, second


def _fingerprint(key: str) -> bytes:
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_WIDTH).digest()


def _slot(table: bytearray, fingerprint: bytes) -> int:
    """Return the offset where `fingerprint` is, or where it belongs."""
    end = len(table)
    at = int.from_bytes(fingerprint, "little") % (end // _SLOT) * _SLOT
    while (held := table[at : at + _WIDTH]) != fingerprint and held != _EMPTY:
        at += _SLOT
        if at == end:
            at = 0
    return at


def _grown(table: bytearray) -> bytearray:
    grown = bytearray(len(table) // _SLOT * 8 // 5 * _SLOT)
    for at in range(0, len(table), _SLOT):
        held = bytes(table[at : at + _WIDTH])
        if held != _EMPTY:
            new = _slot(grown, held)
            grown[new : new + _SLOT] = table[at : at + _SLOT]
    return grown
