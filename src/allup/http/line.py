"""The line to a server: it sees the head of an answer before aiohttp's parser does.

aiohttp's parser takes ``RTSP/1.0 200`` and a status of two digits for HTTP, bounds each header but
not all of them together, and loses an answer that has a body where none may be. What is no HTTP/1
answer (RFC 9112, section 4) ends here, with a reason that helps.
"""

import asyncio
import re
from typing import Final, cast

from aiohttp import ServerDisconnectedError
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import BadHttpMessage

from allup.http.connections import Connections
from allup.http.exchange import Exchange
from allup.http.mending import mended
from allup.http.strangers import stranger

HEAD_BYTES: Final = 256 * 1024
"""The most that status line and headers may take, those of interim answers (100, 103) included."""

_STATUS_LINE: Final = re.compile(rb"HTTP/1\.[0-9] (?P<status>[1-9][0-9]{2})(?: [^\r\n]*)?\r?\n")
_HEAD_END: Final = re.compile(rb"\n\r?\n")
_LONGEST_STATUS_LINE: Final = 8 * 1024
_BEGINNING: Final = b"HTTP/1."
_NO_BODY: Final = frozenset({204, 304})
_PLAIN_STATUS_LINE: Final = re.compile(rb"HTTP/1\.[01] (?P<status>[2-9][0-9]{2})(?: [^\r\n]*)?\r\n")
_PLAIN_LENGTH: Final = re.compile(rb"\ncontent-length: ?([0-9]{1,15})(?:\r|\Z)")


class Line(ResponseHandler):
    """aiohttp's protocol of a connection, which is given nothing but HTTP, and a head only when that is complete."""

    def __init__(self, *, loop: asyncio.AbstractEventLoop, connections: Connections) -> None:
        super().__init__(loop)
        self._connections = connections
        self._counted = False
        self._address: str | None = None
        self._exchange: Exchange | None = None
        self._bodyless = False
        self._head = bytearray()
        self._passed_bytes = 0
        self._in_head = False
        self._idle = False

    @property
    def address(self) -> str | None:
        """The far end's; None where there is none."""
        if self._address is None and self.transport is not None:
            peer = self.transport.get_extra_info("peername")
            self._address = str(peer[0]) if isinstance(peer, tuple) else None
        return self._address

    def expect_answer(self, exchange: Exchange, *, bodyless: bool) -> None:
        """Watch for the answer to `exchange`; `bodyless` where none of its answers may have a body (HEAD)."""
        if not self._counted:  # one that leads to a proxy's tunnel serves nobody by itself
            self._counted = True
            self._connections.open += 1
        self._exchange = exchange
        self._bodyless = bodyless
        self._head.clear()
        self._passed_bytes = 0
        self._in_head = True
        self._idle = False

    def rest(self) -> None:
        """Expect nothing more: the answer has ended, and so does a connection on which anything comes now."""
        self._idle = True

    def data_received(self, data: bytes) -> None:
        """Collect the bytes of a head; pass on those of a body where there may be one."""
        if not data:  # aiohttp's own: what was held back goes on
            super().data_received(data)
        elif self._in_head:
            if self._head or not self._is_plain(data):
                self._head += data
                self._read_heads(len(data))
            else:
                self._in_head = False
                super().data_received(data)
        elif self._exchange is not None and (self._bodyless or self._idle):
            self._drop_body()
        else:
            self._pass_on(data)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it; that it does not delay what is small, which aiohttp says again, the loop has said already."""
        self.transport = cast("asyncio.Transport", transport)

    def close(self) -> None:
        """Close the connection, and one over TLS without a farewell: what it was for has come, or is not wanted.

        A TLS shutdown costs a tenth of the handshake, and keeps the connection until the other side agrees.
        """
        if self.transport is not None and self.transport.get_extra_info("ssl_object") is not None:
            self.abort()
        else:
            super().close()

    def resume_reading(self, resume_parser: bool = True) -> None:  # noqa: FBT001, FBT002 - as aiohttp calls it
        """Resume as ever, where it was paused: of a transport that was not, it costs an exception."""
        if resume_parser or self._reading_paused or self._buffer_paused:
            super().resume_reading(resume_parser)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Pass it on."""
        if self._counted:
            self._connections.open -= 1
        super().connection_lost(exc)

    def _is_plain(self, data: bytes) -> bool:
        """Say whether `data` is a head that needs no look, with no more of a body than it says: most answers are."""
        match = _PLAIN_STATUS_LINE.match(data)
        end = -1 if match is None else data.find(b"\r\n\r\n", match.end() - 2)
        if match is None or not 0 < end < HEAD_BYTES:
            return False
        head, rest = data[:end].lower(), len(data) - end - 4
        if b" :" in head or b"\t:" in head or b"\ntransfer-encoding:" in head:
            return False
        self._bodyless = self._bodyless or int(match["status"]) in _NO_BODY
        if not rest:
            return True
        length = None if self._bodyless else _PLAIN_LENGTH.search(head)
        return length is not None and rest <= int(length[1])

    def _read_heads(self, new_bytes: int) -> None:
        while self._in_head and self._head:
            match = _HEAD_END.search(self._head, max(0, len(self._head) - new_bytes - 3))
            end = None if match is None else match.end()
            problem = self._problem(end)
            if problem is not None:
                self._refuse(problem)
                return
            if end is None:
                return
            self._end_head(end, int(self._head[9:12]))
            new_bytes = len(self._head)

    def _problem(self, end: int | None) -> str | None:
        if not self._head.startswith(_BEGINNING[: len(self._head)]):
            return stranger(bytes(self._head[:_LONGEST_STATUS_LINE]))
        if self._passed_bytes + (len(self._head) if end is None else end) > HEAD_BYTES:
            return f"more than {HEAD_BYTES // 1024} KiB of headers"
        line_ends = self._head.find(b"\n", 0, _LONGEST_STATUS_LINE)
        if line_ends < 0:
            return "an endless status line" if len(self._head) > _LONGEST_STATUS_LINE else None
        if _STATUS_LINE.match(self._head) is None:
            return "a status line that is none"
        return None

    def _end_head(self, end: int, status: int) -> None:
        self._passed_bytes += end
        head = bytes(self._head[:end])
        del self._head[:end]
        if 100 <= status <= 199 and status != 101:  # an interim answer, which nobody asked for: another head follows
            return
        self._in_head = False
        self._bodyless = self._bodyless or status in _NO_BODY
        rest = bytes(self._head)
        self._head.clear()
        # A head goes on by itself: what is wrong with the body is no fault of the status.
        super().data_received(mended(head))
        if rest and self.exception() is None:
            self.data_received(rest)

    def _pass_on(self, data: bytes) -> None:
        super().data_received(data)
        if self._exchange is not None and self.exception() is not None:
            # aiohttp tells the connection of chunks that are none, but not whoever reads them.
            self._exchange.body_broken()

    def _drop_body(self) -> None:
        # A connection on which bytes came that belong to nothing cannot serve again.
        if self._exchange is not None and not self._idle:
            self._exchange.unasked_body = True
        self.force_close()
        self._hang_up()

    def _refuse(self, problem: str) -> None:
        self._in_head = False
        self._bodyless = True
        self._head.clear()
        # On a connection that has served before, it may be left over from an answer before.
        fresh = self._exchange is None or self._exchange.fresh
        self.set_exception(BadHttpMessage(problem) if fresh else ServerDisconnectedError())
        self._hang_up()

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()
