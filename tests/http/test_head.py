from collections.abc import Awaitable, Callable

import pytest
from aioresponses import aioresponses

from allup.model.attempt import Attempt

Ask = Callable[[str], Awaitable[Attempt]]
Asked = Callable[[aioresponses], list[str]]


@pytest.mark.parametrize("refusal", [405, 501])
async def test_a_refused_head_is_asked_again_as_get(web: aioresponses, ask: Ask, asked: Asked, refusal: int) -> None:
    web.head("http://h.test/", status=refusal)
    web.get("http://h.test/", status=203)
    attempt = await ask("http://h.test/ method=HEAD")
    assert (attempt.method, attempt.status, attempt.redirects) == ("GET", 203, ())
    assert asked(web) == ["HEAD http://h.test/", "GET http://h.test/"]


@pytest.mark.parametrize("status", [200, 400, 403, 404, 500, 503])
async def test_any_other_answer_to_a_head_stands(web: aioresponses, ask: Ask, asked: Asked, status: int) -> None:
    web.head("http://h.test/", status=status)
    attempt = await ask("http://h.test/ method=HEAD")
    assert (attempt.method, attempt.status) == ("HEAD", status)
    assert asked(web) == ["HEAD http://h.test/"]


@pytest.mark.parametrize("method", ["GET", "POST", "PROPFIND"])
async def test_only_a_head_falls_back(web: aioresponses, ask: Ask, asked: Asked, method: str) -> None:
    web.add("http://h.test/", method=method, status=405)
    attempt = await ask(f"http://h.test/ method={method}")
    assert (attempt.method, attempt.status) == (method, 405)
    assert asked(web) == [f"{method} http://h.test/"]


async def test_a_refusal_is_final_once_it_was_asked_as_get(web: aioresponses, ask: Ask, asked: Asked) -> None:
    web.head("http://h.test/", status=501)
    web.get("http://h.test/", status=501)
    assert (await ask("http://h.test/ method=HEAD")).status == 501
    assert len(asked(web)) == 2


async def test_the_fallback_works_behind_a_redirect(web: aioresponses, ask: Ask, asked: Asked) -> None:
    web.head("http://h.test/", status=303, headers={"Location": "/b"})
    web.head("http://h.test/b", status=405)
    web.get("http://h.test/b")
    attempt = await ask("http://h.test/ method=HEAD")
    assert (attempt.method, attempt.status, attempt.final_url) == ("GET", 200, "http://h.test/b")
    assert asked(web) == ["HEAD http://h.test/", "HEAD http://h.test/b", "GET http://h.test/b"]
