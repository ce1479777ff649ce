"""What is expected of an answer, judged while it is at hand."""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable

import pytest

from allup.model.attempt import Attempt
from allup.model.failure import Certainty, FailureKind, Phase
from allup.model.settings import HttpSettings
from live.http.asking import asked, asking, failure, target
from live.http.origin import Origin, Script, Visit, answers, redirect

Serve = Callable[..., Awaitable[Origin]]
Eventually = Callable[[Callable[[], bool]], Awaitable[None]]

TEXT = "Welcome to the caf\u00e9"


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def closing(payload: bytes) -> Script:
    """Answer, and hang up."""

    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(payload)

    return script


def holding(payload: bytes) -> Script:
    """Answer, and say nothing more."""

    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(payload)
        await visit.end()

    return script


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (TEXT.encode(), ()),
        (TEXT.encode(), ("Content-Type: text/plain; charset=utf-8",)),
        (TEXT.encode("latin-1"), ("Content-Type: text/plain; charset=ISO-8859-1",)),
        (TEXT.encode("utf-16"), ()),
        (b"\xef\xbb\xbf" + TEXT.encode(), ("Content-Type: text/plain; charset=latin-1",)),
        (b'<meta charset="latin1">' + TEXT.encode("latin-1"), ("Content-Type: text/html",)),
        (b'<?xml version="1.0" encoding="latin1"?>' + TEXT.encode("latin-1"), ("Content-Type: application/xml",)),
        (TEXT.encode(), ("Content-Type: text/plain; charset=no-such",)),
        (TEXT.encode(), ("Content-Type: text/plain; charset=idna",)),
        (gzip.compress(TEXT.encode()), ("Content-Encoding: gzip",)),
        (gzip.compress(b"Welcome ") + gzip.compress("to the caf\u00e9".encode()), ("Content-Encoding: x-gzip",)),
        (gzip.compress(TEXT.encode()) + b"\0\0", ("Content-Encoding: GZIP",)),
        (zlib.compress(TEXT.encode()), ("Content-Encoding: deflate",)),
        (raw_deflate(TEXT.encode()), ("Content-Encoding: deflate",)),
        (TEXT.encode(), ("Content-Encoding: identity",)),
    ],
    ids=lambda value: f"{len(value)} bytes" if isinstance(value, bytes) else " ".join(value) or "plain",
)
async def test_a_text_is_found_whatever_its_charset_and_its_coding(
    serve: Serve, body: bytes, headers: tuple[str, ...]
) -> None:
    origin = await serve(answers(answer(body, *headers)))
    assert (await asked(f"{origin.url()} contains='{TEXT}' matches='the caf.$'")).failure is None


async def test_a_body_is_read_by_chunks_and_to_the_end_of_the_connection(serve: Serve) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked = await serve(answers(head + b"5\r\nhello\r\n1\r\n \r\n5;x=y\r\nworld\r\n0\r\n\r\n"))
    closed = await serve(closing(b"HTTP/1.1 200 OK\r\n\r\nhello world"))
    for origin in (chunked, closed):
        assert (await asked(f"{origin.url()} contains='hello world'")).failure is None


async def test_what_comes_behind_a_body_is_none_of_its_business(serve: Serve) -> None:
    origin = await serve(closing(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more"))
    async with asking() as ask:
        assert (await ask(f"{origin.url()} contains=hello")).failure is None
        assert failure(await ask(f"{origin.url()} contains=more")).kind is FailureKind.CONTENT
    assert origin.connections == 2


async def test_what_is_not_there_is_told_with_the_phase_and_for_good(serve: Serve) -> None:
    origin = await serve(answers(answer(b"hello")))
    why = failure(await asked(f"{origin.url()} contains=goodbye"))
    assert (why.kind, why.certainty, why.phase) == (FailureKind.CONTENT, Certainty.DEFINITE, Phase.RECEIVE)
    assert why.detail == '"goodbye" is not in the body'


async def test_the_time_of_the_body_is_received_and_in_the_latency(serve: Serve) -> None:
    release = asyncio.Event()

    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")
        await release.wait()
        await visit.send(b"k")

    origin = await serve(script)
    async with asyncio.TaskGroup() as group:
        asking_for_it = group.create_task(asked(f"{origin.url()} contains=ok"), name="asking")
        asyncio.get_running_loop().call_later(0.2, release.set)
    attempt = asking_for_it.result()
    assert attempt.failure is None
    assert attempt.timings.receive_s is not None
    assert attempt.timings.receive_s > 0.15
    assert attempt.elapsed_s > attempt.timings.receive_s


@pytest.mark.parametrize("options", ["", "expect-header=Content-Length:2"])
async def test_a_body_that_nobody_asked_about_is_not_read(serve: Serve, options: str) -> None:
    origin = await serve(answers(answer(b"ok")))
    attempt = await asked(f"{origin.url()} {options}")
    assert (attempt.failure, attempt.timings.receive_s) == (None, None)


async def test_a_body_is_not_read_where_the_status_is_wrong_already(serve: Serve) -> None:
    origin = await serve(holding(b"HTTP/1.1 503 No\r\nContent-Length: 100\r\n\r\n"))
    attempt = await asked(f"{origin.url()} contains=ok timeout=5s")
    assert (attempt.status, attempt.failure) == (503, None)
    assert attempt.elapsed_s < 3


async def test_after_a_body_that_was_read_the_connection_serves_again(serve: Serve) -> None:
    origin = await serve(answers(answer(b"x" * 200_000 + b"ok")))
    async with asking() as ask:
        for _ in range(3):
            assert (await ask(f"{origin.url()} contains=xok")).failure is None
    assert origin.connections == 1


@pytest.mark.parametrize(
    "payload",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello")[:-4],
    ],
    ids=["length", "after a chunk", "within a chunk", "gzip"],
)
async def test_a_body_that_ends_early_is_truncated_and_may_be_whole_the_next_time(serve: Serve, payload: bytes) -> None:
    origin = await serve(closing(payload))
    why = failure(await asked(f"{origin.url()} contains=hello"))
    assert (why.kind, why.certainty, why.phase) == (FailureKind.TRUNCATED, Certainty.TRANSIENT, Phase.RECEIVE)
    assert "early" in why.detail


@pytest.mark.parametrize("script", [closing, holding])
@pytest.mark.parametrize(
    ("payload", "detail"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nno chunk\r\n", "chunks of the body"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n", "chunks of the body"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\nhello", "not valid gzip"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: br\r\n\r\nhello", "other than gzip and deflate"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: gzip, gzip\r\n\r\nhello", "or several"),
    ],
)
async def test_a_body_that_is_none_is_told_at_once(
    serve: Serve, script: Callable[[bytes], Script], payload: bytes, detail: str
) -> None:
    origin = await serve(script(payload))
    attempt = await asked(f"{origin.url()} contains=hello")
    why = failure(attempt)
    assert (why.kind, why.certainty) == (FailureKind.PROTOCOL, Certainty.DEFINITE)
    assert detail in why.detail
    assert attempt.elapsed_s < 5


async def test_a_body_that_stops_coming_is_a_read_timeout(serve: Serve, eventually: Eventually) -> None:
    origin = await serve(holding(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"))
    async with asking() as ask:
        attempt = await ask(f"{origin.url()} contains=hello timeout=200ms")
        await eventually(lambda: origin.open == 0)
    why = failure(attempt)
    assert (why.kind, why.phase) == (FailureKind.READ_TIMEOUT, Phase.RECEIVE)
    assert why.detail == "timed out after 200ms reading the answer"
    assert attempt.status == 200
    assert attempt.timings.receive_s is not None


@pytest.mark.parametrize(("size", "found"), [(999, True), (1000, True), (1001, False)])
async def test_of_a_body_no_more_is_read_than_allowed(serve: Serve, size: int, found: bool) -> None:  # noqa: FBT001
    origin = await serve(answers(answer(b"x" * (size - 3) + b"end")))
    attempt = await asked(f"{origin.url()} contains=end", HttpSettings(max_body=1000))
    assert (attempt.failure is None) is found
    if not found:
        assert failure(attempt).detail == '"end" is not in the body: its first 1,000 bytes were read'
        assert failure(attempt).hint == "--max-body reads more"


async def test_an_endless_body_is_read_as_far_as_allowed(serve: Serve, eventually: Eventually) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await visit.send(b"x" * 65_536)

    origin = await serve(script)
    async with asking() as ask:
        assert (await ask(f"{origin.url()} contains=xx")).failure is None
        await eventually(lambda: origin.open == 0)
    assert origin.sent < 32 << 20


async def test_a_bomb_is_unpacked_no_further_than_allowed(serve: Serve) -> None:
    bomb = gzip.compress(bytes(100_000_000))
    origin = await serve(answers(answer(bomb, "Content-Encoding: gzip")))
    why = failure(await asked(f"{origin.url()} contains=boom"))
    assert why.detail == '"boom" is not in the body: its first 1,048,576 bytes were read'


async def test_json_that_was_cut_off_is_not_judged_as_json(serve: Serve) -> None:
    origin = await serve(answers(answer(b'{"status": "ok"}' + b" " * 2000)))
    why = failure(await asked(f"{origin.url()} json=$.status=ok", HttpSettings(max_body=1000)))
    assert why.kind is FailureKind.JSON
    assert why.hint == "--max-body reads more"


async def test_headers_are_judged_one_by_one_and_secret_ones_not_shown(serve: Serve) -> None:
    origin = await serve(answers(answer(b"", "X-A: one", "X-A: two", "Set-Cookie: sid=s3cr3t")))
    async with asking() as ask:
        assert (await ask(f"{origin.url()} expect-header='x-a: ^two$' expect-header=x-A:one")).failure is None
        wrong = failure(await ask(f"{origin.url()} expect-header='X-A: three'"))
        missing = failure(await ask(f"{origin.url()} expect-header=X-B:."))
        cookie = failure(await ask(f"{origin.url()} expect-header=Set-Cookie:other"))
    assert wrong.kind is missing.kind is cookie.kind is FailureKind.HEADER
    assert wrong.detail == 'X-A: one, expected one that matches "three"'
    assert missing.detail == 'no X-B header, expected one that matches "."'
    assert "s3cr3t" not in cookie.detail


async def test_a_slow_expression_holds_up_nobody_and_says_nothing_of_the_target(serve: Serve) -> None:
    slow = await serve(answers(answer(b"a" * 5_000 + b"!")))
    quick = await serve(answers(answer(b"ok")))
    async with asking() as ask, asyncio.TaskGroup() as group:
        judged_slowly = group.create_task(_ask(ask, f"{slow.url()} matches='(?:(?:a|aa)+)+$'"), name="slow")
        others = [group.create_task(_ask(ask, f"{quick.url()} contains=ok"), name="quick") for _ in range(20)]
        done, _ = await asyncio.wait(others)
        assert not judged_slowly.done()
    assert all(one.result().failure is None for one in done)
    attempt = judged_slowly.result()
    why = failure(attempt)
    assert (why.kind, why.certainty) == (FailureKind.LOCAL, Certainty.LOCAL)
    assert "was given up after 1s" in why.detail
    assert attempt.elapsed_s < 0.9  # what the expression takes is not the server's time


async def test_where_an_answer_points_is_compared_as_a_whole_url(serve: Serve) -> None:
    origin = await serve(answers(redirect("../b?x=%C3%BC"), redirect("../b?x=\u00fc"), redirect("http://[")))
    line = f"{origin.url('/a/')} location=/b?x=\u00fc"
    assert await judged(line) is None
    assert await judged(line) is None
    why = await judged(line)
    assert why is not None
    assert why.endswith("expected /b?x=\u00fc")


async def judged(line: str) -> str | None:
    listed = target(line)
    why = listed.expectation.judge(await asked(line))
    return None if why is None else why.detail


async def test_to_cancel_a_judgement_leaves_nothing_behind(serve: Serve) -> None:
    origin = await serve(answers(answer(b"a" * 5_000 + b"!")))
    async with asking() as ask:
        doomed: asyncio.Task[Attempt] = asyncio.create_task(
            _ask(ask, f"{origin.url()} matches='(?:(?:a|aa)+)+$'"), name="doomed"
        )
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await doomed
        assert doomed.cancelled()


async def _ask(ask: Callable[[str], Awaitable[Attempt]], line: str) -> Attempt:
    return await ask(line)
