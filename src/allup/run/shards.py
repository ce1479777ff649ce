"""One way to split a list by host, for everybody who splits one."""

from zlib import crc32


def shard_of(host: str, count: int) -> int:
    """Return which of `count` shards, from 0, has `host`, a normalised host:port: the same on every machine."""
    # Scaled, not divided: of a checksum of names that differ in a digit, the high bits are mixed best.
    return crc32(host.encode()) * count >> 32
