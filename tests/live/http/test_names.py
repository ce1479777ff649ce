import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from allup.http.client import open_client
from allup.http.resolver import ResolversError
from allup.model.clock import Clock
from allup.model.failure import Certainty, FailureKind, Phase
from allup.model.settings import Family, HttpSettings, Pin, Proxies
from live.http.asking import DEFAULTS, asked, asking, failure
from live.http.names import Names
from live.http.nameserver import name_server
from live.http.origin import OK, Origin, answers, redirect
from live.http.proxy import relaying

Serve = Callable[..., Awaitable[Origin]]


def has_ipv6() -> bool:
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine speaks no IPv6")
HERE = ("127.0.0.1",)
ELSEWHERE = ("127.0.0.9",)
SERVFAIL = 2


def pinned(*pins: Pin) -> HttpSettings:
    return HttpSettings(pins=pins)


async def test_a_pin_stands_for_a_name_and_no_resolver_is_asked(serve: Serve, names: Names) -> None:
    origin = await serve(answers(OK))
    settings = pinned(Pin(host="shop.test", port=origin.port, addresses=HERE))
    async with asking(settings) as ask:
        attempt, dotted = await ask(origin.url(host="shop.test")), await ask(origin.url(host="shop.test."))
    assert (attempt.status, attempt.address, dotted.status) == (200, "127.0.0.1", 200)
    assert (origin.sent_header("Host")[0], names.asked) == (f"shop.test:{origin.port}", [])


async def test_a_pin_is_for_its_host_and_port_alone(serve: Serve, names: Names) -> None:
    origin = await serve(answers(OK))
    names.known["shop.test"] = names.known["www.shop.test"] = ["127.0.0.1"]
    other_port = pinned(Pin(host="shop.test", port=origin.port + 1, addresses=ELSEWHERE))
    other_host = pinned(Pin(host="shop.test", port=origin.port, addresses=ELSEWHERE))
    assert (await asked(origin.url(host="shop.test"), other_port)).status == 200
    assert (await asked(origin.url(host="www.shop.test"), other_host)).status == 200
    assert names.asked == ["shop.test", "www.shop.test"]


async def test_the_first_pin_of_a_host_holds_and_one_for_any_host_comes_last(serve: Serve, names: Names) -> None:
    origin = await serve(answers(OK))

    def pin(host: str, addresses: tuple[str, ...]) -> Pin:
        return Pin(host=host, port=origin.port, addresses=addresses)

    settings = pinned(pin("*", ELSEWHERE), pin("shop.test", HERE), pin("shop.test", ELSEWHERE), pin("*", HERE))
    assert (await asked(origin.url(host="shop.test"), settings)).status == 200
    assert failure(await asked(origin.url(host="any.test"), settings)).kind is FailureKind.CONNECT_REFUSED
    assert names.asked == []


async def test_the_addresses_of_a_pin_are_tried_one_after_the_other(serve: Serve) -> None:
    origin = await serve(answers(OK))
    settings = pinned(Pin(host="shop.test", port=origin.port, addresses=(*ELSEWHERE, "::1", *HERE)))
    attempt = await asked(origin.url(host="shop.test"), settings)
    assert (attempt.status, attempt.address) == (200, "127.0.0.1")


async def test_a_pin_holds_behind_a_redirect(serve: Serve, names: Names) -> None:
    last = await serve(answers(OK))
    first = await serve(answers(redirect(last.url("/b", host="shop.test"))))
    settings = pinned(Pin(host="shop.test", port=last.port, addresses=HERE))
    assert (await asked(first.url(), settings)).status == 200
    assert names.asked == []


async def test_a_pin_holds_for_a_proxy_and_not_for_what_it_is_asked(serve: Serve, names: Names) -> None:
    origin, proxy = await serve(answers(OK)), await serve(relaying())
    settings = HttpSettings(
        pins=(Pin(host="*", port=proxy.port, addresses=HERE), Pin(host="*", port=origin.port, addresses=ELSEWHERE)),
        proxies=Proxies(always=proxy.url(host="proxy.test")),
    )
    assert (await asked(origin.url(host="shop.test"), settings)).status == 200
    assert names.asked == []


@pytest.mark.parametrize(
    ("family", "own"), [(Family.IPV4, ["127.0.0.1"]), pytest.param(Family.IPV6, ["::1"], marks=needs_ipv6)]
)
async def test_a_family_limits_what_is_tried_of_a_name(names: Names, family: Family, own: list[str]) -> None:
    with socket.socket(socket.AF_INET6 if family is Family.IPV6 else socket.AF_INET) as closed:
        closed.bind((own[0], 0))
        names.known["shop.test"] = ["127.0.0.1", "::1"]
        attempt = await asked(f"http://shop.test:{closed.getsockname()[1]}/", HttpSettings(family=family))
    assert failure(attempt).kind is FailureKind.CONNECT_REFUSED


@pytest.mark.parametrize("source", ["resolver", "pin"])
@pytest.mark.parametrize(
    ("family", "only", "detail"),
    [
        (Family.IPV4, "::1", "no IPv4 address for this name"),
        (Family.IPV6, "127.0.0.1", "no IPv6 address for this name"),
    ],
)
async def test_a_name_of_the_other_family_alone_is_dns(
    names: Names, family: Family, only: str, detail: str, source: str
) -> None:
    names.known["shop.test"] = [only]
    pins = (Pin(host="shop.test", port=80, addresses=(only,)),) * (source == "pin")
    found = failure(await asked("http://shop.test/", HttpSettings(family=family, pins=pins)))
    assert (found.kind, found.certainty, found.phase) == (FailureKind.DNS, Certainty.DEFINITE, Phase.DNS)
    assert found.detail == detail


@pytest.mark.parametrize(
    ("family", "host", "detail"),
    [
        (Family.IPV4, "[::1]", "its address is IPv6, and -4 asks for IPv4 only"),
        (Family.IPV4, "[::ffff:127.0.0.1]", "its address is IPv6, and -4 asks for IPv4 only"),
        (Family.IPV6, "127.0.0.1", "its address is IPv4, and -6 asks for IPv6 only"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_an_address_of_the_other_family_is_unreachable(
    family: Family, host: str, detail: str, method: str
) -> None:
    found = failure(await asked(f"http://{host}:1/ method={method}", HttpSettings(family=family)))
    assert (found.kind, found.certainty, found.phase) == (FailureKind.UNREACHABLE, Certainty.DEFINITE, Phase.CONNECT)
    assert found.detail == detail


async def test_an_address_of_the_family_is_asked(serve: Serve) -> None:
    origin = await serve(answers(OK))
    assert (await asked(origin.url(), HttpSettings(family=Family.IPV4))).status == 200


async def test_behind_a_redirect_an_address_of_the_other_family_is_unreachable(serve: Serve) -> None:
    origin = await serve(answers(redirect("http://[::1]:1/")))
    found = failure(await asked(origin.url(), HttpSettings(family=Family.IPV4)))
    assert found.kind is FailureKind.UNREACHABLE


async def test_a_proxy_of_the_other_family_is_proxy_and_what_it_is_asked_is_its_own_affair(serve: Serve) -> None:
    settings = HttpSettings(family=Family.IPV4, proxies=Proxies(always="http://[::1]:3128"))
    found = failure(await asked("http://shop.test/", settings))
    assert (found.kind, found.certainty) == (FailureKind.PROXY, Certainty.DEFINITE)
    assert found.detail == "the proxy [::1]:3128: its address is IPv6, and -4 asks for IPv4 only"
    proxy = await serve(answers(OK))
    settings = replace(settings, proxies=Proxies(always=proxy.url()))
    assert (await asked("http://[::1]/", settings)).status == 200


@pytest.mark.parametrize("host", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
async def test_a_dns_server_of_ones_own_is_asked(serve: Serve, host: str) -> None:
    origin = await serve(answers(OK))
    async with name_server(host) as server:
        server.known["shop.test"] = ["127.0.0.1"]
        attempt = await asked(origin.url(host="shop.test"), HttpSettings(resolvers=(server.address,)))
    assert (attempt.status, attempt.address) == (200, "127.0.0.1")
    assert set(server.asked) == {"shop.test"}
    assert attempt.timings.dns_s is not None


async def test_of_several_dns_servers_one_that_answers_is_enough(serve: Serve, gone: str) -> None:
    origin = await serve(answers(OK))
    async with name_server() as server:
        server.known["shop.test"] = ["127.0.0.1"]
        settings = HttpSettings(resolvers=(gone, server.address))
        assert (await asked(origin.url(host="shop.test"), settings)).status == 200


async def test_what_the_hosts_file_knows_no_dns_server_is_asked(serve: Serve) -> None:
    origin = await serve(answers(OK))
    async with name_server() as server:
        attempt = await asked(origin.url(host="localhost"), HttpSettings(resolvers=(server.address,)))
    assert (attempt.status, server.asked) == (200, [])


async def test_a_pin_goes_before_a_dns_server(serve: Serve) -> None:
    origin = await serve(answers(OK))
    async with name_server() as server:
        pins = (Pin(host="shop.test", port=origin.port, addresses=HERE),)
        settings = HttpSettings(resolvers=(server.address,), pins=pins)
        assert (await asked(origin.url(host="shop.test"), settings)).status == 200
    assert server.asked == []


@pytest.mark.parametrize(
    ("name", "family", "certainty", "detail"),
    [
        ("none.test", None, Certainty.DEFINITE, "no such name"),
        ("none.test", Family.IPV6, Certainty.DEFINITE, "no such name"),
        ("four.test", Family.IPV6, Certainty.DEFINITE, "no IPv6 address for this name"),
        ("six.test", Family.IPV4, Certainty.DEFINITE, "no IPv4 address for this name"),
        ("empty.test", None, Certainty.DEFINITE, "no such name"),
    ],
)
async def test_what_a_dns_server_does_not_know_is_dns(
    name: str, family: Family | None, certainty: Certainty, detail: str
) -> None:
    async with name_server() as server:
        server.known |= {"four.test": ["127.0.0.1"], "six.test": ["::1"], "empty.test": []}
        settings = HttpSettings(resolvers=(server.address,), family=family)
        found = failure(await asked(f"http://{name}/", settings))
    assert (found.kind, found.certainty, found.phase) == (FailureKind.DNS, certainty, Phase.DNS)
    assert found.detail == detail


async def test_a_dns_server_that_fails_is_no_fault_of_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allup.http.dns_failures.has_route", lambda: True)
    async with name_server() as server:
        server.codes["shop.test"] = SERVFAIL
        found = failure(await asked("http://shop.test/", HttpSettings(resolvers=(server.address,))))
    assert (found.kind, found.certainty) == (FailureKind.DNS, Certainty.TRANSIENT)


@pytest.fixture
def gone() -> str:
    """The address of a DNS server that is there no more."""
    with socket.socket(type=socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{bound.getsockname()[1]}"


async def test_a_dns_server_that_is_not_there_is_no_fault_of_the_target(gone: str) -> None:
    found = failure(await asked("http://shop.test/", HttpSettings(resolvers=(gone,))))
    assert (found.kind, found.certainty, found.phase) == (FailureKind.LOCAL, Certainty.LOCAL, Phase.DNS)
    assert found.detail.startswith("this machine has no resolver that answers")
    assert gone in (found.hint or "")


async def test_where_the_name_of_a_proxy_cannot_be_asked_for_it_is_still_our_own_fault(gone: str) -> None:
    settings = HttpSettings(resolvers=(gone,), proxies=Proxies(always="http://proxy.test:3128"))
    assert failure(await asked("http://shop.test/", settings)).kind is FailureKind.LOCAL


@pytest.mark.parametrize("server", ["dns.test", "127.0.0.1:99999", "["])
async def test_what_is_no_address_of_a_dns_server_is_told_before_any_request(server: str) -> None:
    with pytest.raises(ResolversError, match="cannot ask") as caught:
        async with open_client(HttpSettings(resolvers=(server,)), Clock()):
            pass
    assert server in str(caught.value)


async def test_without_its_package_a_dns_server_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiohttp.resolver.aiodns", None)
    with pytest.raises(ResolversError, match="aiodns"):
        async with open_client(HttpSettings(resolvers=("127.0.0.1",)), Clock()):
            pass


@pytest.mark.parametrize("own", [False, True])
async def test_the_resolver_is_closed_with_the_session(monkeypatch: pytest.MonkeyPatch, *, own: bool) -> None:
    closed: list[object] = []

    def cancel(resolver: object) -> None:
        closed.append(resolver)

    monkeypatch.setattr("aiodns.DNSResolver.cancel", cancel)
    async with open_client(HttpSettings(resolvers=("127.0.0.1:1",)) if own else DEFAULTS, Clock()):
        assert closed == []
    assert len(closed) == 1
