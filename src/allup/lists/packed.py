"""Lists that are packed by gzip (RFC 1952), unpacked as they come."""

import zlib
from typing import Final

from allup.lists.reading import Reader

_MAGIC: Final = b"\x1f\x8b"
_PIECE: Final = 16 * 1024
_FREE: Final = 64 * 1024 * 1024
_MOST_TIMES: Final = 200
"""A list does not become so many times as large, past the first 64 MiB: a bomb does."""


class Unpacked:
    """The bytes of a list as `reader` gives them, unpacked where they begin like gzip's."""

    def __init__(self, reader: Reader) -> None:
        self.stop = reader.stop
        self.aclose = reader.aclose
        self._reader = reader
        self._packed: bool | None = None
        self._zlib = _member()
        self._rest = b""
        self._taken = self._given = 0

    @property
    def cut(self) -> bool:
        """Whether reading was stopped before the list ended."""
        return self._reader.cut

    async def read(self) -> bytes:
        """Return what comes next, nothing at the end; raises OSError, also for what cannot be unpacked."""
        if self._packed is None:
            return await self._first()
        return await self._unpacked(b"") if self._packed else await self._reader.read()

    async def _first(self) -> bytes:
        start = await self._reader.read()
        while len(start) == 1 and (more := await self._reader.read()):
            start += more
        self._packed = start.startswith(_MAGIC)
        self._taken = len(start)
        return await self._unpacked(start) if self._packed else start

    async def _unpacked(self, chunk: bytes) -> bytes:
        data = self._rest + chunk
        while True:
            if not data:
                data = await self._reader.read()
                if not data:
                    return self._end()
                self._taken += len(data)
            piece, data = self._piece(data)
            if piece:
                self._rest = data
                self._check_size(len(piece))
                return piece

    def _piece(self, data: bytes) -> tuple[bytes, bytes]:
        if self._zlib.eof:  # several members are one list; what else follows is padding, or nobody's
            if not data.startswith(_MAGIC[: len(data)]):
                return b"", b""
            self._zlib = _member()
        try:
            piece = self._zlib.decompress(data, _PIECE)
        except zlib.error as error:
            raise OSError(0, f"its gzip data is broken ({error})") from None
        return piece, self._zlib.unused_data if self._zlib.eof else self._zlib.unconsumed_tail

    def _end(self) -> bytes:
        if not self._zlib.eof and not self.cut:
            raise OSError(0, "its gzip data ends early")
        return b""

    def _check_size(self, more: int) -> None:
        self._given += more
        if self._given > max(_FREE, _MOST_TIMES * self._taken):
            raise OSError(0, f"a gzip bomb? It becomes more than {_MOST_TIMES} times as large")


def _member() -> "zlib._Decompress":
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
