from collections.abc import Awaitable, Callable

import pytest

from live.http.asking import asked, asking
from live.http.names import Names
from live.http.origin import OK, Origin, answers, redirect

Serve = Callable[..., Awaitable[Origin]]


async def test_a_cookie_comes_back_in_the_same_chain(serve: Serve) -> None:
    origin = await serve(answers(redirect("/b", "Set-Cookie: a=1", "Set-Cookie: b=2"), redirect("/c"), OK))
    assert (await asked(origin.url("/a"))).status == 200
    assert origin.sent_header("Cookie") == [None, "a=1; b=2", "a=1; b=2"]


async def test_a_cookie_that_changes_on_the_way_is_sent_as_it_is_now(serve: Serve) -> None:
    origin = await serve(answers(redirect("/b", "Set-Cookie: a=1"), redirect("/c", "Set-Cookie: a=2"), OK))
    await asked(origin.url("/a"))
    assert origin.sent_header("Cookie") == [None, "a=1", "a=2"]


@pytest.mark.parametrize("host", ["127.0.0.1", "shop.test"])
async def test_no_cookie_outlives_its_chain(serve: Serve, names: Names, host: str) -> None:
    names.known["shop.test"] = ["127.0.0.1"]
    origin = await serve(answers(redirect("/b", "Set-Cookie: a=1"), OK, redirect("/b"), OK))
    async with asking() as ask:
        await ask(origin.url("/a", host=host))
        await ask(origin.url("/a", host=host))
    assert origin.sent_header("Cookie") == [None, "a=1", None, None]


async def test_the_last_answers_cookie_goes_nowhere(serve: Serve) -> None:
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"
    origin = await serve(answers(answer))
    async with asking() as ask:
        await ask(origin.url())
        await ask(origin.url())
    assert origin.sent_header("Cookie") == [None, None]


async def test_a_cookie_of_one_host_is_not_sent_to_another(serve: Serve, names: Names) -> None:
    names.known["shop.test"] = names.known["other.test"] = ["127.0.0.1"]
    other = await serve(answers(OK))
    origin = await serve(answers(redirect(other.url(host="other.test"), "Set-Cookie: a=1")))
    assert (await asked(origin.url(host="shop.test"))).status == 200
    assert other.sent_header("Cookie") in ([None], [""])


async def test_a_host_cannot_set_a_cookie_for_another(serve: Serve, names: Names) -> None:
    names.known["shop.test"] = names.known["other.test"] = ["127.0.0.1"]
    other = await serve(answers(OK))
    forged = "Set-Cookie: a=1; Domain=other.test"
    origin = await serve(answers(redirect(other.url(host="other.test"), forged)))
    await asked(origin.url(host="shop.test"))
    assert other.sent_header("Cookie") in ([None], [""])


@pytest.mark.parametrize("cookie", ["a=1; Path=/only", "a=1; Max-Age=0", "a=1; Secure"])
async def test_a_cookie_stays_where_it_belongs(serve: Serve, cookie: str) -> None:
    origin = await serve(answers(redirect("/b", f"Set-Cookie: {cookie}"), OK))
    await asked(origin.url("/a"))
    assert origin.sent_header("Cookie")[1] in {None, ""}


async def test_no_cookie_is_no_header(serve: Serve) -> None:
    origin = await serve(answers(redirect("/b", "Set-Cookie: a=1; Path=/only"), OK))
    await asked(origin.url("/a"))
    assert origin.sent_header("Cookie") == [None, None]


@pytest.mark.parametrize("cookie", ["", ";", "=", "a", "a=\xff; expires=never", 'a="x', "a=1; Domain=.", "\x01=2"])
async def test_a_cookie_that_makes_no_sense_does_no_harm(serve: Serve, cookie: str) -> None:
    origin = await serve(answers(redirect("/b", f"Set-Cookie: {cookie}".replace("\x01", "(")), OK))
    assert (await asked(origin.url("/a"))).status == 200
