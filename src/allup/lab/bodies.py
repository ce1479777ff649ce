"""Answers whose body takes long, or for ever; a client that hangs up in the middle is no error."""

import asyncio
from contextlib import suppress
from typing import Final

from aiohttp import web

from allup.lab.visit import Visit
from allup.model.duration import parse_duration

_CHUNK: Final = b"all work and no play makes jack a dull boy\n" * 1024


async def drip(visit: Visit, count: str, every: str) -> web.StreamResponse:
    """Send the head at once, then `count` bytes, one `every` so often."""
    seconds = parse_duration(every)
    answer = web.StreamResponse(headers={"Content-Length": str(int(count)), "Content-Type": "text/plain"})
    await answer.prepare(visit.request)
    with suppress(ConnectionError):
        for _ in range(int(count) if visit.wants_body else 0):
            await asyncio.sleep(seconds)
            await answer.write(b".")
    return answer


async def endless(visit: Visit) -> web.StreamResponse:
    """Send a body until the client has had enough."""
    answer = web.StreamResponse(headers={"Content-Type": "text/plain"})
    await answer.prepare(visit.request)
    with suppress(ConnectionError):
        while visit.wants_body:
            await answer.write(_CHUNK)
            visit.world.stats.endless_bytes += len(_CHUNK)
            # A client that reads on must not keep the event loop from everybody else.
            await asyncio.sleep(0)
    return answer
