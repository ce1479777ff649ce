"""Answers that point elsewhere."""

from typing import Final

from aiohttp import web

from allup.lab.behaviour import Server
from allup.lab.visit import Visit

FOLLOWED: Final = frozenset({301, 302, 303, 307, 308})
"""The statuses whose Location a client goes to."""

_NEXT_IN_LOOP: Final = {"a": "b", "b": "a"}


def _found(location: str) -> web.Response:
    return web.Response(status=302, headers={"Location": location})


async def chain(_visit: Visit, hops: str) -> web.Response:
    """Answer 200 after `hops` redirects."""
    left = int(hops)
    return _found(f"/redirect/{left - 1}") if left > 0 else web.Response(text="arrived\n")


async def away(visit: Visit) -> web.Response:
    """Redirect to another host."""
    return _found(visit.world.url(Server.TWO, "/ok"))


async def here(_visit: Visit) -> web.Response:
    """Redirect to a neighbour, by a relative reference."""
    return _found("there")


async def there(_visit: Visit) -> web.Response:
    """Answer 200 where the relative reference leads."""
    return web.Response(text="there\n")


async def loop(_visit: Visit, stop: str) -> web.Response:
    """Redirect from ``a`` to ``b`` and back."""
    return _found(f"/loop/{_NEXT_IN_LOOP.get(stop, 'a')}")


async def no_location(_visit: Visit) -> web.Response:
    """Redirect without saying where to."""
    return web.Response(status=302)


async def bad_location(_visit: Visit) -> web.Response:
    """Redirect to what is no URL: its port is out of range."""
    return _found("http://127.0.0.1:99999/")
