"""The server of metrics answers what it is asked, and nobody can make it wait or grow."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus

import pytest

from allup.report import metrics_server
from allup.report.metrics_server import MetricsServer, Page
from unit.until import until
from unit.virtual_loop import others

LOOPBACK = "127.0.0.1"


def many() -> Iterator[str]:
    yield from ("first\n", "", "second\n")


PAGES = {"/metrics": lambda: Page(status=HTTPStatus.OK, pieces=many(), type="text/plain; version=0.0.4")}


def serving() -> MetricsServer:
    return MetricsServer(LOOPBACK, 0, PAGES)


async def answer(server: MetricsServer, request: bytes) -> bytes:
    """What comes back until the server hangs up."""
    reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
    try:
        writer.write(request)
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_a_page_is_sent_as_it_is_made() -> None:
    async with serving() as server:
        head, _, body = (await answer(server, b"GET /metrics?x=1 HTTP/1.1\r\nHost: x\r\n\r\n")).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Type: text/plain; version=0.0.4" in head
    assert body == b"6\r\nfirst\n\r\n7\r\nsecond\n\r\n0\r\n\r\n"


async def test_head_has_no_body() -> None:
    async with serving() as server:
        assert (await answer(server, b"HEAD /metrics HTTP/1.1\r\n\r\n")).endswith(b"Connection: close\r\n\r\n")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET / HTTP/1.1", 404),
        (b"GET /metrics/x HTTP/1.1", 404),
        (b"POST /metrics HTTP/1.1", 405),
        (b"GET /metrics", 400),
        (b"\xff\xfe", 400),
        (b"GET /metrics HTTP/2.0", 400),
    ],
)
async def test_other_requests_are_refused(request_line: bytes, status: int) -> None:
    async with serving() as server:
        assert (await answer(server, request_line + b"\r\n\r\n")).startswith(b"HTTP/1.1 %d " % status)


async def test_a_head_without_an_end_is_dropped() -> None:
    async with serving() as server:
        assert await answer(server, b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 40_000) == b""


async def test_who_says_nothing_is_dropped_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_server, "PATIENCE_S", 0.01)
    async with serving() as server:
        assert await answer(server, b"GET /metr") == b""


async def test_there_are_no_more_connections_than_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_server, "MOST_CONNECTIONS", 2)
    async with serving() as server:
        held = [await asyncio.open_connection(LOOPBACK, server.port) for _ in range(2)]
        await until(lambda: len(others()) == 2)
        assert await answer(server, b"GET /metrics HTTP/1.1\r\n\r\n") == b""
        for _, writer in held:
            writer.close()


async def test_its_end_drops_who_is_connected() -> None:
    async with serving() as server:
        reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
        await until(lambda: bool(others()))

    assert others() == set()
    with suppress(ConnectionResetError):
        assert await reader.read() == b""
    writer.close()


async def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        with pytest.raises(OSError, match="address already in use"):
            await MetricsServer(LOOPBACK, taken.getsockname()[1], PAGES).__aenter__()
