"""A set of fingerprints in a compact table, for lists of millions."""

import sys
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

_WIDTH: Final = 16
"""Bytes of a fingerprint: at 128 bits, one list of a million in 10^26 has a collision."""
_MEAN: Final = 14
"""Fingerprints in a bucket on average: the fullest are twice as full, and still small objects to Python's allocator."""


class FingerprintTable:
    """A set that remembers a 128-bit fingerprint of each key, in 24 bytes a key at most.

    Linear hashing (Litwin, "Linear hashing: a new tool for file and table addressing", VLDB 1980): each
    bucket is one string of fingerprints, and one bucket at a time is split in two, in turn. So the table
    is never copied, and its growth costs no more memory than it has.
    """

    def __init__(self) -> None:
        self._buckets = [b""]
        self._mask = 0
        self._count = 0

    def __len__(self) -> int:
        """Return how many distinct keys were added."""
        return self._count

    def __sizeof__(self) -> int:
        """Return the bytes of all buckets."""
        return object.__sizeof__(self) + sys.getsizeof(self._buckets) + sum(map(sys.getsizeof, self._buckets))

    def add(self, key: bytes | str) -> bool:
        """Remember `key`, and say whether it is new."""
        data = key.encode("utf-8", "surrogatepass") if isinstance(key, str) else key
        fingerprint = blake2b(data, digest_size=_WIDTH).digest()
        at = int.from_bytes(fingerprint, "little") & self._mask
        if at >= len(self._buckets):  # not split off yet
            at &= self._mask >> 1
        bucket = self._buckets[at]
        # Where it is found across two others, it is as unlikely to be neither as with a collision.
        if fingerprint in bucket:
            return False
        self._buckets[at] = bucket + fingerprint
        self._count += 1
        if self._count > len(self._buckets) * _MEAN:
            self._split()
        return True

    def _split(self) -> None:
        new = len(self._buckets)
        if new > self._mask:
            self._mask = 2 * self._mask + 1
        old = new & self._mask >> 1
        halves: dict[int, list[bytes]] = {old: [], new: []}
        for fingerprint in _cut(self._buckets[old]):
            halves[int.from_bytes(fingerprint, "little") & self._mask].append(fingerprint)
        self._buckets[old] = b"".join(halves[old])
        self._buckets.append(b"".join(halves[new]))


def _cut(bucket: bytes) -> Iterator[bytes]:
    return (bucket[at : at + _WIDTH] for at in range(0, len(bucket), _WIDTH))
