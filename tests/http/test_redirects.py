from collections.abc import Awaitable, Callable

import pytest
from aioresponses import aioresponses
from yarl import URL

from allup.http.place import origin
from allup.model.attempt import Attempt, Hop
from allup.model.failure import Certainty, FailureKind, Phase

Ask = Callable[[str], Awaitable[Attempt]]
Asked = Callable[[aioresponses], list[str]]


def redirect(web: aioresponses, url: str, location: str | None, status: int = 302, method: str = "GET") -> None:
    web.add(url, method=method, status=status, headers=None if location is None else {"Location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed_and_noted(web: aioresponses, ask: Ask, status: int) -> None:
    redirect(web, "http://h.test/a", "http://other.test/b", status)
    web.get("http://other.test/b", status=201)
    attempt = await ask("http://h.test/a")
    assert attempt.redirects == (Hop(status=status, url="http://h.test/a"),)
    assert (attempt.status, attempt.final_url, attempt.failure) == (201, "http://other.test/b", None)


@pytest.mark.parametrize("status", [300, 304, 305])
async def test_what_is_no_redirect_is_not_followed(web: aioresponses, ask: Ask, status: int) -> None:
    redirect(web, "http://h.test/a", "http://h.test/b", status)
    attempt = await ask("http://h.test/a")
    assert (attempt.status, attempt.redirects) == (status, ())


@pytest.mark.parametrize(
    ("method", "status", "onward"),
    [
        ("GET", 301, "GET"),
        ("HEAD", 301, "HEAD"),
        ("HEAD", 303, "HEAD"),
        ("POST", 301, "GET"),
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("PUT", 302, "PUT"),
        ("PUT", 303, "GET"),
        ("DELETE", 308, "DELETE"),
    ],
)
async def test_the_method_goes_on_as_rfc_9110_has_it(
    web: aioresponses, ask: Ask, asked: Asked, *, method: str, status: int, onward: str
) -> None:
    redirect(web, "http://h.test/a", "/b", status, method)
    web.add("http://h.test/b", method=onward)
    attempt = await ask(f"http://h.test/a method={method}")
    assert asked(web) == [f"{method} http://h.test/a", f"{onward} http://h.test/b"]
    assert (attempt.method, attempt.failure) == (onward, None)


@pytest.mark.parametrize(
    ("location", "onward"),
    [
        ("/c", "http://h.test/c"),
        ("c", "http://h.test/a/c"),
        ("../c", "http://h.test/c"),
        ("?q=1", "http://h.test/a/b?q=1"),
        ("//other.test/c", "http://other.test/c"),
        ("  /c  ", "http://h.test/c"),
        ("HTTP://OTHER.test:80", "http://other.test/"),
        ("https:\\\\other.test\\c", "https://other.test/c"),
        ("/a b", "http://h.test/a%20b"),
        ("/\u00fc", "http://h.test/%C3%BC"),
        ("/\udcfc", "http://h.test/%FC"),
        ("/a%2Fb%7e", "http://h.test/a%2Fb%7e"),
    ],
)
async def test_a_location_is_read_as_a_browser_does(
    web: aioresponses, ask: Ask, monkeypatch: pytest.MonkeyPatch, location: str, onward: str
) -> None:
    # The mock encodes header values strictly; aiohttp itself keeps stray bytes as lone surrogates.
    monkeypatch.setattr("aioresponses.core.RequestMatch._build_raw_headers", lambda *_: ())
    redirect(web, "http://h.test/a/b", location)
    web.get(URL(onward, encoded=True))
    attempt = await ask("http://h.test/a/b")
    assert (attempt.final_url, attempt.status, attempt.failure) == (onward, 200, None)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("", "the location is empty"),
        (" ", "the location is empty"),
        ("http://", "no host"),
        ("http://h.test:99999/", "port"),
        ("ftp://h.test/", "scheme ftp is not supported"),
        ("javascript:alert(1)", "scheme javascript is not supported"),
        ("/a\x01b", "control character"),
        ("http://a..b/", "empty label"),
        ("/" + "x" * 70_000, "longer than"),
    ],
)
async def test_a_location_that_leads_nowhere_is_a_bad_redirect(
    web: aioresponses, ask: Ask, location: str, reason: str
) -> None:
    redirect(web, "http://h.test/", location, 307)
    attempt = await ask("http://h.test/")
    assert attempt.failure is not None
    assert (attempt.failure.kind, attempt.failure.certainty, attempt.failure.phase) == (
        FailureKind.BAD_REDIRECT,
        Certainty.DEFINITE,
        Phase.WAIT,
    )
    assert attempt.failure.detail.startswith("307 to ")
    assert reason in attempt.failure.detail
    assert attempt.final_url == "http://h.test/"


async def test_a_bad_location_is_shown_without_its_password(web: aioresponses, ask: Ask) -> None:
    redirect(web, "http://h.test/", "http://me:s3cr3t@h.test:99999/")
    attempt = await ask("http://h.test/")
    assert attempt.failure is not None
    assert "s3cr3t" not in repr(attempt)
    assert "me@h.test" in attempt.failure.detail


async def test_a_redirect_without_a_location_is_a_bad_redirect(web: aioresponses, ask: Ask) -> None:
    redirect(web, "http://h.test/", None, 302)
    attempt = await ask("http://h.test/")
    assert attempt.failure is not None
    assert attempt.failure.kind is FailureKind.BAD_REDIRECT
    assert attempt.failure.detail == "302 without a Location"
    assert attempt.status == 302


async def test_a_redirect_without_a_location_is_fine_where_its_status_is_expected(web: aioresponses, ask: Ask) -> None:
    redirect(web, "http://h.test/", None, 302)
    attempt = await ask("http://h.test/ expect=3xx")
    assert (attempt.status, attempt.failure) == (302, None)


async def test_as_many_redirects_as_are_allowed_are_followed(web: aioresponses, ask: Ask) -> None:
    redirect(web, "http://h.test/1", "/2", 301)
    redirect(web, "http://h.test/2", "/3", 302)
    web.get("http://h.test/3")
    attempt = await ask("http://h.test/1")
    assert (attempt.status, attempt.failure, attempt.final_url) == (200, None, "http://h.test/3")
    assert attempt.redirects == (Hop(status=301, url="http://h.test/1"), Hop(status=302, url="http://h.test/2"))


async def test_one_redirect_too_many_is_a_failure(web: aioresponses, ask: Ask, asked: Asked) -> None:
    for number in range(5):
        redirect(web, f"http://h.test/{number}", f"/{number + 1}")
    attempt = await ask("http://h.test/0")
    assert attempt.failure is not None
    assert (attempt.failure.kind, attempt.failure.certainty) == (FailureKind.TOO_MANY_REDIRECTS, Certainty.DEFINITE)
    assert attempt.failure.detail == "more than 2 redirects"
    assert [hop.url for hop in attempt.redirects] == ["http://h.test/0", "http://h.test/1"]
    assert len(asked(web)) == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://h.test/", "http://h.test/a?b", True),
        ("http://me:pw@h.test/", "http://h.test/", True),
        ("http://h.test/", "https://h.test/", False),
        ("http://h.test/", "http://h.test:81/", False),
        ("http://h.test/", "http://x.h.test/", False),
        ("http://h.test/@x.test", "http://h.test/", True),
    ],
)
def test_an_origin_is_scheme_host_and_port(one: str, other: str, *, same: bool) -> None:
    assert (origin(one) == origin(other)) is same
