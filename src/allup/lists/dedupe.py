"""A set of fingerprints in a compact table, for lists of millions."""

import sys
from hashlib import blake2b
from typing import Final

_WIDTH: Final = 16
"""Bytes of a fingerprint: at 128 bits, one list of a million in 10^26 has a collision."""
_EMPTY: Final = bytes(_WIDTH)
"""What no key has for a fingerprint, but for one in 2^128."""
_FIRST_SLOTS: Final = 8


class FingerprintTable:
    """A set that remembers a 128-bit fingerprint of each key, in 40 bytes a key at most in the average.

    Open addressing with linear probing (Knuth, TAOCP 3, 6.4, algorithm L) in 256 sub-tables, of
    which one at a time is copied when it grows; past the first few keys, between five twelfths and
    two thirds of the slots are in use.
    """

    def __init__(self) -> None:
        self._tables = [bytearray(_FIRST_SLOTS * _WIDTH) for _ in range(256)]
        self._used = [0] * 256

    def __len__(self) -> int:
        """Return how many distinct keys were added."""
        return sum(self._used)

    def __sizeof__(self) -> int:
        """Return the bytes of all sub-tables."""
        return object.__sizeof__(self) + sys.getsizeof(self._used) + sum(map(sys.getsizeof, self._tables))

    def add(self, key: bytes | str) -> bool:
        """Remember `key`, and say whether it is new."""
        data = key.encode("utf-8", "surrogatepass") if isinstance(key, str) else key
        fingerprint = blake2b(data, digest_size=_WIDTH).digest()
        which = fingerprint[0]
        table = self._tables[which]
        at = _slot(table, fingerprint)
        if table.startswith(fingerprint, at):
            return False
        table[at : at + _WIDTH] = fingerprint
        self._used[which] += 1
        if self._used[which] * (3 * _WIDTH) > len(table) * 2:
            self._tables[which] = _grown(table)
        return True


def _slot(table: bytearray, fingerprint: bytes) -> int:
    """Return the offset where `fingerprint` is, or where it belongs."""
    end = len(table)
    at = int.from_bytes(fingerprint, "little") % (end // _WIDTH) * _WIDTH
    while (held := table[at : at + _WIDTH]) != fingerprint and held != _EMPTY:
        at += _WIDTH
        if at == end:
            at = 0
    return at


def _grown(table: bytearray) -> bytearray:
    slots = len(table) // _WIDTH
    grown = bytearray(slots * 8 // 5 * _WIDTH)
    for at in range(0, len(table), _WIDTH):
        held = bytes(table[at : at + _WIDTH])
        if held != _EMPTY:
            new = _slot(grown, held)
            grown[new : new + _WIDTH] = held
    return grown
