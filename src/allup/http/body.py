"""The body of an answer, where an expectation needs it: bounded, and its content coding undone."""

import zlib
from typing import BinaryIO, Final

import aiohttp

from allup.http.answer import Answer

_GZIP: Final = frozenset({"gzip", "x-gzip"})
_SLICE: Final = 4096
"""Bytes that are unpacked at a time: they become some four million at most."""
_GZIP_MAGIC: Final = b"\x1f\x8b"


class EndsEarly(aiohttp.ClientPayloadError):
    """The body broke off within its content coding."""


class BadCoding(aiohttp.ClientError):
    """The body is not in the content coding that its header names; the message says how."""


class BrokenBody(aiohttp.ClientError):
    """The body's chunks are none (RFC 9112, section 7.1)."""

    def __str__(self) -> str:
        """Return it for people."""
        return "the chunks of the body are broken"


class TooLarge(aiohttp.ClientError):
    """The body is larger than anyone wants it to be; the message says how large that is."""


async def read_body(answer: Answer, most_bytes: int) -> tuple[bytes, bool]:
    """Return the first `most_bytes` of the decompressed body, and whether that is all of it.

    Raises aiohttp.ClientPayloadError where it ends early, and BadCoding.
    """
    unpack = unpacker(", ".join(answer.headers.getall("Content-Encoding", ())))
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += unpack.feed(chunk, most_bytes + 1 - len(body))
        if len(body) > most_bytes:
            return bytes(body[:most_bytes]), False
    unpack.finish()
    return bytes(body), True


async def copy_body(answer: Answer, into: BinaryIO, most_bytes: int) -> None:
    """Write the body into a file, one in gzip as it is: who reads it knows gzip, and bombs.

    Raises what `read_body` does, and TooLarge.
    """
    coding = ", ".join(answer.headers.getall("Content-Encoding", ()))
    unpack = Plain() if coding.strip().lower() in _GZIP else unpacker(coding)
    size = 0
    async for chunk in answer.content.iter_any():
        for at in range(0, len(chunk), _SLICE):
            piece = unpack.feed(chunk[at : at + _SLICE], most_bytes + 1 - size)
            size += len(piece)
            if size > most_bytes:
                raise TooLarge(f"larger than {most_bytes >> 20} MiB")
            into.write(piece)
    unpack.finish()


class Plain:
    """No content coding."""

    def feed(self, data: bytes, most_bytes: int) -> bytes:
        """Return the first `most_bytes` of `data`."""
        return data[:most_bytes]

    def finish(self) -> None:
        """Every end is fine."""


class Unpacker:
    """Undoes gzip or deflate (RFC 9110, section 8.4.1), never more of it than asked for.

    What comes as deflate without zlib's wrapper is understood too, as in browsers.
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._zlib: zlib._Decompress | None = None

    def feed(self, data: bytes, most_bytes: int) -> bytes:
        """Return what `data` unpacks to, `most_bytes` at most; what is left then is lost. Raises BadCoding."""
        unpacked = b""
        try:
            while data and len(unpacked) < most_bytes:
                self._zlib = self._zlib or self._begin(data[0])
                unpacked += self._zlib.decompress(data, most_bytes - len(unpacked))
                data = self._next_member() if self._zlib.eof else b""
        except zlib.error:
            raise BadCoding(f"the body is not valid {self._coding}") from None
        return unpacked

    def finish(self) -> None:
        """Raise EndsEarly where the data is not complete."""
        if self._zlib is not None and not self._zlib.eof:
            raise EndsEarly(f"the {self._coding} data of the body ends early")

    def _begin(self, first: int) -> "zlib._Decompress":
        if self._coding in _GZIP:
            return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        wrapped = first & 0x0F == 8  # zlib's compression method
        return zlib.decompressobj(wbits=zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)

    def _next_member(self) -> bytes:
        # gzip may have several members (RFC 1952, section 2.2); anything else behind it is nobody's.
        rest = b"" if self._zlib is None else self._zlib.unused_data
        if self._coding not in _GZIP or not rest.startswith(_GZIP_MAGIC):
            return b""
        self._zlib = None
        return rest


def unpacker(coding: str) -> Plain | Unpacker:
    """Return what undoes `coding`, the value of a Content-Encoding header; raises BadCoding for an unknown one."""
    codings = [name for part in coding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    if not codings:
        return Plain()
    if len(codings) > 1 or codings[0] not in _GZIP | {"deflate"}:
        raise BadCoding("the body has a content coding other than gzip and deflate, or several")
    return Unpacker(codings[0])
