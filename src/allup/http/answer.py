"""What an answer says of itself, and what becomes of the rest of it."""

import asyncio
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
from aiohttp import ClientResponse

from allup.http.redirects import raw_location
from allup.lists.url import BadUrl, join_url, printable_url

REUSE_BYTES: Final = 64 * 1024
REUSE_S: Final = 0.1
"""How much of a body, and for how long, is read only so that its connection can serve again."""


def http_version(response: ClientResponse) -> str | None:
    """Return ``1.1`` or ``1.0``."""
    version = response.version
    return None if version is None else f"{version.major}.{version.minor}"


def content_type(response: ClientResponse) -> str | None:
    """Return the media type in lower case, its parameters left out; None where the server names none."""
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return media_type or None


def content_length(response: ClientResponse) -> int | None:
    """Return the length that the server promised; None where it promised none that can be read."""
    length = response.headers.get("Content-Length", "")
    return int(length[-20:]) if length.isascii() and length.isdigit() else None


def retry_after_s(response: ClientResponse, now: float) -> float | None:
    """Return the seconds that the server asks to wait (RFC 9110, section 10.2.3), which it may say as a date too.

    `now` is seconds since the epoch. None where it asks nothing that can be read.
    """
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def printable_location(response: ClientResponse) -> str | None:
    """Return where the answer points, passwords removed; None where it points nowhere."""
    location = response.headers.get("Location")
    return None if location is None else printable_url(location)


def location_href(response: ClientResponse, base_href: str) -> str | None:
    """Return where the answer to `base_href` points, as a whole URL; None where that is nowhere."""
    location = response.headers.get("Location")
    try:
        return None if location is None else join_url(base_href, raw_location(location)).href
    except BadUrl:
        return None


async def reuse(response: ClientResponse) -> None:
    """Let the connection of an answered request serve again where that is cheap, else close it.

    A body that has arrived, or is about to and is small, is read and thrown away; any other would
    cost more than a new connection.
    """
    length = content_length(response)
    try:
        if length is None or length <= REUSE_BYTES:
            async with asyncio.timeout(REUSE_S):
                await _discard(response)
    except (aiohttp.ClientError, OSError):
        # Nobody asked for the body; TimeoutError is an OSError too.
        pass
    finally:
        # At the body's end the connection has gone back to the pool, and this closes nothing.
        response.close()


async def _discard(response: ClientResponse) -> None:
    seen = 0
    async for chunk in response.content.iter_any():
        seen += len(chunk)
        if seen > REUSE_BYTES:
            return
