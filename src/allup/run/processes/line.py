"""The line between two processes: words, which are a verb and what belongs to it.

All words of one moment go as one piece. What waits to be written is bounded by how many attempts
are out, so nobody has to wait for the line.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any, cast

from allup.run.processes.frames import Frames, framed
from allup.run.processes.packing import packed, unpacked

Word = tuple[Any, ...]


class Line(asyncio.Protocol):
    """One end: `hear` is called with each word that comes, `lost` when no more will."""

    def __init__(self, hear: Callable[[Word], None], lost: Callable[[], None]) -> None:
        self.hear = hear
        self._lost = lost
        self.open = False
        self._transport: asyncio.Transport | None = None
        self._frames = Frames()
        self._words: list[Word] = []

    async def connect(self, end: socket.socket) -> None:
        """Begin over `end`, one of a pair of sockets, which is the line's from now on."""
        end.setblocking(False)  # noqa: FBT003 - as the socket has it
        await asyncio.get_running_loop().create_connection(lambda: self, sock=end)

    def say(self, *word: Any) -> None:
        """Send `word` at the end of this moment; on a line that is lost, it goes nowhere."""
        if not self._words:
            asyncio.get_running_loop().call_soon(self._flush)
        self._words.append(word)

    def hang_up(self) -> None:
        """End it at once, whatever is still on its way."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        self._transport = cast("asyncio.Transport", transport)
        self.open = True

    def data_received(self, data: bytes) -> None:
        """Pass on the words that are complete."""
        for payload in self._frames.feed(data):
            for word in unpacked(payload):
                self.hear(word)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Tell that it is over, for whatever reason."""
        del exc
        self.open = False
        self._lost()

    def _flush(self) -> None:
        words, self._words = self._words, []
        if words and self.open and self._transport is not None:
            self._transport.write(framed(packed(words)))
