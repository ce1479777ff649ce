import asyncio
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
import pytest_asyncio
import trustme

from allup.model.failure import Certainty, FailureKind, Phase
from allup.model.settings import HttpSettings
from live.http.asking import asked, failure, opened, target
from live.http.names import Names
from live.http.origin import OK, Origin, Visit, answers, redirect, silence

Serve = Callable[..., Awaitable[Origin]]

SOON = "100ms"
LATER = "400ms"  # where a connection has to be there first, whatever else this machine does
HASTY = HttpSettings(connect_timeout_s=0.1)


@pytest_asyncio.fixture
async def full_port() -> AsyncIterator[int]:
    """A port whose queue of connections is full: Linux answers no further one."""
    if sys.platform != "linux":
        pytest.skip("other systems refuse, or take more than they were told")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)  # noqa: FBT003
            one.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]
        for one in waiting:
            one.close()


async def test_a_name_that_takes_too_long_is_dns(names: Names) -> None:
    names.known["slow.test"] = None
    attempt = await asked(f"http://slow.test/ timeout={SOON}")
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.DNS, Phase.DNS)
    assert failure(attempt).detail == "timed out after 100ms resolving the name"
    assert failure(attempt).certainty is Certainty.TRANSIENT
    assert attempt.timings.dns_s is not None
    assert 0.09 < attempt.timings.dns_s <= attempt.elapsed_s


async def test_a_name_that_ends_in_a_digit_is_a_name(names: Names) -> None:
    names.known["web1"] = None
    attempt = await asked(f"http://web1/ timeout={SOON}")
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.DNS, Phase.DNS)


async def test_a_connection_that_takes_too_long_is_connect_timeout(full_port: int) -> None:
    attempt = await asked(f"http://127.0.0.1:{full_port}/ timeout={SOON}")
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.CONNECT_TIMEOUT, Phase.CONNECT)
    assert failure(attempt).detail == "timed out after 100ms connecting"
    assert (attempt.timings.dns_s, attempt.timings.ssl_s, attempt.address) == (None, None, None)


async def test_a_handshake_that_takes_too_long_is_connect_timeout(serve: Serve) -> None:
    origin = await serve(silence)
    attempt = await asked(f"{origin.url()} timeout={LATER}".replace("http:", "https:"), HttpSettings(insecure=True))
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.CONNECT_TIMEOUT, Phase.SSL)
    assert failure(attempt).detail == "timed out after 400ms in the TLS handshake"
    assert attempt.timings.ssl_s is not None
    assert attempt.timings.ssl_s > 0.05


async def test_an_answer_that_takes_too_long_is_read_timeout(serve: Serve) -> None:
    origin = await serve(silence)
    attempt = await asked(f"{origin.url()} timeout={LATER}")
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.READ_TIMEOUT, Phase.WAIT)
    assert failure(attempt).detail == "timed out after 400ms waiting for an answer"
    assert (attempt.status, attempt.address) == (None, "127.0.0.1")
    assert attempt.timings.wait_s is not None
    assert attempt.timings.wait_s > 0.05


async def test_headers_that_trickle_do_not_prolong_an_attempt(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(b"HTTP/1.1 200 OK\r\n")
        while True:
            await visit.send(b"X: y\r\n")
            await asyncio.sleep(0.01)

    origin = await serve(script)
    attempt = await asked(f"{origin.url()} timeout={LATER}")
    assert failure(attempt).kind is FailureKind.READ_TIMEOUT
    assert attempt.elapsed_s < 5


async def test_the_timeout_bounds_all_redirects_together(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        while True:
            await visit.head()
            await asyncio.sleep(0.03)
            await visit.send(redirect("/"))

    origin = await serve(script)
    attempt = await asked(f"{origin.url()} timeout=200ms")
    assert failure(attempt).kind is FailureKind.READ_TIMEOUT
    assert 1 <= len(attempt.redirects) <= 6
    assert "200ms" in failure(attempt).detail


async def test_the_timeout_bounds_the_fallback_from_head_too(serve: Serve) -> None:
    origin = await serve(answers(b"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n", b""))
    attempt = await asked(f"{origin.url()} method=HEAD timeout={LATER}")
    assert (failure(attempt).kind, attempt.method) == (FailureKind.READ_TIMEOUT, "GET")


async def test_a_connect_timeout_bounds_resolving(names: Names) -> None:
    names.known["slow.test"] = None
    attempt = await asked("http://slow.test/ timeout=5s", HASTY)
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.DNS, Phase.DNS)
    assert failure(attempt).detail == "timed out after 100ms resolving the name"


async def test_a_connect_timeout_bounds_connecting(full_port: int) -> None:
    attempt = await asked(f"http://127.0.0.1:{full_port}/ timeout=5s", HASTY)
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.CONNECT_TIMEOUT, Phase.CONNECT)
    assert "100ms" in failure(attempt).detail


async def test_a_connect_timeout_bounds_the_handshake(serve: Serve) -> None:
    origin = await serve(silence)
    settings = HttpSettings(connect_timeout_s=0.5, insecure=True)
    attempt = await asked(f"{origin.url()} timeout=5s".replace("http:", "https:"), settings)
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.CONNECT_TIMEOUT, Phase.SSL)
    assert "500ms" in failure(attempt).detail


async def test_a_connect_timeout_does_not_bound_the_answer(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await asyncio.sleep(0.2)
        await visit.send(OK)

    origin = await serve(script)
    attempt = await asked(f"{origin.url()} timeout=5s", HASTY)
    assert (attempt.status, attempt.failure) == (200, None)


async def test_once_connected_the_whole_timeout_holds(serve: Serve) -> None:
    origin = await serve(silence)
    attempt = await asked(f"{origin.url()} timeout=300ms", HASTY)
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.READ_TIMEOUT, Phase.WAIT)
    assert "300ms" in failure(attempt).detail


@pytest.mark.parametrize("connect_timeout_s", [0.1, 10])
async def test_a_longer_connect_timeout_does_not_prolong_an_attempt(names: Names, connect_timeout_s: float) -> None:
    names.known["slow.test"] = None
    attempt = await asked(f"http://slow.test/ timeout={SOON}", HttpSettings(connect_timeout_s=connect_timeout_s))
    assert "100ms" in failure(attempt).detail
    assert attempt.elapsed_s < 5


async def test_each_connection_of_a_chain_has_a_connect_timeout_of_its_own(serve: Serve, names: Names) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await asyncio.sleep(0.15)
        await visit.send(redirect("http://slow.test/"))

    names.known["slow.test"] = None
    origin = await serve(script)
    attempt = await asked(f"{origin.url()} timeout=5s", HASTY)
    assert (failure(attempt).kind, len(attempt.redirects)) == (FailureKind.DNS, 1)


async def test_the_end_of_the_attempt_may_come_before_that_of_a_connection(serve: Serve, names: Names) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await asyncio.sleep(0.5)
        await visit.send(redirect("http://slow.test/"))

    names.known["slow.test"] = None
    origin = await serve(script)
    attempt = await asked(f"{origin.url()} timeout=1.2s", HttpSettings(connect_timeout_s=1.0))
    assert failure(attempt).kind is FailureKind.DNS
    assert "1.2s" in failure(attempt).detail


async def test_a_tls_connection_in_time_is_not_cut_off_later(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await asyncio.sleep(0.25)
        await visit.send(OK)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    origin = await serve(script, tls=context)
    attempt = await asked(f"{origin.url()} timeout=5s", HttpSettings(connect_timeout_s=0.2, insecure=True))
    assert (attempt.status, attempt.failure) == (200, None)


async def test_a_connect_timeout_bounds_the_connection_behind_a_stale_one(serve: Serve, names: Names) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(OK)
        await visit.head()

    names.known["shop.test"] = ["127.0.0.1"]
    origin = await serve(script)
    async with opened(HASTY) as client:
        await client.attempt(target(origin.url(host="shop.test")))
        names.known["shop.test"] = None
        connector = client._equipment.session.connector
        assert isinstance(connector, aiohttp.TCPConnector)
        connector.clear_dns_cache()
        attempt = await client.attempt(target(f"{origin.url(host='shop.test')} timeout=300ms"))
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.DNS, Phase.DNS)
    assert "100ms" in failure(attempt).detail
