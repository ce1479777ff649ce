"""Answers that are complete at once: statuses, latencies, moods and echoes."""

import asyncio
import json
import math
import time
from typing import Final

from aiohttp import web

from allup.lab.redirects import FOLLOWED
from allup.lab.visit import Visit
from allup.model.duration import parse_duration

_BODILESS: Final = frozenset({204, 205, 304})
_MOST_KEYS: Final = 10_000


def text(status: int, body: str) -> web.Response:
    """Return a plain answer."""
    return web.Response(status=status, text=f"{body}\n")


async def ok(_visit: Visit) -> web.Response:
    """Answer 200."""
    return text(200, "ok")


async def latency(_visit: Visit, duration: str) -> web.Response:
    """Answer 200 after `duration`, never before."""
    await rest(parse_duration(duration))
    return text(200, duration)


async def rest(seconds: float) -> None:
    """Wait for `seconds`, never less."""
    # A timer may fire a little early: uvloop's clock counts whole milliseconds.
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:  # noqa: ASYNC110 - time is all it waits for
        await asyncio.sleep(left)


async def status(_visit: Visit, code: str) -> web.Response:
    """Answer with any status from 200 to 599; those that redirect lead to a 200."""
    number = int(code)
    if not 200 <= number <= 599:
        raise ValueError(f"{code} is not a status from 200 to 599")
    if number in _BODILESS:
        return web.Response(status=number)
    answer = text(number, code)
    if number in FOLLOWED:
        answer.headers["Location"] = "/ok"
    return answer


async def flaky(visit: Visit, key: str, times: str) -> web.Response:
    """Answer 503 the first `times` times that `key` is asked, 200 from then on."""
    return text(503, "not yet") if _times_asked(visit, key) <= int(times) else text(200, "ok")


async def limited(visit: Visit, key: str, duration: str) -> web.Response:
    """Answer 429 the first time that `key` is asked, with a Retry-After of `duration`, 200 from then on."""
    seconds = math.ceil(parse_duration(duration))
    if _times_asked(visit, f"limited {key}") > 1:
        return text(200, "ok")
    answer = text(429, f"not before {seconds} s")
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _times_asked(visit: Visit, key: str) -> int:
    asked = visit.world.asked
    if key not in asked and len(asked) >= _MOST_KEYS:
        asked.clear()
    asked[key] += 1
    return asked[key]


async def headers(visit: Visit) -> web.Response:
    """Answer with the method and the headers of the request, in their order."""
    sent = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in visit.request.raw_headers]
    body = json.dumps({"method": visit.request.method, "headers": sent})
    return web.Response(text=body, content_type="application/json")


async def page(_visit: Visit) -> web.Response:
    """Answer with a page of HTML, in Latin-1 so that its charset matters."""
    body = "<!doctype html><title>Lab</title><h1>Welcome to the caf\u00e9</h1><p>version 2.1</p>\n"
    return web.Response(text=body, content_type="text/html", charset="iso-8859-1")


async def health(_visit: Visit) -> web.Response:
    """Answer with what a service says of its health, as JSON."""
    checks = [{"name": "database", "up": True}, {"name": "queue", "up": False}]
    return web.json_response({"status": "ok", "version": "2.1", "requests": 42, "checks": checks})


async def echo(visit: Visit) -> web.Response:
    """Answer with the method and the body of the request, as JSON."""
    body = await visit.request.text()
    return web.json_response({"method": visit.request.method, "body": body})


async def no_head(visit: Visit) -> web.Response:
    """Answer 200 to all methods but HEAD, which it does not allow."""
    if visit.wants_body:
        return text(200, "ok")
    return web.Response(status=405, headers={"Allow": "GET"})
