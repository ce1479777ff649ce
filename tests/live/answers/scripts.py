"""What servers do, in pieces that can be put together."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from live.answers.line import PAUSE_S, Line, Script

FINE: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
NOT_FOUND: Final = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

End = Callable[[Line], None]
"""How a connection ends: `Line.close` or `Line.reset`."""


def head(*lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    """Return an answer's head without a body."""
    return b"".join(line + b"\r\n" for line in (status, *lines, b"Content-Length: 0", b""))


def to(location: bytes, status: bytes = b"302 Found") -> bytes:
    """Return a redirect."""
    return head(b"Location: " + location, status=b"HTTP/1.1 " + status)


def says(*parts: bytes, end: End | None = None) -> Script:
    """Answer each request with `parts`, each in a packet of its own, then `end` or wait for another request."""
    return by_method(answer(*parts, end=end))


def answer(*parts: bytes, end: End | None = None) -> Script:
    """Answer one request that was read already."""

    async def script(line: Line) -> None:
        await line.say(*parts)
        if end is not None:
            await asyncio.sleep(PAUSE_S)
            end(line)

    return script


def by_method(otherwise: Script, **scripts: Script) -> Script:
    """Read each request, and let the script of its method answer it."""

    async def script(line: Line) -> None:
        while True:
            method = (await line.request()).split(b" ")[0].decode()
            await scripts.get(method, otherwise)(line)

    return script


def ends(end: End, *, asked: bool) -> Script:
    """End each connection without a word: at once, or when there is a request."""

    async def script(line: Line) -> None:
        if asked:
            await line.request()
        end(line)

    return script


def drips(first: bytes, rest: bytes, *, every_s: float = 1.0) -> Script:
    """Answer with `first`, then byte by byte with `rest`, over and over."""

    async def script(line: Line) -> None:
        await line.request()
        await line.say(first)
        while True:
            for byte in rest:
                await asyncio.sleep(every_s)
                await line.say(bytes((byte,)))

    return script


def floods(first: bytes, piece: bytes) -> Script:
    """Answer with `first`, then with `piece` without an end, as fast as it is taken."""
    block = piece * max(1, 65_536 // len(piece))

    async def script(line: Line) -> None:
        await line.request()
        await line.say(first)
        while True:
            await line.say(block)

    return script


def greets(data: bytes, *, end: End | None = None) -> Script:
    """Speak first."""

    async def script(line: Line) -> None:
        await line.say(data)
        if end is not None:
            end(line)

    return script


def replies(*parts: bytes, end: End | None = None) -> Script:
    """Answer whatever comes first, be it HTTP or not, then `end` or say nothing more."""

    async def script(line: Line) -> None:
        await line.some()
        await answer(*parts, end=end)(line)

    return script


def silent() -> Script:
    """Never say anything."""
    return Line.hang


def pages(site: Mapping[bytes, bytes]) -> Script:
    """Answer by path; what is not in `site` is a 404."""

    async def script(line: Line) -> None:
        while True:
            path = (await line.request()).split(b" ")[1]
            await line.say(site.get(path, NOT_FOUND))

    return script


def leads(location: bytes, path: bytes = b"/end", status: bytes = b"302 Found") -> Script:
    """Redirect to `location`, and be fine at `path` only: byte for byte."""
    return pages({b"/start": to(location, status), path: FINE})


def in_turn(*scripts: Script) -> Script:
    """Follow `scripts` one after the other, one a connection, and the last from then on."""

    async def script(line: Line) -> None:
        await scripts[min(line.number, len(scripts) - 1)](line)

    return script
