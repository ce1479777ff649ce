"""Every address of a name, on servers that disagree."""

import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
import trustme

from allup.http.every_address import MOST_ADDRESSES
from allup.model.attempt import Attempt
from allup.model.failure import FailureKind, Phase
from allup.model.settings import ExpectAddresses, Family, HttpSettings, Pin, Proxies
from allup.model.verdict import Verdict
from live.http.asking import asked, asking, failure, opened, target
from live.http.names import Names
from live.http.origin import OK, Origin, Script, answers, redirect, silence

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is an address of loopback on Linux alone")

ALL, ANY = ExpectAddresses
BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
EVERY = HttpSettings(addresses=ALL)

Spread = Callable[..., Awaitable[list[Origin]]]


@pytest_asyncio.fixture
async def spread() -> AsyncIterator[Spread]:
    """Start a server for each script, on one port, at 127.0.0.1, 127.0.0.2, and so on."""
    running: list[Origin] = []

    async def start(*scripts: Script, tls: ssl.SSLContext | None = None) -> list[Origin]:
        port = 0
        for number, script in enumerate(scripts, 1):
            origin = Origin(script, tls)
            running.append(origin)
            await origin.start(port, f"127.0.0.{number}")
            port = origin.port
        return running

    yield start
    for origin in running:
        await origin.stop()


def has_ipv6() -> bool:
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def addresses(attempt: Attempt) -> list[tuple[str | None, Verdict, int | None]]:
    assert attempt.addresses is not None
    return [(one.address, one.verdict, one.status) for one in attempt.addresses]


async def test_each_address_of_a_name_is_asked_once_in_order(spread: Spread, names: Names) -> None:
    origins = await spread(answers(OK), answers(OK), answers(OK))
    names.known["shop.test"] = ["127.0.0.3", "127.0.0.1", "127.0.0.2", "127.0.0.1"]
    attempt = await asked(origins[0].url("/x", "shop.test"), EVERY)
    assert addresses(attempt) == [(f"127.0.0.{n}", Verdict.OK, 200) for n in (1, 2, 3)]
    assert (attempt.failure, attempt.status, names.asked) == (None, 200, ["shop.test"])
    assert [origin.sent_header("Host") for origin in origins] == [[f"shop.test:{origins[0].port}"]] * 3


async def test_one_bad_address_out_of_three_fails_the_target(spread: Spread, names: Names) -> None:
    origins = await spread(answers(OK), answers(BUSY), answers(OK))
    names.known["shop.test"] = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    attempt = await asked(origins[0].url(host="shop.test"), EVERY)
    assert (attempt.status, attempt.address) == (503, "127.0.0.2")
    assert failure(attempt).kind is FailureKind.STATUS
    assert failure(attempt).detail.endswith(", at 1 of 3 addresses: 127.0.0.2 (503)")


async def test_any_is_content_with_one(spread: Spread, names: Names) -> None:
    origins = await spread(answers(BUSY), answers(OK))
    names.known["shop.test"] = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    attempt = await asked(origins[0].url(host="shop.test"), HttpSettings(addresses=ANY))
    assert (attempt.status, attempt.failure, attempt.address) == (200, None, "127.0.0.2")
    assert addresses(attempt) == [
        ("127.0.0.1", Verdict.FAILED, 503),
        ("127.0.0.2", Verdict.OK, 200),
        ("127.0.0.3", Verdict.FAILED, None),
    ]


async def test_each_address_has_the_whole_timeout(spread: Spread, names: Names) -> None:
    origins = await spread(silence, answers(OK), silence)
    names.known["shop.test"] = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    attempt = await asked(f"{origins[0].url(host='shop.test')} timeout=100ms", EVERY)
    assert failure(attempt).detail.startswith("timed out after 100ms")
    assert [verdict for _, verdict, _ in addresses(attempt)] == [Verdict.FAILED, Verdict.OK, Verdict.FAILED]


async def test_what_is_expected_is_expected_of_each(spread: Spread, names: Names) -> None:
    other = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"
    origins = await spread(answers(OK), answers(other))
    names.known["shop.test"] = ["127.0.0.1", "127.0.0.2"]
    attempt = await asked(f"{origins[0].url(host='shop.test')} contains=ok", EVERY)
    assert failure(attempt).kind is FailureKind.CONTENT
    assert failure(attempt).detail == '"ok" is not in the body, at 1 of 2 addresses: 127.0.0.2 (content)'


async def test_connections_are_kept_address_by_address(spread: Spread, names: Names) -> None:
    origins = await spread(answers(OK), answers(OK))
    names.known["shop.test"] = ["127.0.0.1", "127.0.0.2"]
    async with asking(EVERY) as ask:
        for _ in range(3):
            attempt = await ask(origins[0].url(host="shop.test"))
            assert [one for one, _, _ in addresses(attempt)] == ["127.0.0.1", "127.0.0.2"]
    assert [(origin.connections, len(origin.heads)) for origin in origins] == [(1, 3), (1, 3)]


async def test_a_redirect_to_the_same_host_stays_at_the_address(spread: Spread, names: Names) -> None:
    origins = await spread(answers(redirect("/next"), OK), answers(redirect("/next"), BUSY))
    names.known["shop.test"] = ["127.0.0.1", "127.0.0.2"]
    attempt = await asked(origins[0].url(host="shop.test"), EVERY)
    assert [origin.targets for origin in origins] == [["/", "/next"], ["/", "/next"]]
    assert [status for _, _, status in addresses(attempt)] == [200, 503]


async def test_a_redirect_elsewhere_goes_where_that_is(spread: Spread, names: Names) -> None:
    origins = await spread(answers(OK), answers(OK))
    elsewhere = Origin(answers(OK), None)
    await elsewhere.start()
    moving = [Origin(answers(redirect(elsewhere.url("/e", "else.test"))), None) for _ in range(2)]
    await moving[0].start()
    await moving[1].start(moving[0].port, "127.0.0.2")
    names.known["shop.test"], names.known["else.test"] = ["127.0.0.1", "127.0.0.2"], ["127.0.0.1"]
    moves: list[str] = []

    async def move(host: str) -> float:
        moves.append(host)
        return 0.0

    async with opened(EVERY) as client:
        attempt = await client.attempt(target(moving[0].url(host="shop.test")), move=move)
    for origin in (elsewhere, *moving):
        await origin.stop()
    assert elsewhere.targets == ["/e", "/e"]
    assert [status for _, _, status in addresses(attempt)] == [200, 200]
    there, home = f"else.test:{elsewhere.port}", f"shop.test:{moving[0].port}"
    assert moves == [there, home, there]
    assert origins[0].heads == []


async def test_tls_is_spoken_in_the_name_s_name(spread: Spread, names: Names, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("shop.test").configure_cert(context)
    said: list[str] = []
    context.sni_callback = lambda _, name, __: said.append(name)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    origins = await spread(answers(OK), answers(OK), tls=context)
    names.known["shop.test"] = ["127.0.0.1", "127.0.0.2"]
    attempt = await asked(origins[0].url(host="shop.test"), HttpSettings(addresses=ALL, ca_file=tmp_path / "ca.pem"))
    assert addresses(attempt) == [("127.0.0.1", Verdict.OK, 200), ("127.0.0.2", Verdict.OK, 200)]
    assert said == ["shop.test", "shop.test"]


async def test_pins_are_the_addresses_of_a_name(spread: Spread, names: Names) -> None:
    origins = await spread(answers(OK), answers(BUSY))
    pin = Pin(host="shop.test", port=origins[0].port, addresses=("127.0.0.2", "127.0.0.1"))
    attempt = await asked(origins[0].url(host="shop.test"), HttpSettings(addresses=ALL, pins=(pin,)))
    assert [status for _, _, status in addresses(attempt)] == [200, 503]
    assert names.asked == []


async def test_an_address_is_its_own_only_one(spread: Spread) -> None:
    origins = await spread(answers(BUSY))
    attempt = await asked(origins[0].url(), EVERY)
    assert addresses(attempt) == [("127.0.0.1", Verdict.FAILED, 503)]
    assert attempt.failure is None, "the expectation says it, as ever"


async def test_a_name_that_is_not_known_has_no_address(names: Names) -> None:
    names.known["gone.test"] = OSError(None, "no")
    attempt = await asked("http://gone.test/", EVERY)
    assert (failure(attempt).kind, failure(attempt).phase, attempt.addresses) == (FailureKind.DNS, Phase.DNS, ())


async def test_a_name_service_that_says_nothing_is_given_up(names: Names) -> None:
    names.known["mute.test"] = None
    attempt = await asked("http://mute.test/ timeout=50ms", EVERY)
    assert (failure(attempt).kind, attempt.addresses) == (FailureKind.DNS, ())
    assert failure(attempt).detail == "timed out after 50ms resolving the name"


async def test_no_more_than_so_many_addresses_are_asked(spread: Spread, names: Names) -> None:
    origins = await spread(answers(OK))
    names.known["wide.test"] = ["127.0.0.1", *(f"127.0.{n}.1" for n in range(1, MOST_ADDRESSES + 9))]
    attempt = await asked(origins[0].url(host="wide.test"), EVERY)
    assert len(addresses(attempt)) == MOST_ADDRESSES + 1
    assert addresses(attempt)[-1] == (None, Verdict.UNCHECKED, None)


@pytest.mark.skipif(not has_ipv6(), reason="this machine speaks no IPv6")
async def test_both_versions_of_ip_are_asked_unless_one_is_wanted(spread: Spread, names: Names) -> None:
    origins = await spread(answers(OK))
    sixth = Origin(answers(BUSY), None)
    await sixth.start(origins[0].port, "::1")
    names.known["both.test"] = ["::1", "127.0.0.1"]
    url = origins[0].url(host="both.test")
    both = await asked(url, EVERY)
    only = await asked(url, HttpSettings(addresses=ALL, family=Family.IPV6))
    await sixth.stop()
    assert addresses(both) == [("127.0.0.1", Verdict.OK, 200), ("::1", Verdict.FAILED, 503)]
    assert addresses(only) == [("::1", Verdict.FAILED, 503)]


async def test_behind_a_proxy_nothing_is_known_of_them() -> None:
    proxies = Proxies(http="http://127.0.0.1:9")
    attempt = await asked("http://shop.test/", HttpSettings(addresses=ALL, proxies=proxies))
    assert (failure(attempt).kind, attempt.addresses) == (FailureKind.LOCAL, ())
