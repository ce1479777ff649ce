import asyncio
import ssl
import time

import aiohttp
import pytest

from allup.lab.behaviour import Behaviour, Server
from allup.lab.catalogue import AS_EXPECTED, BEHAVIOURS, FAILING, named
from allup.lab.server import Lab
from allup.model.duration import parse_duration
from allup.model.failure import UNKNOWN_KINDS, FailureKind
from allup.model.result import Verdict
from allup.model.statuses import SUCCESSFUL, Statuses

GREEN = {Verdict.OK, Verdict.FLAKY}


def options_of(behaviour: Behaviour) -> dict[str, str]:
    return dict(option.split("=", 1) for option in behaviour.options.split())


def accepted(behaviour: Behaviour) -> Statuses:
    expect = options_of(behaviour).get("expect")
    return SUCCESSFUL if expect is None else Statuses.parse(expect)


def of_kind(*kinds: FailureKind) -> list[Behaviour]:
    return [behaviour for behaviour in BEHAVIOURS if behaviour.kind in kinds]


async def status_of(client: aiohttp.ClientSession, lab: Lab, behaviour: Behaviour) -> int:
    url = lab.url(behaviour)
    async with client.request(options_of(behaviour).get("method", "GET"), url) as response:
        status = response.status
    if response.method == "HEAD" and status == 405:
        async with client.get(url) as response:
            status = response.status
    return status


async def test_every_answer_has_its_stated_status_and_no_less_than_its_latency(
    lab: Lab, client: aiohttp.ClientSession
) -> None:
    async def holds(behaviour: Behaviour) -> bool:
        if behaviour.expected is Verdict.FLAKY:
            assert await status_of(client, lab, behaviour) in {429, 503}  # what makes it flaky
        began = time.monotonic()
        status = await status_of(client, lab, behaviour)
        return status == behaviour.status and time.monotonic() - began >= behaviour.latency_s

    answered = [b for b in BEHAVIOURS if b.kind in {None, FailureKind.STATUS}]
    held = await asyncio.gather(*map(holds, answered))
    assert [b.name for b, good in zip(answered, held, strict=True) if not good] == []


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.name)
def test_the_stated_verdict_follows_from_the_stated_status_and_options(behaviour: Behaviour) -> None:
    if behaviour.kind in {None, FailureKind.STATUS}:
        assert behaviour.status is not None
        assert (behaviour.status in accepted(behaviour)) == (behaviour.expected in GREEN)
    assert (behaviour.kind is None) == (behaviour.expected in GREEN)


@pytest.mark.parametrize("behaviour", of_kind(FailureKind.RESET), ids=lambda behaviour: behaviour.name)
async def test_a_connection_that_breaks_gives_no_answer(
    lab: Lab, client: aiohttp.ClientSession, behaviour: Behaviour
) -> None:
    with pytest.raises((aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)):
        await client.get(lab.url(behaviour))


@pytest.mark.parametrize("behaviour", of_kind(FailureKind.READ_TIMEOUT), ids=lambda behaviour: behaviour.name)
async def test_what_is_too_slow_has_not_answered_when_patience_ends(
    lab: Lab, client: aiohttp.ClientSession, behaviour: Behaviour
) -> None:
    assert behaviour.latency_s > parse_duration(options_of(behaviour)["timeout"])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.get(lab.url(behaviour))


async def test_a_refused_port_refuses_every_time(lab: Lab) -> None:
    port = int(lab.url(named("refused")).split(":")[2].rstrip("/"))
    for _ in range(20):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)


async def test_nonsense_is_not_http(lab: Lab, client: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.ClientResponseError):
        await client.get(lab.url(named("not-http")))


async def test_plain_http_behind_https_fails_the_handshake(lab: Lab, client: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.ClientConnectorSSLError) as caught:
        await client.get(lab.url(named("not-tls")))
    assert isinstance(caught.value.__cause__, ssl.SSLError)


async def test_a_silent_handshake_ends_in_no_connection(lab: Lab) -> None:
    timeout = aiohttp.ClientTimeout(sock_connect=0.05)
    async with aiohttp.ClientSession(timeout=timeout) as client:
        with pytest.raises(aiohttp.ConnectionTimeoutError):
            await client.get(lab.url(named("tls-silent")))


async def test_a_redirect_loop_never_arrives(lab: Lab, client: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.TooManyRedirects):
        await client.get(lab.url(named("redirect-loop")))


async def test_broken_redirects_say_where_to_wrongly_or_not_at_all(lab: Lab, client: aiohttp.ClientSession) -> None:
    for name, location in (("redirect-nowhere", None), ("redirect-broken", "http://127.0.0.1:99999/")):
        async with client.get(lab.url(named(name)), allow_redirects=False) as response:
            assert (response.status, response.headers.get("Location")) == (302, location)


async def test_redirects_take_the_stated_way(lab: Lab, client: aiohttp.ClientSession) -> None:
    async def way(name: str) -> list[str]:
        async with client.get(lab.url(named(name))) as response:
            return [*(str(hop.url.path) for hop in response.history), str(response.url)]

    assert await way("redirect-chain") == ["/redirect/3", "/redirect/2", "/redirect/1", f"{lab.base_url}/redirect/0"]
    assert await way("redirect-relative") == ["/relative/here", f"{lab.base_url}/relative/there"]
    assert await way("redirect-away") == ["/away", lab.url(Behaviour(name="", about="", path="/ok", server=Server.TWO))]


def test_names_are_unique_and_need_no_quotes() -> None:
    names = [behaviour.name for behaviour in BEHAVIOURS]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalnum() for name in names)


def test_every_failure_a_lab_without_tls_can_cause_is_in_the_catalogue() -> None:
    kinds = {behaviour.kind for behaviour in BEHAVIOURS}
    # Certificates need TLS, a proxy is the client's own; an unreachable network, this machine and an
    # early end are nobody's behaviour.
    beyond = {kind for kind in FailureKind if kind.startswith("tls_")} - {FailureKind.TLS_PROTOCOL}
    beyond |= {FailureKind.UNREACHABLE, FailureKind.CERTIFICATE, FailureKind.PROXY, *UNKNOWN_KINDS}
    assert kinds == set(FailureKind) - beyond | {None}


def test_the_green_half_is_green_and_the_red_half_red() -> None:
    assert {b.expected for group in AS_EXPECTED for b in group.behaviours} == GREEN
    assert {b.expected for group in FAILING for b in group.behaviours} == {Verdict.FAILED}
