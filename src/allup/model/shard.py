"""Shards: one way to split a list by host, for everybody who splits one."""

from dataclasses import dataclass
from typing import Final, Self
from zlib import crc32

MOST_SHARDS: Final = 10_000


def shard_of(host: str, count: int, *, within: int = 1) -> int:
    """Return which of `count` shards, from 0, has `host`, a normalised host:port: the same on every machine.

    With `within`, the hosts are those of one of so many shards, which is split again.
    """
    # Scaled, not divided: of a checksum of names that differ in a digit, the high bits are mixed best. Those of one
    # shard have them alike, so that the next ones split it.
    return (crc32(host.encode("utf-8", "surrogatepass")) * within * count >> 32) % count


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of `count` parts of a list; `index` counts from 1."""

    index: int
    count: int

    def __str__(self) -> str:
        """Return ``2/4``."""
        return f"{self.index}/{self.count}"

    def __contains__(self, host: str) -> bool:
        """Say whether a host, or the text of a line that has none, belongs to it."""
        return shard_of(host, self.count) == self.index - 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the shard that ``2/4`` is; raises ValueError."""
        index, _, count = text.partition("/")
        numbers = [int(one) if one.isascii() and one.isdecimal() else 0 for one in (index, count)]
        if not 1 <= numbers[0] <= numbers[1] <= MOST_SHARDS:
            raise ValueError(f"{text!r} is not a shard: K/N, as in 1/4, with N up to {MOST_SHARDS:,}")
        return cls(index=numbers[0], count=numbers[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A shard, and what is known of the whole list that it is a part of.

    `listed` counts the entries of the list that are wanted, repeats included, and `targets` those of them that
    are no invalid lines; `digest` is the same wherever the same list is read with the same options.
    """

    shard: Shard
    listed: int
    targets: int
    digest: str
