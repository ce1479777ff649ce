"""Lines that show whether they are whole: each begins with the CRC-32 of the rest (as in zlib and gzip)."""

from zlib import crc32


def framed(body: bytes) -> bytes:
    """Return `body`, which is one line, with its checksum and a line end."""
    return b"%08x %b\n" % (crc32(body), body)


def unframed(line: bytes) -> bytes | None:
    """Return what was framed; None where `line` is torn or damaged."""
    body = line[9:-1]
    return body if line == framed(body) else None
