import asyncio
import gc
from collections.abc import Awaitable, Callable

import pytest

from allup.http.http_client import HttpClient
from allup.model.attempt import Attempt
from allup.model.failure import Phase
from allup.model.settings import HttpSettings
from live.http.asking import opened, target
from live.http.names import Names
from live.http.origin import OK, Origin, Visit, answers, redirect, silence

Serve = Callable[..., Awaitable[Origin]]
Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


def start(client: HttpClient, line: str) -> asyncio.Task[Attempt]:
    return asyncio.create_task(client.attempt(target(line)))


async def cancel(attempt: asyncio.Task[Attempt]) -> None:
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt


def others() -> set[object]:
    """Return the tasks of the client: those that are neither the test's nor a server's."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    return {task for task in tasks if "_visited" not in repr(task)}


async def test_a_cancellation_while_waiting_passes_and_closes_the_connection(
    serve: Serve, eventually: Eventually
) -> None:
    origin = await serve(silence)
    async with opened() as client:
        attempt = start(client, origin.url())
        await eventually(lambda: origin.open == 1)
        await cancel(attempt)
        await eventually(lambda: origin.open == 0)
        assert others() == set()


async def test_a_cancellation_in_the_body_closes_the_connection_and_says_nothing(
    serve: Serve, eventually: Eventually, caplog: pytest.LogCaptureFixture
) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it")
        await visit.head()

    phases: list[Callable[[], Phase]] = []
    origin = await serve(script)
    async with opened() as client:
        attempt = asyncio.create_task(client.attempt(target(f"{origin.url()} contains=more"), watch=phases.append))
        await eventually(lambda: [phase() for phase in phases] == [Phase.RECEIVE])
        await cancel(attempt)
        await eventually(lambda: origin.open == 0)
    phases.clear()
    del attempt
    gc.collect()  # what was left open would be told of when it goes
    assert caplog.records == []


async def test_a_cancellation_while_resolving_passes(names: Names, eventually: Eventually) -> None:
    names.known["slow.test"] = None
    async with opened() as client:
        attempt = start(client, "http://slow.test/")
        await eventually(lambda: bool(names.asked))
        await cancel(attempt)
    await eventually(lambda: others() == set())


async def test_a_cancellation_in_the_handshake_passes_and_closes_the_connection(
    serve: Serve, eventually: Eventually
) -> None:
    origin = await serve(silence)
    async with opened(HttpSettings(insecure=True)) as client:
        attempt = start(client, origin.url().replace("http:", "https:"))
        await eventually(lambda: origin.open == 1)
        await cancel(attempt)
        await eventually(lambda: origin.open == 0)
        assert others() == set()


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: /b\r\n"])
async def test_a_cancellation_while_a_body_is_thrown_away_passes_and_closes_the_connection(
    serve: Serve, eventually: Eventually, head: bytes
) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(head + b"Content-Length: 10\r\n\r\nx")
        await visit.end()

    origin = await serve(script)
    async with opened() as client:
        attempt = start(client, origin.url())
        await eventually(lambda: origin.sent > 0)
        await cancel(attempt)
        await eventually(lambda: origin.open == 0)
        assert others() == set()


async def test_a_cancellation_at_any_moment_passes_and_leaves_nothing(serve: Serve, eventually: Eventually) -> None:
    origin = await serve(answers(redirect("/b"), OK, redirect("/b"), OK))
    async with opened() as client:
        for turns in range(40):
            attempt = start(client, origin.url())
            for _ in range(turns):
                await asyncio.sleep(0)
            attempt.cancel()
            await asyncio.wait([attempt])
            assert attempt.cancelled() or attempt.result().failure is None
    await eventually(lambda: origin.open == 0)
    await eventually(lambda: others() == set())


async def test_after_a_timeout_nothing_is_left(serve: Serve, eventually: Eventually) -> None:
    origin = await serve(silence)
    async with opened() as client:
        await client.attempt(target(f"{origin.url()} timeout=20ms"))
        await eventually(lambda: origin.open == 0)
        assert others() == set()


async def test_a_client_goes_on_after_a_cancellation(serve: Serve, eventually: Eventually) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        if visit.number == 1:
            await visit.end()
        await visit.send(OK)

    origin = await serve(script)
    async with opened() as client:
        attempt = start(client, origin.url())
        await eventually(lambda: bool(origin.heads))
        await cancel(attempt)
        assert (await client.attempt(target(origin.url()))).status == 200
