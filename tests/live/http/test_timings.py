import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import astuple
from itertools import count

import pytest
import trustme

from allup.model.attempt import Attempt, Timings
from allup.model.clock import Clock
from allup.model.failure import Phase
from allup.model.settings import HttpSettings
from live.http.asking import asked, asking, opened, target
from live.http.names import Names
from live.http.origin import OK, Origin, Visit, answers, redirect

Serve = Callable[..., Awaitable[Origin]]
INSECURE = HttpSettings(insecure=True)


@pytest.fixture(scope="module")
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "shop.test").configure_cert(context)
    return context


def spent(attempt: Attempt) -> float:
    """Return the seconds of all phases, the wait for a turn left out."""
    phases: list[float] = [seconds for seconds in astuple(attempt.timings)[1:] if seconds is not None]
    assert all(seconds >= 0 for seconds in phases)
    return sum(phases)


def happened(attempt: Attempt) -> set[str]:
    timings = attempt.timings
    fields = {"dns": timings.dns_s, "connect": timings.connect_s, "ssl": timings.ssl_s, "send": timings.send_s}
    fields |= {"wait": timings.wait_s, "receive": timings.receive_s}
    return {name for name, seconds in fields.items() if seconds is not None}


async def test_an_address_over_plain_http_has_neither_dns_nor_ssl(serve: Serve) -> None:
    origin = await serve(answers(OK))
    attempt = await asked(origin.url())
    assert happened(attempt) == {"connect", "send", "wait"}
    assert spent(attempt) <= attempt.elapsed_s


async def test_a_name_over_plain_http_has_dns(serve: Serve, names: Names) -> None:
    names.known["shop.test"] = ["127.0.0.1"]
    origin = await serve(answers(OK))
    attempt = await asked(origin.url(host="shop.test"))
    assert happened(attempt) == {"dns", "connect", "send", "wait"}
    assert spent(attempt) <= attempt.elapsed_s


@pytest.mark.parametrize("host", ["127.0.0.1", "shop.test"])
@pytest.mark.parametrize("secure", [True, False])
async def test_each_phase_has_its_own_time(
    serve: Serve, names: Names, tls: ssl.SSLContext, host: str, *, secure: bool
) -> None:
    names.known["shop.test"] = ["127.0.0.1"]
    origin = await serve(answers(OK), tls=tls if secure else None)
    looks = count()  # a clock that goes on by one second at each look: there is one between two phases
    async with opened(INSECURE, Clock(monotonic=lambda: float(next(looks)))) as client:
        attempt = await client.attempt(target(origin.url(host=host)))
    assert attempt.timings == Timings(
        blocked_s=0.0,
        dns_s=1.0 if host == "shop.test" else None,
        connect_s=1.0,
        ssl_s=1.0 if secure else None,
        send_s=1.0,
        wait_s=1.0,
    )
    assert spent(attempt) <= attempt.elapsed_s


@pytest.mark.parametrize("secure", [True, False])
async def test_a_reused_connection_only_sends_and_waits(
    serve: Serve, names: Names, tls: ssl.SSLContext, *, secure: bool
) -> None:
    names.known["shop.test"] = ["127.0.0.1"]
    origin = await serve(answers(OK), tls=tls if secure else None)
    async with asking(INSECURE) as ask:
        await ask(origin.url(host="shop.test"))
        attempt = await ask(origin.url(host="shop.test"))
    assert (happened(attempt), origin.connections) == ({"send", "wait"}, 1)
    assert spent(attempt) <= attempt.elapsed_s


async def test_the_time_is_the_servers_and_goes_to_its_phase(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await asyncio.sleep(0.05)
        await visit.send(OK)

    origin = await serve(script)
    attempt = await asked(origin.url())
    assert attempt.timings.wait_s is not None
    assert 0.045 <= attempt.timings.wait_s <= attempt.elapsed_s


async def test_the_timings_are_those_of_the_last_request(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await asyncio.sleep(0.05)
        await visit.send(redirect("/b"))
        await visit.head()
        await visit.send(OK)

    origin = await serve(script)
    attempt = await asked(origin.url())
    assert (attempt.status, happened(attempt)) == (200, {"send", "wait"})
    assert spent(attempt) + 0.045 <= attempt.elapsed_s


async def test_waiting_for_a_turn_is_told_and_in_no_budget(serve: Serve) -> None:
    origin = await serve(answers(OK))
    async with opened() as client:
        attempt = await client.attempt(target(f"{origin.url()} timeout=5s"), waited_s=77.0)
    assert (attempt.status, attempt.timings.blocked_s) == (200, 77.0)
    assert attempt.elapsed_s < 5


async def test_a_request_that_failed_has_the_time_of_what_it_did(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()

    origin = await serve(script)
    attempt = await asked(origin.url())
    assert happened(attempt) == {"connect", "send", "wait"}
    assert spent(attempt) <= attempt.elapsed_s


async def test_to_watch_is_to_be_told_the_phase(serve: Serve) -> None:
    asked_now, may_answer = asyncio.Event(), asyncio.Event()

    async def script(visit: Visit) -> None:
        await visit.head()
        asked_now.set()
        await may_answer.wait()
        await visit.send(OK)

    origin = await serve(script)
    probes: list[Callable[[], Phase]] = []
    async with opened() as client:
        attempt = asyncio.create_task(client.attempt(target(origin.url()), watch=probes.append))
        await asyncio.sleep(0)
        (phase,) = probes
        assert phase() in {Phase.BLOCKED, Phase.CONNECT}
        await asked_now.wait()
        assert phase() is Phase.WAIT
        may_answer.set()
        await attempt
        assert phase() is Phase.RECEIVE


async def test_to_watch_says_resolving_while_a_name_is_resolved(names: Names) -> None:
    names.known["slow.test"] = None
    probes: list[Callable[[], Phase]] = []
    async with opened() as client:
        attempt = asyncio.create_task(client.attempt(target("http://slow.test/"), watch=probes.append))
        while not names.asked:  # noqa: ASYNC110 - the resolver tells nobody
            await asyncio.sleep(0)
        assert probes[0]() is Phase.DNS
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
