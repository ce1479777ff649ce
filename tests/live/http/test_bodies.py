import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from live.http.asking import asked, asking
from live.http.origin import OK, Origin, Visit, answers

Serve = Callable[..., Awaitable[Origin]]
Eventually = Callable[[Callable[[], bool]], Awaitable[None]]

_PIECE = b"x" * 65_536
_A_LOT = 1 << 30


def endless(head: bytes) -> Callable[[Visit], Awaitable[None]]:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(head)
        for _ in range(_A_LOT // len(_PIECE)):
            await visit.send(_PIECE)

    return script


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40000000\r\n",
    ],
    ids=["until closed", "long", "chunked"],
)
async def test_an_endless_body_is_not_downloaded(serve: Serve, eventually: Eventually, head: bytes) -> None:
    origin = await serve(endless(head))
    async with asking() as ask:
        attempt = await ask(origin.url())
        await eventually(lambda: origin.open == 0)
    assert (attempt.status, attempt.failure) == (200, None)
    assert origin.sent < 32 << 20  # what fits into the buffers of two sockets, at most


@pytest.mark.parametrize(
    "answer",
    [
        OK,
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 1000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + _PIECE,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nno!",
    ],
    ids=["small", "none", "not modified", "chunked", "just small", "broken gzip"],
)
async def test_after_a_small_body_the_connection_serves_again(serve: Serve, answer: bytes) -> None:
    origin = await serve(answers(answer))
    async with asking() as ask:
        attempts = [await ask(origin.url()) for _ in range(3)]
    assert [attempt.failure for attempt in attempts] == [None] * 3
    assert (len(origin.heads), origin.connections) == (3, 1)


async def test_after_a_head_the_connection_serves_again_however_long_the_body_would_be(serve: Serve) -> None:
    origin = await serve(answers(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"))
    async with asking() as ask:
        attempts = [await ask(f"{origin.url()} method=HEAD") for _ in range(3)]
    assert [attempt.content_length for attempt in attempts] == [_A_LOT] * 3
    assert origin.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40000\r\n" + _PIECE * 2,
    ],
    ids=["large", "closing", "large chunks"],
)
async def test_behind_a_body_that_is_not_worth_reading_the_next_request_has_a_connection_of_its_own(
    serve: Serve, answer: bytes
) -> None:
    origin = await serve(answers(answer))
    async with asking() as ask:
        assert [(await ask(origin.url())).status for _ in range(2)] == [200, 200]
    assert (len(origin.heads), origin.connections) == (2, 2)


@pytest.mark.parametrize("head", [b"", b"Content-Length: 100\r\n", b"Transfer-Encoding: chunked\r\n"])
async def test_a_body_that_ends_early_or_late_is_no_failure_where_nobody_asked_for_it(
    serve: Serve, head: bytes
) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n1\r\nx")
        if visit.number > 1:
            await visit.end()

    origin = await serve(script)
    early, late = await asked(origin.url()), await asked(origin.url())
    assert (early.status, early.failure, late.status, late.failure) == (200, None, 200, None)


async def test_a_small_body_that_is_about_to_come_is_waited_for(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        while True:
            await visit.head()
            await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
            await asyncio.sleep(0.01)
            await visit.send(b"ok")

    origin = await serve(script)
    async with asking() as ask:
        assert [(await ask(origin.url())).status for _ in range(2)] == [200, 200]
    assert (len(origin.heads), origin.connections) == (2, 1)


async def test_the_wait_for_a_body_is_no_part_of_the_attempt_and_ends(serve: Serve, eventually: Eventually) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx")
        await visit.end()

    origin = await serve(script)
    async with asking() as ask:
        began_at = time.perf_counter()
        attempt = await ask(origin.url())
        took_s = time.perf_counter() - began_at
        await eventually(lambda: origin.open == 0)
    assert (attempt.status, attempt.failure) == (200, None)
    assert took_s - attempt.elapsed_s >= 0.09
