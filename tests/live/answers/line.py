"""One end of a TCP connection, whose owner may misbehave in any way."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Final

_LINGER_NOT_AT_ALL: Final = struct.pack("ii", 1, 0)
_LONGEST_REQUEST: Final = 1 << 20
PAUSE_S: Final = 0.03
"""Long enough for what was said to arrive on its own."""


class Line:
    """A connection as its server sees it, which made `number` before.

    ``@PORT@`` in what is said stands for the server's own port.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, number: int, requests: list[bytes]
    ) -> None:
        self.number = number
        self._reader = reader
        self._writer = writer
        self._requests = requests
        self._port = str(writer.get_extra_info("sockname")[1]).encode()

    async def request(self) -> bytes:
        """Return the head of the next request; raises IncompleteReadError where there is none."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        self._requests.append(head)
        return head

    async def some(self) -> None:
        """Wait until the other side has said anything at all."""
        if not await self._reader.read(_LONGEST_REQUEST):
            raise ConnectionResetError

    async def say(self, *parts: bytes) -> None:
        """Send `parts`, each in a packet of its own."""
        for at, part in enumerate(parts):
            if at:
                await asyncio.sleep(PAUSE_S)
            if self._writer.is_closing():
                raise ConnectionResetError
            self._writer.write(part.replace(b"@PORT@", self._port))
            await self._writer.drain()

    async def hang(self) -> None:
        """Say nothing more, until the other side leaves."""
        while await self._reader.read(65_536):
            pass

    def close(self) -> None:
        """End in an orderly way."""
        self._writer.close()

    def reset(self) -> None:
        """End with RST in place of FIN."""
        sock = self._writer.get_extra_info("socket")
        if sock is not None:  # else the other side was faster
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT_AT_ALL)
        self._writer.transport.abort()

    def drop(self) -> None:
        """Let go of it, whatever state it is in."""
        self._writer.transport.abort()


Script = Callable[[Line], Awaitable[None]]
"""What a server does with each connection."""
