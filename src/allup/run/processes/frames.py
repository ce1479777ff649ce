"""Frames: what is written in one piece is read in one piece, however the stream is cut."""

from typing import Final

_LENGTH_BYTES: Final = 4


def framed(payload: bytes) -> bytes:
    """Return `payload` behind its length."""
    return len(payload).to_bytes(_LENGTH_BYTES) + payload


class Frames:
    """Puts the pieces of a stream together again."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, piece: bytes) -> list[bytes]:
        """Return the payloads that are complete with `piece`."""
        self._pending += piece
        payloads, start = [], 0
        while (begin := start + _LENGTH_BYTES) <= len(self._pending):
            end = begin + int.from_bytes(self._pending[start:begin])
            if end > len(self._pending):
                break
            payloads.append(bytes(self._pending[begin:end]))
            start = end
        del self._pending[:start]
        return payloads
