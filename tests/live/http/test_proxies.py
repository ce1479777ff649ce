import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import trustme

from allup.model.attempt import Attempt, Timings
from allup.model.clock import Clock
from allup.model.failure import Certainty, FailureKind, Phase
from allup.model.settings import HttpSettings, Proxies
from live.http.asking import asked, asking, failure, opened, target
from live.http.names import Names
from live.http.origin import OK, Origin, Script, Visit, answers, redirect, silence
from live.http.proxy import THROUGH, relaying
from live.http.scarcity import without_descriptors

Serve = Callable[..., Awaitable[Origin]]
DEFINITE, TRANSIENT = Certainty.DEFINITE, Certainty.TRANSIENT
SECRET = "s3cr3t"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "shop.test", "proxy.test").configure_cert(context)
    return context


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path: Path) -> HttpSettings:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return HttpSettings(ca_file=file)


def through(proxy: Origin, settings: HttpSettings, user: str = "") -> HttpSettings:
    """Return settings by which everything goes through `proxy`."""
    return replace(settings, proxies=Proxies(always=proxy.url().replace("://", f"://{user}")))


def secure(*, yes: bool, tls: ssl.SSLContext) -> ssl.SSLContext | None:
    return tls if yes else None


each_way = pytest.mark.parametrize(
    ("to_proxy", "to_target"), [(False, False), (False, True), (True, False), (True, True)], ids=str
)


@each_way
async def test_a_proxy_is_asked_and_resolves_the_name(  # noqa: PLR0917 - fixtures and a table
    serve: Serve,
    trusting: HttpSettings,
    tls: ssl.SSLContext,
    names: Names,
    to_proxy: bool,  # noqa: FBT001
    to_target: bool,  # noqa: FBT001
) -> None:
    origin = await serve(answers(OK), tls=secure(yes=to_target, tls=tls))
    proxy = await serve(relaying(), tls=secure(yes=to_proxy, tls=tls))
    attempt = await asked(origin.url("/a?b", host="shop.test"), through(proxy, trusting))
    assert (attempt.status, attempt.failure, attempt.address) == (200, None, None)
    assert (attempt.tls is not None) is to_target
    assert origin.targets == ["/a?b"]
    host = f"shop.test:{origin.port}"
    assert proxy.targets == [host if to_target else f"http://{host}/a?b"]
    assert (proxy.sent_header("Host"), names.asked) == ([host], [])


@each_way
async def test_a_connection_through_a_proxy_serves_again(
    serve: Serve,
    trusting: HttpSettings,
    tls: ssl.SSLContext,
    to_proxy: bool,  # noqa: FBT001
    to_target: bool,  # noqa: FBT001
) -> None:
    origin = await serve(answers(OK), tls=secure(yes=to_target, tls=tls))
    proxy = await serve(relaying("me:" + SECRET), tls=secure(yes=to_proxy, tls=tls))
    async with asking(through(proxy, trusting, f"me:{SECRET}@")) as ask:
        attempts = [await ask(origin.url(f"/{number}")) for number in range(3)]
    assert [attempt.status for attempt in attempts] == [200] * 3
    assert (proxy.connections, len(origin.heads)) == (1, 3)
    assert [attempt.timings.connect_s is None for attempt in attempts] == [False, True, True]
    assert {attempt.address for attempt in attempts} == {None}


@each_way
@pytest.mark.parametrize("host", ["127.0.0.1", "proxy.test"])
async def test_each_phase_on_the_way_through_a_proxy_has_its_own_time(  # noqa: PLR0917 - fixtures and a table
    serve: Serve,
    trusting: HttpSettings,
    tls: ssl.SSLContext,
    names: Names,
    to_proxy: bool,  # noqa: FBT001
    to_target: bool,  # noqa: FBT001
    host: str,
) -> None:
    names.known["proxy.test"] = ["127.0.0.1"]
    origin = await serve(answers(OK), tls=secure(yes=to_target, tls=tls))
    proxy = await serve(relaying(), tls=secure(yes=to_proxy, tls=tls))
    settings = replace(trusting, proxies=Proxies(always=proxy.url(host=host)))
    looks = count()  # a clock that goes on by one second at each look: there is one between two phases
    async with opened(settings, Clock(monotonic=lambda: float(next(looks)))) as client:
        attempt = await client.attempt(target(origin.url(host="shop.test")))
    assert attempt.timings == Timings(
        blocked_s=0.0,
        dns_s=1.0 if host == "proxy.test" else None,
        connect_s=1.0,
        ssl_s=1.0 if to_target else None,
        send_s=1.0,
        wait_s=1.0,
    )
    assert names.asked == ["proxy.test"] * (host == "proxy.test")


@pytest.mark.parametrize("to_target", [False, True])
async def test_credentials_reach_the_proxy_alone(
    serve: Serve,
    trusting: HttpSettings,
    tls: ssl.SSLContext,
    to_target: bool,  # noqa: FBT001
) -> None:
    origin = await serve(answers(OK), tls=secure(yes=to_target, tls=tls))
    proxy = await serve(relaying("mé:p@ss:w"))
    attempt = await asked(origin.url(), through(proxy, trusting, "m%C3%A9:p%40ss:w@"))
    assert (attempt.status, len(proxy.heads)) == (200, 1)
    if to_target:
        assert origin.sent_header("Proxy-Authorization") == [None]


@pytest.mark.parametrize("user", ["", f"me:{SECRET}@"])
@pytest.mark.parametrize("to_target", [False, True])
async def test_a_proxy_that_asks_who_we_are_is_named_without_a_secret(
    serve: Serve,
    trusting: HttpSettings,
    tls: ssl.SSLContext,
    user: str,
    to_target: bool,  # noqa: FBT001
) -> None:
    origin = await serve(answers(OK), tls=secure(yes=to_target, tls=tls))
    proxy = await serve(relaying("you:other"))
    attempt = await asked(origin.url(), through(proxy, trusting, user))
    found = failure(attempt)
    assert (found.kind, found.certainty) == (FailureKind.PROXY, DEFINITE)
    what = "the tunnel" if to_target else "the request"
    refused = f"the proxy 127.0.0.1:{proxy.port} refused {what}: 407 Proxy Authentication Required"
    assert (found.detail, found.phase) == (refused, Phase.CONNECT if to_target else Phase.WAIT)
    assert "--proxy http://USER:PASSWORD@HOST:PORT" in (found.hint or "")
    assert SECRET not in repr(attempt) + repr(through(proxy, trusting, user))
    assert origin.heads == []


async def test_a_407_that_is_expected_is_no_failure(serve: Serve, trusting: HttpSettings) -> None:
    proxy = await serve(relaying("you:other"))
    attempt = await asked("http://shop.test/ expect=407", through(proxy, trusting))
    assert (attempt.status, attempt.failure) == (407, None)


async def test_a_407_without_a_proxy_is_a_status(serve: Serve) -> None:
    origin = await serve(answers(b"HTTP/1.1 407 x\r\nContent-Length: 0\r\n\r\n"))
    attempt = await asked(origin.url())
    assert (attempt.status, attempt.failure) == (407, None)


async def test_a_407_of_the_target_behind_a_tunnel_is_a_status(
    serve: Serve, trusting: HttpSettings, tls: ssl.SSLContext
) -> None:
    origin = await serve(answers(b"HTTP/1.1 407 x\r\nContent-Length: 0\r\n\r\n"), tls=tls)
    attempt = await asked(origin.url(), through(await serve(relaying()), trusting))
    assert (attempt.status, attempt.failure) == (407, None)


@pytest.mark.parametrize(
    ("status", "named", "certainty"),
    [
        (403, "403 Forbidden", DEFINITE),
        (404, "404 Not Found", DEFINITE),
        (302, "302 Found", DEFINITE),
        (429, "429 Too Many Requests", TRANSIENT),
        (502, "502 Bad Gateway", TRANSIENT),
        (599, "599", TRANSIENT),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_a_tunnel_that_is_refused_is_proxy_and_asked_for_once(  # noqa: PLR0917 - fixtures and a table
    serve: Serve, trusting: HttpSettings, status: int, named: str, certainty: Certainty, method: str
) -> None:
    said = f"HTTP/1.1 {status} <script>\r\nContent-Length: 4\r\nLocation: http://elsewhere.test/\r\n\r\nbody"
    proxy = await serve(answers(said.encode()))
    attempt = await asked(f"https://shop.test/ method={method}", through(proxy, trusting))
    found = failure(attempt)
    assert (found.kind, found.certainty, found.phase) == (FailureKind.PROXY, certainty, Phase.CONNECT)
    assert found.detail == f"the proxy 127.0.0.1:{proxy.port} refused the tunnel: {named}"
    assert (attempt.status, proxy.targets) == (None, ["shop.test:443"])


async def hanging_up(visit: Visit) -> None:
    await visit.head()


async def resetting(visit: Visit) -> None:
    await visit.head()
    visit.reset()


async def half_said(visit: Visit) -> None:
    await visit.head()
    await visit.send(b"HTTP/1.1 200 Conn")


@pytest.mark.parametrize(
    ("script", "certainty", "why"),
    [
        (hanging_up, TRANSIENT, "the connection was closed before an answer"),
        (half_said, TRANSIENT, "the connection was closed before an answer"),
        (resetting, TRANSIENT, "the connection was reset before an answer"),
        (answers(b"SSH-2.0-OpenSSH\r\n\r\n"), DEFINITE, "the answer is not valid HTTP"),
        (answers(b"HTTP/1.1 2 a\r\n\r\n"), DEFINITE, "the answer is not valid HTTP"),
        (silence, TRANSIENT, "timed out after 100ms connecting"),
    ],
    ids=["closed", "half said", "reset", "ssh", "bad status", "silent"],
)
@pytest.mark.parametrize("to_proxy", [False, True])
async def test_what_goes_wrong_before_the_tunnel_is_there_is_proxy(  # noqa: PLR0917 - fixtures and a table
    serve: Serve,
    trusting: HttpSettings,
    tls: ssl.SSLContext,
    script: Script,
    certainty: Certainty,
    why: str,
    to_proxy: bool,  # noqa: FBT001
) -> None:
    proxy = await serve(script, tls=secure(yes=to_proxy, tls=tls))
    line = f"https://shop.test/ timeout={'100ms' if script is silence else '5s'}"
    attempt = await asked(line, through(proxy, trusting))
    found = failure(attempt)
    assert (found.kind, found.certainty, found.phase) == (FailureKind.PROXY, certainty, Phase.CONNECT)
    assert found.detail.startswith(f"the proxy 127.0.0.1:{proxy.port}: {why}")
    assert proxy.connections == 1


@pytest.mark.parametrize("line", ["http://shop.test/", "https://shop.test/", "https://shop.test/ method=HEAD"])
async def test_a_proxy_that_is_not_there_is_proxy(
    trusting: HttpSettings, serve: Serve, names: Names, line: str
) -> None:
    gone = await serve(silence)
    gone.deaf()
    attempt = await asked(line, through(gone, trusting))
    found = failure(attempt)
    assert (found.kind, found.certainty, found.phase) == (FailureKind.PROXY, TRANSIENT, Phase.CONNECT)
    assert found.detail == f"the proxy 127.0.0.1:{gone.port}: connection refused: nothing listens there"
    assert names.asked == []


async def test_a_proxy_whose_name_does_not_resolve_is_proxy(names: Names) -> None:
    names.known["proxy.test"] = OSError(-2, "Name or service not known")
    attempt = await asked("http://shop.test/", HttpSettings(proxies=Proxies(always="http://proxy.test:3128")))
    found = failure(attempt)
    assert (found.kind, found.phase) == (FailureKind.PROXY, Phase.DNS)
    assert found.detail.startswith("the proxy proxy.test:3128: ")


async def test_a_proxy_whose_name_takes_too_long_is_proxy(names: Names) -> None:
    names.known["proxy.test"] = None
    settings = HttpSettings(proxies=Proxies(always="http://proxy.test:3128"))
    found = failure(await asked("http://shop.test/ timeout=100ms", settings))
    assert (found.kind, found.certainty, found.phase) == (FailureKind.PROXY, TRANSIENT, Phase.DNS)
    assert found.detail == "the proxy proxy.test:3128: timed out after 100ms resolving the name"


@pytest.mark.parametrize("to_target", ["http", "https"])
async def test_a_proxy_whose_certificate_is_not_accepted_is_proxy(
    serve: Serve, trusting: HttpSettings, tls: ssl.SSLContext, names: Names, to_target: str
) -> None:
    names.known["wrong.test"] = ["127.0.0.1"]
    proxy = await serve(silence, tls=tls)
    settings = replace(trusting, proxies=Proxies(always=proxy.url(host="wrong.test")))
    found = failure(await asked(f"{to_target}://shop.test/", settings))
    assert (found.kind, found.certainty, found.phase) == (FailureKind.PROXY, DEFINITE, Phase.CONNECT)
    assert found.detail.startswith(f"the proxy wrong.test:{proxy.port}: Hostname mismatch")
    assert "it is for 127.0.0.1, shop.test" in found.detail


async def test_without_descriptors_it_is_still_our_own_fault(serve: Serve, trusting: HttpSettings) -> None:
    proxy = await serve(relaying())
    async with opened(through(proxy, trusting)) as client:
        with without_descriptors():
            attempt = await client.attempt(target("http://shop.test/"))
    assert (failure(attempt).kind, failure(attempt).certainty) == (FailureKind.LOCAL, Certainty.LOCAL)


@pytest.mark.parametrize("to_proxy", [False, True])
async def test_a_bad_certificate_behind_a_tunnel_is_the_targets(
    serve: Serve,
    trusting: HttpSettings,
    tls: ssl.SSLContext,
    to_proxy: bool,  # noqa: FBT001
) -> None:
    origin = await serve(answers(OK), tls=tls)
    proxy = await serve(relaying(), tls=secure(yes=to_proxy, tls=tls))
    found = failure(await asked(origin.url(host="other.test"), through(proxy, trusting)))
    assert (found.kind, found.phase) == (FailureKind.TLS_HOSTNAME, Phase.SSL)
    assert found.detail.startswith("Hostname mismatch, certificate is not valid for 'other.test'")


async def test_hanging_up_behind_a_tunnel_is_the_targets(serve: Serve, trusting: HttpSettings) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(THROUGH)
        await visit._reader.read(1)

    attempt = await asked("https://shop.test/", through(await serve(script), trusting))
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.RESET, Phase.SSL)


async def test_an_answer_through_a_tunnel_is_watched_as_any_other(
    serve: Serve, trusting: HttpSettings, tls: ssl.SSLContext
) -> None:
    origin = await serve(answers(b"RTSP/1.0 200 OK\r\n\r\n"), tls=tls)
    found = failure(await asked(origin.url(), through(await serve(relaying()), trusting)))
    assert found.kind is FailureKind.PROTOCOL
    assert "RTSP" in found.detail


async def test_a_name_with_a_dot_behind_it_is_verified_through_a_tunnel_too(
    serve: Serve, trusting: HttpSettings, tls: ssl.SSLContext
) -> None:
    origin = await serve(answers(OK), tls=tls)
    proxy = await serve(relaying())
    assert (await asked(origin.url(host="shop.test."), through(proxy, trusting))).status == 200


@pytest.mark.parametrize("to_target", [False, True])
async def test_a_stale_connection_through_a_proxy_is_no_failure(
    serve: Serve,
    trusting: HttpSettings,
    tls: ssl.SSLContext,
    to_target: bool,  # noqa: FBT001
) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(OK)
        if b"/2" in await visit.head() and visit.number > 1:
            await visit.send(OK)

    origin = await serve(script, tls=secure(yes=to_target, tls=tls))
    proxy = await serve(relaying() if to_target else script)
    async with asking(through(proxy, trusting)) as ask:
        await ask(origin.url("/1"))
        attempt = await ask(origin.url("/2"))
    assert (attempt.status, attempt.failure, proxy.connections) == (200, None, 2)


async def test_each_leg_of_a_redirect_has_its_own_way(
    serve: Serve, trusting: HttpSettings, tls: ssl.SSLContext, names: Names
) -> None:
    names.known["inside.test"] = ["127.0.0.1"]
    last = await serve(answers(OK))
    inside = await serve(answers(redirect(last.url("/3"))), tls=tls)
    secured = await serve(answers(redirect(inside.url("/2", host="127.0.0.1"))), tls=tls)
    first = await serve(answers(redirect(secured.url("/1", host="shop.test"))))
    for_http, for_https = await serve(relaying()), await serve(relaying())
    settings = replace(
        trusting,
        proxies=Proxies(http=for_http.url(), https=for_https.url(), bypass="inside.test"),
    )
    attempt = await asked(first.url("/0", host="shop.test"), settings)
    assert (attempt.status, len(attempt.redirects), attempt.address) == (200, 3, "127.0.0.1")
    assert for_http.targets == [f"http://shop.test:{first.port}/0"]
    assert for_https.targets == [f"shop.test:{secured.port}"]
    assert (await asked(last.url(host="inside.test"), settings)).address == "127.0.0.1"


def happened(attempt: Attempt) -> set[str]:
    timings = attempt.timings
    return {name for name, one in {"connect": timings.connect_s, "ssl": timings.ssl_s}.items() if one is not None}


async def test_what_holds_for_everything_holds_for_loopback_too(serve: Serve, trusting: HttpSettings) -> None:
    origin, proxy = await serve(answers(OK)), await serve(relaying())
    attempt = await asked(origin.url(), through(proxy, trusting))
    assert (attempt.address, len(proxy.heads), happened(attempt)) == (None, 1, {"connect"})
