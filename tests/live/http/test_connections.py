import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator

import pytest

from allup.http.http_client import HttpClient
from allup.model.failure import Certainty, FailureKind, Phase
from live.http.asking import DEFAULTS, asked, asking, failure, opened, target
from live.http.names import Names
from live.http.origin import OK, Origin, Visit, answers, silence
from live.http.scarcity import without_descriptors

Serve = Callable[..., Awaitable[Origin]]
Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nobody listens on, and that nobody else is given meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


async def at_once(client: HttpClient, line: str, count: int) -> None:
    await asyncio.gather(*(client.attempt(target(line)) for _ in range(count)))


async def test_a_port_that_nobody_listens_on_is_refused(closed_port: int) -> None:
    attempt = await asked(f"http://127.0.0.1:{closed_port}/")
    assert failure(attempt).kind is FailureKind.CONNECT_REFUSED
    assert (failure(attempt).phase, failure(attempt).certainty) == (Phase.CONNECT, Certainty.TRANSIENT)
    assert (attempt.status, attempt.address, attempt.timings.wait_s) == (None, None, None)


async def test_a_name_whose_port_is_refused_failed_while_connecting(closed_port: int, names: Names) -> None:
    names.known["shop.test"] = ["127.0.0.1"]
    attempt = await asked(f"http://shop.test:{closed_port}/")
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.CONNECT_REFUSED, Phase.CONNECT)


async def test_one_address_that_answers_is_enough(serve: Serve, names: Names) -> None:
    origin = await serve(answers(OK))
    names.known["shop.test"] = ["127.255.255.255", "127.0.0.1"]
    attempt = await asked(origin.url(host="shop.test"))
    assert (attempt.status, attempt.address) == (200, "127.0.0.1")


async def test_a_connection_that_is_reset_before_the_request_is_reset(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        visit.reset()

    origin = await serve(script)
    attempt = await asked(origin.url())
    assert (failure(attempt).kind, failure(attempt).certainty) == (FailureKind.RESET, Certainty.TRANSIENT)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_fresh_connection_that_is_reset_is_not_asked_again(serve: Serve, method: str) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        visit.reset()

    origin = await serve(script)
    attempt = await asked(f"{origin.url()} method={method}")
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.RESET, Phase.WAIT)
    assert "reset before an answer" in failure(attempt).detail
    assert (len(origin.heads), origin.connections) == (1, 1)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nConte"])
async def test_a_fresh_connection_that_is_closed_is_not_asked_again(serve: Serve, said: bytes) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(said)

    origin = await serve(script)
    attempt = await asked(origin.url())
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.RESET, Phase.WAIT)
    assert "closed before an answer" in failure(attempt).detail
    assert (len(origin.heads), origin.connections) == (1, 1)


async def test_a_connection_serves_again(serve: Serve) -> None:
    origin = await serve(answers(OK))
    async with asking() as ask:
        attempts = [await ask(origin.url(f"/{number}")) for number in range(5)]
    assert [attempt.status for attempt in attempts] == [200] * 5
    assert (len(origin.heads), origin.connections) == (5, 1)
    assert {attempt.address for attempt in attempts} == {"127.0.0.1"}


async def test_the_connections_of_a_client_end_with_it(serve: Serve, eventually: Eventually) -> None:
    origin = await serve(answers(OK))
    async with asking() as ask:
        await ask(origin.url())
        assert origin.open == 1
    await eventually(lambda: origin.open == 0)


async def test_many_at_once_are_not_held_back_by_a_pool(serve: Serve, eventually: Eventually) -> None:
    origin = await serve(silence)
    async with opened() as client:
        asking_all = asyncio.create_task(at_once(client, f"{origin.url()} timeout=5s", 150))
        await eventually(lambda: origin.open == 150)
        asking_all.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking_all


async def test_a_stale_connection_is_no_failure(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(OK)
        await visit.head()
        if visit.number > 1:
            await visit.send(OK)

    origin = await serve(script)
    async with asking() as ask:
        await ask(origin.url("/1"))
        attempt = await ask(origin.url("/2"))
    assert (attempt.status, attempt.failure) == (200, None)
    assert origin.targets == ["/1", "/2", "/2"]
    assert origin.connections == 2
    assert attempt.timings.connect_s is not None


async def test_behind_a_stale_connection_the_fresh_one_is_not_asked_again(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        if visit.number == 1:
            await visit.send(OK)
            await visit.head()

    origin = await serve(script)
    async with asking() as ask:
        await ask(origin.url("/1"))
        attempt = await ask(origin.url("/2"))
    assert failure(attempt).kind is FailureKind.RESET
    assert origin.targets == ["/1", "/2", "/2"]


async def behind_stale(serve: Serve) -> Origin:
    """Start a server that closes its first connection under the second request, and listens no more."""
    held: list[Origin] = []

    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(OK)
        await visit.head()
        held[0].deaf()

    held.append(await serve(script))
    return held[0]


async def test_behind_a_stale_connection_a_refusal_is_a_refusal(serve: Serve) -> None:
    origin = await behind_stale(serve)
    async with asking() as ask:
        await ask(origin.url())
        attempt = await ask(origin.url())
    assert failure(attempt).kind is FailureKind.CONNECT_REFUSED


async def test_behind_a_stale_connection_a_refusal_happens_while_connecting(serve: Serve) -> None:
    origin = await behind_stale(serve)
    async with asking() as ask:
        await ask(origin.url())
        attempt = await ask(origin.url())
    assert failure(attempt).phase is Phase.CONNECT
    assert (attempt.timings.connect_s or 0) >= 0


async def test_several_stale_connections_are_no_failure(serve: Serve, eventually: Eventually) -> None:
    both = 2

    async def script(visit: Visit) -> None:
        await visit.head()
        await eventually(lambda: origin.connections >= both)
        await visit.send(OK)
        await visit.head()
        if visit.number > both:
            await visit.send(OK)

    origin = await serve(script)
    async with opened(DEFAULTS) as client:
        await at_once(client, origin.url(), both)
        attempt = await client.attempt(target(origin.url()))
    assert (attempt.status, attempt.failure) == (200, None)


async def test_addresses_that_fail_in_different_ways_are_no_reset(closed_port: int, names: Names) -> None:
    names.known["shop.test"] = ["::1", "127.255.255.255"]
    attempt = await asked(f"http://shop.test:{closed_port}/")
    assert failure(attempt).kind in {FailureKind.CONNECT_REFUSED, FailureKind.UNREACHABLE}


async def test_without_descriptors_it_is_our_own_fault(serve: Serve) -> None:
    origin = await serve(answers(OK))
    async with opened() as client:
        with without_descriptors():
            attempt = await client.attempt(target(origin.url()))
    assert (failure(attempt).kind, failure(attempt).certainty) == (FailureKind.LOCAL, Certainty.LOCAL)


@pytest.mark.parametrize(
    ("error", "certainty"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), Certainty.DEFINITE),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), Certainty.TRANSIENT),
    ],
)
async def test_a_name_that_does_not_resolve_is_dns(names: Names, error: OSError, certainty: Certainty) -> None:
    names.known["shop.test"] = error
    attempt = await asked("http://shop.test/")
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.DNS, Phase.DNS)
    assert failure(attempt).certainty is certainty
    assert (attempt.timings.dns_s is None, attempt.timings.connect_s) == (False, None)


async def test_one_target_is_asked_again_once_however_many_connections_have_gone_stale(serve: Serve) -> None:
    asked_again: list[str] = []

    async def script(visit: Visit) -> None:
        while (head := await visit.head()) and b"/stale" not in head:
            await asyncio.sleep(0.05)
            await visit.send(OK)
        asked_again.append("stale")
        visit.reset()

    origin = await serve(script)
    async with opened(DEFAULTS) as client:
        await at_once(client, origin.url(), 10)
        attempt = await client.attempt(target(origin.url("/stale")))
    assert failure(attempt).kind is FailureKind.RESET
    assert asked_again == ["stale"] * 2
