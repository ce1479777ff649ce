"""The line between two processes: words, which are a verb and what belongs to it.

All words of one moment go as one piece, and where pieces follow each other fast, all of a few
milliseconds: to wake the other process costs more than to tell it something. What waits to be
written is bounded by how many attempts are out, so nobody has to wait for the line.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any, Final, cast

from allup.run.processes.frames import Frames, framed
from allup.run.processes.packing import packed, unpacked

GATHERING_S: Final = 0.002
"""The time between two pieces."""
_ENOUGH: Final = 50
"""Words that are worth a piece of their own at any time."""

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
        self._gathering: asyncio.Handle | None = None
        self._next_at = 0.0

    async def connect(self, end: socket.socket) -> None:
        """Begin over `end`, one of a pair of sockets, which is the line's from now on."""
        end.setblocking(False)  # noqa: FBT003 - as the socket has it
        await asyncio.get_running_loop().create_connection(lambda: self, sock=end)

    def say(self, *word: Any) -> None:
        """Send `word` at the end of this moment, or soon; on a line that is lost, it goes nowhere."""
        self._words.append(word)
        if len(self._words) == 1:
            loop = asyncio.get_running_loop()
            wait_s = self._next_at - loop.time()
            self._gathering = loop.call_later(wait_s, self._flush) if wait_s > 0 else loop.call_soon(self._flush)
        elif len(self._words) == _ENOUGH:
            self._flush()

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
        if self._gathering is not None:
            self._gathering.cancel()
        self._next_at = asyncio.get_running_loop().time() + GATHERING_S
        words, self._words = self._words, []
        if words and self.open and self._transport is not None:
            self._transport.write(framed(packed(words)))
