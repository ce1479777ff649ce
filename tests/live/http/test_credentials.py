import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.http.asking import asked, opened, target
from live.http.names import Names
from live.http.origin import OK, Origin, Visit, answers, redirect

Serve = Callable[..., Awaitable[Origin]]


def basic(userinfo: str) -> str:
    return "Basic " + base64.b64encode(userinfo.encode()).decode()


def with_user(url: str, userinfo: str) -> str:
    return url.replace("//", f"//{userinfo}@", 1)


@pytest.mark.parametrize(
    ("userinfo", "sent"),
    [
        ("me:pw", "me:pw"),
        ("me", "me:"),
        (":pw", ":pw"),
        ("me:a:b@c", "me:a:b@c"),
        ("me:%C3%BC%20", "me:\u00fc "),
        ("m\u20ac:p", "m\u20ac:p"),
    ],
)
async def test_a_user_in_the_url_is_sent_as_basic_authorization(serve: Serve, userinfo: str, sent: str) -> None:
    origin = await serve(answers(OK))
    attempt = await asked(with_user(origin.url(), userinfo))
    assert attempt.status == 200
    assert origin.sent_header("Authorization") == [basic(sent)]
    assert origin.sent_header("Host") == [f"127.0.0.1:{origin.port}"]


async def test_an_authorization_that_was_given_wins_over_the_url(serve: Serve) -> None:
    origin = await serve(answers(OK))
    await asked_with(with_user(origin.url(), "me:pw"))
    await asked_with(with_user(origin.url(), "me:pw"), ("authorization", "Bearer x"))
    assert origin.sent_header("Authorization") == [basic("me:pw"), "Bearer x"]


async def asked_with(line: str, *headers: tuple[str, str]) -> None:
    """Ask with headers, which a line cannot carry yet."""
    listed = target(line)
    async with opened() as client:
        attempt = await client.attempt(replace(listed, request=replace(listed.request, headers=headers)))
    assert attempt.status == 200


async def test_headers_are_sent_as_often_as_they_are_given(serve: Serve) -> None:
    origin = await serve(answers(OK))
    await asked_with(origin.url(), ("X-One", "1"), ("X-One", "2"), ("User-Agent", "mine"))
    assert origin.heads[0].count(b"X-One: ") == 2
    assert origin.sent_header("User-Agent") == ["mine"]


async def test_credentials_stay_on_their_origin(serve: Serve) -> None:
    origin = await serve(answers(redirect("/b"), OK))
    await asked_with(with_user(origin.url(), "me:pw"), ("Cookie", "a=1"), ("Proxy-Authorization", "x"), ("X-Y", "z"))
    assert origin.sent_header("Authorization") == [basic("me:pw")] * 2
    assert origin.sent_header("Cookie") == ["a=1"] * 2
    assert origin.sent_header("X-Y") == ["z"] * 2


@pytest.mark.parametrize("elsewhere", ["127.0.0.1", "other.test"])
async def test_credentials_never_follow_to_another_origin(serve: Serve, names: Names, elsewhere: str) -> None:
    names.known["other.test"] = ["127.0.0.1"]
    other = await serve(answers(OK))
    for given_headers in ((), (("AUTHORIZATION", "Bearer x"), ("cookie", "a=1"), ("Proxy-Authorization", "y"))):
        origin = await serve(answers(redirect(other.url("/b", host=elsewhere))))
        await asked_with(with_user(origin.url(), "me:pw"), *given_headers, ("X-Y", "z"))
    assert other.sent_header("Authorization") == [None, None]
    assert other.sent_header("Proxy-Authorization") == [None, None]
    assert other.sent_header("Cookie") == [None, None]
    assert other.sent_header("X-Y") == ["z", "z"]


async def test_credentials_do_not_come_back_from_another_origin(serve: Serve) -> None:
    other = await serve(answers(OK))
    origin = await serve(answers(redirect(other.url("/b")), OK))
    other._script = answers(redirect(origin.url("/c")))
    await asked_with(origin.url(), ("Authorization", "Bearer x"))
    assert origin.sent_header("Authorization") == ["Bearer x", None]


async def test_a_user_in_a_location_is_used_there_and_its_password_is_not_told(serve: Serve) -> None:
    other = await serve(answers(OK))
    origin = await serve(answers(redirect(with_user(other.url("/b"), "you:s3cr3t"))))
    attempt = await asked(with_user(origin.url(), "me:pw"))
    assert other.sent_header("Authorization") == [basic("you:s3cr3t")]
    assert attempt.final_url == with_user(other.url("/b"), "you")
    assert "s3cr3t" not in repr(attempt)


async def test_a_user_in_the_url_stays_with_a_location_written_in_full(serve: Serve) -> None:
    origin = await serve(answers(OK))
    origin._script = answers(redirect(origin.url("/b")), OK)
    await asked(with_user(origin.url(), "me:pw"))
    assert origin.sent_header("Authorization") == [basic("me:pw")] * 2


async def test_a_host_that_was_given_does_not_follow_to_another_origin(serve: Serve) -> None:
    other = await serve(answers(OK))
    origin = await serve(answers(redirect(other.url("/b"))))
    await asked_with(origin.url(), ("Host", "virtual.test"))
    assert origin.sent_header("Host") == ["virtual.test"]
    assert other.sent_header("Host") == [f"127.0.0.1:{other.port}"]


_PASSWORDS = st.text(
    alphabet=st.characters(
        min_codepoint=0x21, max_codepoint=0x17F, exclude_characters="/?#\\", categories=["L", "N", "P", "S"]
    ),
    min_size=1,
    max_size=12,
).map(lambda text: f"s3cr3t{text}")


@settings(deadline=None, max_examples=60)
@given(password=_PASSWORDS, encoded=st.booleans(), ending=st.sampled_from(["answer", "reset", "nonsense", "bad", "in"]))
async def test_a_password_is_in_no_field_of_an_attempt(password: str, ending: str, *, encoded: bool) -> None:
    async def script(visit: Visit) -> None:
        if (await visit.head()).startswith(b"GET /b"):
            await visit.send(OK)
            return
        here = with_user(f"http://127.0.0.1:{origin.port}/b", f"you:{quote(password, safe='')}")
        away = {
            "answer": redirect(here),
            "reset": b"",
            "nonsense": b"nonsense\r\n\r\n",
            "bad": redirect(here.replace("/b", ":x/")),
            "in": redirect(f"/b?next={here}"),
        }
        await visit.send(away[ending])

    origin = Origin(script, None)
    await origin.start()
    try:
        secret = quote(password, safe="") if encoded else password
        attempt = await asked(with_user(origin.url(), f"me:{secret}") + " timeout=5s")
    finally:
        await origin.stop()
    assert len(origin.heads) > 0
    assert "s3cr3t" not in repr(attempt)
    assert base64.b64encode(b"s3cr3t")[:8].decode() not in repr(attempt)


async def test_attempts_at_once_do_not_share_credentials(serve: Serve) -> None:
    origin = await serve(answers(OK))
    await asyncio.gather(*(asked(with_user(origin.url(f"/{user}"), f"{user}:pw")) for user in "abc"))
    sent = dict(zip(origin.targets, origin.sent_header("Authorization"), strict=True))
    assert sent == {f"/{user}": basic(f"{user}:pw") for user in "abc"}
