"""An answer: what its head says of itself, and what becomes of the rest of it."""

import asyncio
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
from aiohttp.connector import Connection
from aiohttp.http_parser import RawResponseMessage
from aiohttp.streams import StreamReader

from allup.http.line import Line
from allup.http.redirects import raw_location
from allup.lists.url import BadUrl, join_url

REUSE_BYTES: Final = 64 * 1024
REUSE_S: Final = 0.1
"""How much of a body, and for how long, is read only so that its connection can serve again."""


class Answer:
    """The head of an answer, and its `content` as that comes; at its end, the connection can serve again."""

    __slots__ = ("_connection", "_line", "content", "headers", "status", "version")

    def __init__(self, message: RawResponseMessage, content: StreamReader, connection: Connection, line: Line) -> None:
        self.status = message.code
        self.version = message.version
        self.headers = message.headers
        self.content = content
        self._connection: Connection | None = connection
        self._line = line
        content.on_eof(self._release)

    @property
    def closed(self) -> bool:
        """Whether it has no connection any more: nothing further of its content will come."""
        return self._connection is None

    def close(self) -> None:
        """Close the connection, unless the content has ended before: then it has been given back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _release(self) -> None:
        if self._line.upgraded:  # what comes now is another protocol's
            return
        self._line.rest()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.release()


def http_version(answer: Answer) -> str:
    """Return ``1.1`` or ``1.0``."""
    return f"{answer.version.major}.{answer.version.minor}"


def content_type(answer: Answer) -> str | None:
    """Return the media type in lower case, its parameters left out; None where the server names none."""
    media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return media_type or None


def content_length(answer: Answer) -> int | None:
    """Return the length that the server promised; None where it promised none that can be read."""
    length = answer.headers.get("Content-Length", "")
    return int(length[-20:]) if length.isascii() and length.isdigit() else None


def retry_after_s(answer: Answer, wall: Callable[[], float]) -> float | None:
    """Return the seconds that the server asks to wait (RFC 9110, section 10.2.3), which it may say as a date too.

    `wall` returns the seconds since the epoch. None where it asks nothing that can be read.
    """
    text = answer.headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:10])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - wall())
    except (ValueError, OverflowError):
        return None


def location_href(location: str, base_href: str) -> str | None:
    """Return where the Location of an answer to `base_href` points, as a whole URL; None where that is nowhere."""
    try:
        return join_url(base_href, raw_location(location)).href
    except BadUrl:
        return None


async def reuse(answer: Answer) -> None:
    """Let the connection of an answered request serve again where that is cheap, else close it.

    A body that has arrived, or is about to and is small, is read and thrown away; any other would
    cost more than a new connection.
    """
    if answer.closed or answer.content.is_eof():  # as with most: all of it came with the head
        answer.close()
        return
    length = content_length(answer)
    try:
        if length is None or length <= REUSE_BYTES:
            async with asyncio.timeout(REUSE_S):
                await _discard(answer)
    except (aiohttp.ClientError, OSError):
        # Nobody asked for the body; TimeoutError is an OSError too.
        pass
    finally:
        # At the body's end the connection has gone back to the pool, and this closes nothing.
        answer.close()


async def _discard(answer: Answer) -> None:
    seen = 0
    async for chunk in answer.content.iter_any():
        seen += len(chunk)
        if seen > REUSE_BYTES:
            return
