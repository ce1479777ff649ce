"""Credentials, cookies and data that are given for a whole run or by a line."""

import base64
import json
from collections.abc import Awaitable, Callable
from urllib.parse import quote

import pytest

from allup.lists.line import LineDefaults, parse_line
from allup.model.result import judged
from allup.model.settings import Credentials, HttpSettings
from allup.model.target import Origin as ListOrigin
from allup.model.target import Target
from allup.report.record import record
from live.http.asking import asked, asking, opened, target
from live.http.names import Names
from live.http.origin import OK, Origin, Script, Visit, answers, redirect

Serve = Callable[..., Awaitable[Origin]]
ME = Credentials(user="me", password="p\u00e4:ss")
OTHER = Credentials(user="other", password="")


def basic(userinfo: str) -> str:
    return "Basic " + base64.b64encode(userinfo.encode()).decode()


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        (HttpSettings(auth=ME), basic("me:p\u00e4:ss")),
        (HttpSettings(netrc={"127.0.0.1": ME}), basic("me:p\u00e4:ss")),
        (HttpSettings(netrc={"": OTHER}), basic("other:")),
        (HttpSettings(netrc={"127.0.0.1": ME, "": OTHER}), basic("me:p\u00e4:ss")),
        (HttpSettings(netrc={"elsewhere.test": ME}), None),
        (HttpSettings(auth=ME, netrc={"127.0.0.1": OTHER}), basic("me:p\u00e4:ss")),
    ],
)
async def test_the_runs_credentials_are_sent_at_once(serve: Serve, settings: HttpSettings, sent: str | None) -> None:
    origin = await serve(answers(OK))
    await asked(origin.url(), settings)
    assert origin.sent_header("Authorization") == [sent]


async def test_what_the_target_says_goes_before_what_the_run_says(serve: Serve) -> None:
    origin = await serve(answers(OK))
    settings = HttpSettings(auth=ME, cookie="a=1")
    async with asking(settings) as ask:
        await ask(origin.url().replace("//", "//u:p@"))
        await ask(f"{origin.url()} header='authorization: Bearer x' header='cookie: b=2'")
    assert origin.sent_header("Authorization") == [basic("u:p"), "Bearer x"]
    assert origin.sent_header("Cookie") == ["a=1", "b=2"]


async def test_neither_credentials_nor_cookies_go_where_a_redirect_leads(serve: Serve, names: Names) -> None:
    names.known["other.test"] = ["127.0.0.1"]
    other = await serve(answers(OK))
    origin = await serve(answers(redirect("/again"), redirect(other.url(host="other.test"))))
    settings = HttpSettings(auth=ME, netrc={"other.test": OTHER}, cookie="a=1")
    assert (await asked(origin.url(), settings)).status == 200
    assert origin.sent_header("Authorization") == [basic("me:p\u00e4:ss")] * 2
    assert origin.sent_header("Cookie") == ["a=1"] * 2
    assert other.sent_header("Authorization") == other.sent_header("Cookie") == [None]


async def test_the_runs_cookie_is_sent_beside_those_of_the_chain(serve: Serve) -> None:
    origin = await serve(answers(redirect("/b", "Set-Cookie: x=y"), OK))
    await asked(origin.url(), HttpSettings(cookie="a=1; b=2"))
    assert origin.sent_header("Cookie") == ["a=1; b=2", "a=1; b=2; x=y"]


def reading(bodies: list[bytes], *payloads: bytes) -> Script:
    """Keep the body of each request, and answer as `answers` does."""
    left = list(payloads)

    async def script(visit: Visit) -> None:
        while True:
            head = (await visit.head()).lower()
            length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
            bodies.append(await visit.body(int(length or 0)))
            await visit.send(left.pop(0) if len(left) > 1 else left[0])

    return script


async def test_data_is_posted_as_a_form_unless_the_line_says_otherwise(serve: Serve) -> None:
    bodies: list[bytes] = []
    origin = await serve(reading(bodies, OK))
    async with asking() as ask:
        await ask(f"{origin.url()} data='a=\u00fc&b=1'")
        await ask(f"{origin.url()} data='{{}}' method=PATCH header=content-type:application/json")
        await ask(f"{origin.url()} data=''")
    assert [head.split(b" ", 1)[0] for head in origin.heads] == [b"POST", b"PATCH", b"POST"]
    assert origin.sent_header("Content-Type")[:2] == ["application/x-www-form-urlencoded", "application/json"]
    assert bodies == ["a=\u00fc&b=1".encode(), b"{}", b""]
    assert origin.sent_header("Content-Length")[2] == "0"


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [
        (307, b"POST", b"a=1"),
        (308, b"POST", b"a=1"),
        (301, b"GET", b""),
        (302, b"GET", b""),
        (303, b"GET", b""),
    ],
)
async def test_data_follows_a_redirect_that_keeps_the_method(
    serve: Serve, status: int, method: bytes, body: bytes
) -> None:
    bodies: list[bytes] = []
    origin = await serve(reading(bodies, redirect("/b", status=status), OK))
    await asked(f"{origin.url()} data=a=1")
    assert origin.heads[1].split(b" ", 1)[0] == method
    assert bodies == [b"a=1", body]
    assert (origin.sent_header("Content-Type")[1] is None) == (body == b"")


def echo(*, location: bool) -> Script:
    """Say in the answer, or in a redirect, all that was said in the request."""

    async def script(visit: Visit) -> None:
        while True:
            head = (await visit.head()).decode()
            said = [line.partition(": ")[2] for line in head.splitlines()]
            length = next(
                (int(one.partition(":")[2]) for one in head.splitlines() if "content-length" in one.lower()), 0
            )
            said.append((await visit.body(length)).decode())
            if location and " /got" not in head:
                await visit.send(redirect(f"/got?{quote('&'.join(said))}"))
                continue
            text = json.dumps({"said": "|".join(said)}).encode()
            answer = f"HTTP/1.1 200 OK\r\nX-Said: {'|'.join(said)}\r\nContent-Length: {len(text)}\r\n\r\n"
            await visit.send(answer.encode() + text)

    return script


SECRET = "hunter2-hunter2"


@pytest.mark.parametrize("location", [False, True])
@pytest.mark.parametrize(
    "options",
    [
        "header='Authorization: Bearer hunter2-hunter2'",
        "header='Cookie: sid=hunter2-hunter2'",
        'header="X-Anything: ${TOKEN}"',
        'data="${TOKEN}"',
    ],
)
@pytest.mark.parametrize("expected", ["json=$.said=nothing", "expect-header=X-Said:nothing", "follow=no", "contains=x"])
async def test_what_a_server_says_of_a_secret_is_printed_nowhere(
    serve: Serve,
    options: str,
    expected: str,
    location: bool,  # noqa: FBT001
) -> None:
    origin = await serve(echo(location=location))
    line = f"{origin.url()} {options} {expected}"
    entry = parse_line(line, LineDefaults(variables={"TOKEN": SECRET}), ListOrigin())
    assert isinstance(entry, Target)
    async with opened(HttpSettings()) as client:
        attempt = await client.attempt(entry)
    result = judged(0, entry, attempt)
    assert origin.heads
    assert SECRET not in json.dumps(record(result))


@pytest.mark.parametrize("expected", ["json=$.said=nothing", "expect-header=X-Said:nothing", "follow=no"])
async def test_what_a_server_says_of_the_runs_credentials_is_printed_nowhere(serve: Serve, expected: str) -> None:
    origin = await serve(echo(location=expected == "follow=no"))
    me = Credentials(user="me", password=SECRET)
    for settings in (HttpSettings(auth=me), HttpSettings(netrc={"": me}), HttpSettings(cookie=f"a=1; sid={SECRET}")):
        for url in (origin.url(), origin.url().replace("//", f"//me:{SECRET}@")):
            entry = target(f"{url} {expected}")
            async with opened(settings) as client:
                text = json.dumps(record(judged(0, entry, await client.attempt(entry))))
            assert SECRET not in text
            assert basic(f"me:{SECRET}").partition(" ")[2] not in text
