from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from aioresponses import aioresponses

from allup.model.attempt import Attempt
from allup.model.failure import FailureKind

Ask = Callable[[str], Awaitable[Attempt]]


@pytest.mark.parametrize("status", [200, 204, 206, 300, 304, 400, 401, 404, 410, 418, 429, 500, 503, 599, 999])
async def test_any_status_is_an_answer_and_no_failure(web: aioresponses, ask: Ask, status: int) -> None:
    web.get("http://h.test/", status=status)
    attempt = await ask("http://h.test/")
    assert (attempt.status, attempt.failure) == (status, None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("text/html", "text/html"),
        ("Text/HTML; charset=utf-8", "text/html"),
        ("  application/json ;x", "application/json"),
        ("", None),
        (";", None),
    ],
)
async def test_the_media_type_is_told_without_parameters(
    web: aioresponses, ask: Ask, written: str, read: str | None
) -> None:
    web.get("http://h.test/", headers={"Content-Type": written})
    assert (await ask("http://h.test/")).content_type == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("0", 0), ("1256", 1256), ("", None), ("-1", None), ("ten", None), ("+5", None), ("\u0661", None)],
)
async def test_a_length_is_told_where_it_is_a_number(
    web: aioresponses, ask: Ask, written: str, read: int | None
) -> None:
    web.get("http://h.test/", headers={"Content-Length": written})
    assert (await ask("http://h.test/")).content_length == read


async def test_where_an_unfollowed_redirect_points_is_told_without_a_password(web: aioresponses, ask: Ask) -> None:
    web.get("http://h.test/", status=302, headers={"Location": "//me:secret@h.test/x"})
    web.get("http://h.test/x")
    web.get("http://h.test/z", status=300, headers={"Location": "http://me:secret@h.test/x"})
    attempt = await ask("http://h.test/z")
    assert (attempt.status, attempt.location) == (300, "http://me@h.test/x")


async def test_an_answer_without_a_location_points_nowhere(web: aioresponses, ask: Ask) -> None:
    web.get("http://h.test/")
    assert (await ask("http://h.test/")).location is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiohttp.ServerDisconnectedError(), FailureKind.RESET),
        (ConnectionRefusedError(111, "Connection refused"), FailureKind.CONNECT_REFUSED),
        (aiohttp.ClientPayloadError("cut"), FailureKind.TRUNCATED),
        (ValueError("odd"), FailureKind.LOCAL),
        (UnicodeError("label too long"), FailureKind.DNS),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
async def test_what_aiohttp_raises_becomes_a_failure_of_the_attempt(
    web: aioresponses, ask: Ask, error: Exception, kind: FailureKind
) -> None:
    web.get("http://h.test/", exception=error)
    attempt = await ask("http://h.test/")
    assert attempt.failure is not None
    assert (attempt.failure.kind, attempt.status, attempt.final_url) == (kind, None, "http://h.test/")


async def test_a_fault_of_this_program_is_not_blamed_on_the_target(web: aioresponses, ask: Ask) -> None:
    web.get("http://h.test/", exception=KeyError("ours"))
    failure = (await ask("http://h.test/")).failure
    assert failure is not None
    assert (failure.kind, failure.detail) == (FailureKind.LOCAL, "allup itself failed: KeyError: 'ours'")


async def test_the_attempt_says_when_it_began_and_how_long_its_target_had_waited(web: aioresponses, ask: Ask) -> None:
    web.get("http://h.test/")
    attempt = await ask("http://h.test/")
    assert attempt.started_at > 1_700_000_000
    assert attempt.elapsed_s > 0
    assert attempt.timings.blocked_s == 0
