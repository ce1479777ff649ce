import asyncio
from collections.abc import Callable

import pytest

from allup import CheckSettings, Verdict, checking
from allup.http.client import open_client
from allup.lists.line import LineDefaults, parse_line
from allup.model.clock import Clock
from allup.model.failure import FailureKind
from allup.model.selection import SelectionSettings
from allup.model.settings import HttpSettings
from allup.model.target import Origin, Target
from live.answers.conftest import Serve
from live.answers.line import PAUSE_S, Line, Script
from live.answers.scripts import FINE, head

_AT_ONCE = 5


def target(line: str) -> Target:
    entry = parse_line(line, LineDefaults(), Origin())
    assert isinstance(entry, Target)
    return entry


def fine_once_then(end: Callable[[Line], None], *, before: bytes = b"") -> Script:
    """Be fine on each connection's first request, and end it under the second, on the first connections."""

    async def script(line: Line) -> None:
        await line.request()
        await line.say(FINE)
        await line.request()
        if line.number < _AT_ONCE:
            await line.say(before)
            end(line)
        else:
            await line.say(FINE)

    return script


@pytest.mark.parametrize("end", [Line.close, Line.reset])
@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 20", b"\r\n", b"left over"])
@pytest.mark.parametrize("server", [None, "good"])
async def test_a_connection_that_goes_stale_under_a_request_is_no_failure(
    serve: Serve, end: Callable[[Line], None], before: bytes, server: str | None
) -> None:
    nasty = await serve(fine_once_then(end, before=before), server)
    settings = CheckSettings(concurrency=1, selection=SelectionSettings(dedupe=False), http=HttpSettings(insecure=True))
    async with checking([nasty.url] * 2, settings) as results:
        found = [result async for result in results]
    assert [(one.verdict, one.attempts) for one in found] == [(Verdict.OK, 1)] * 2
    assert (nasty.connections, len(nasty.requests)) == (2, 3)  # asked again once, and no oftener


async def test_many_connections_that_went_stale_are_no_failure(serve: Serve) -> None:
    nasty = await serve(fine_once_then(Line.close))
    async with open_client(HttpSettings(), Clock()) as client:
        first = await asyncio.gather(*(client.attempt(target(nasty.url)) for _ in range(_AT_ONCE)))
        assert nasty.connections == _AT_ONCE
        second = await client.attempt(target(nasty.url))
    assert [attempt.status for attempt in (*first, second)] == [200] * (_AT_ONCE + 1)
    assert second.failure is None


async def test_what_cannot_be_asked_twice_is_not_asked_twice(serve: Serve) -> None:
    nasty = await serve(fine_once_then(Line.close))
    async with open_client(HttpSettings(), Clock()) as client:
        await client.attempt(target(nasty.url))
        attempt = await client.attempt(target(f"{nasty.url} method=POST"))
    assert attempt.failure is not None
    assert attempt.failure.kind is FailureKind.RESET
    assert [line.split(b" ")[0] for line in nasty.request_lines] == [b"GET", b"POST"]


@pytest.mark.parametrize(
    "unasked",
    [
        head(b"Connection: close", status=b"HTTP/1.1 408 Request Timeout"),
        head(status=b"HTTP/1.1 500 Internal Server Error"),
        FINE,
        b"\r\n",
        b"HTTP/1.1 500",
        b"rubbish",
    ],
)
async def test_what_comes_on_an_idle_connection_is_not_the_next_answer(serve: Serve, unasked: bytes) -> None:
    async def script(line: Line) -> None:
        await line.request()
        await line.say(head(status=b"HTTP/1.1 201 Created"))
        if line.number == 0:
            await asyncio.sleep(PAUSE_S)
            await line.say(unasked)
        await line.request()
        await line.say(head(status=b"HTTP/1.1 202 Accepted"))

    nasty = await serve(script)
    async with open_client(HttpSettings(), Clock()) as client:
        first = await client.attempt(target(nasty.url))
        await asyncio.sleep(4 * PAUSE_S)
        second = await client.attempt(target(nasty.url))
    assert (first.status, second.status) == (201, 201)  # each on a connection of its own
    assert second.failure is None
