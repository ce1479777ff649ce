import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from allup.model.attempt import Hop
from allup.model.failure import FailureKind
from live.http.asking import asked, failure
from live.http.origin import OK, Origin, Visit, answers, redirect

Serve = Callable[..., Awaitable[Origin]]


async def test_every_hop_is_told_and_the_last_answer_is_judged(serve: Serve) -> None:
    end = await serve(answers(b"HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n"))
    start = await serve(answers(redirect("/two?x", status=301), redirect(end.url("/three#top"), status=307)))
    attempt = await asked(start.url("/one#here"))
    assert attempt.redirects == (
        Hop(status=301, url=start.url("/one#here")),
        Hop(status=307, url=start.url("/two?x")),
    )
    assert (attempt.status, attempt.final_url) == (418, end.url("/three#top"))
    assert (start.targets, end.targets) == (["/one", "/two?x"], ["/three"])


async def test_hops_on_one_host_share_a_connection(serve: Serve) -> None:
    origin = await serve(answers(redirect("/b"), redirect("/c"), OK))
    attempt = await asked(origin.url("/a"))
    assert (attempt.status, origin.connections) == (200, 1)
    assert attempt.timings.connect_s is None


@pytest.mark.parametrize("raw", [b"/\xfc?\xff", b"/\xc3\xbc"])
async def test_bytes_of_a_location_go_back_as_they_came(serve: Serve, raw: bytes) -> None:
    answer = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + raw + b"\r\n\r\n"
    origin = await serve(answers(answer, OK))
    attempt = await asked(origin.url())
    assert attempt.status == 200
    assert origin.targets[1] == "".join(f"%{byte:02X}" if byte > 0x7F else chr(byte) for byte in raw)


async def test_a_circle_ends(serve: Serve) -> None:
    origin = await serve(answers(redirect("/")))
    attempt = await asked(origin.url())
    assert failure(attempt).kind is FailureKind.TOO_MANY_REDIRECTS
    assert (len(attempt.redirects), len(origin.heads)) == (10, 11)


async def test_a_failure_behind_a_redirect_belongs_to_the_last_url(serve: Serve) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{deaf.getsockname()[1]}/b"
        origin = await serve(answers(redirect(gone)))
        attempt = await asked(origin.url("/a"))
    assert failure(attempt).kind is FailureKind.CONNECT_REFUSED
    assert attempt.redirects == (Hop(status=302, url=origin.url("/a")),)
    assert (attempt.final_url, attempt.status, attempt.address) == (gone, None, None)


async def test_a_large_body_of_a_redirect_is_not_downloaded(serve: Serve) -> None:
    answer = b"HTTP/1.1 302 Found\r\nContent-Length: 1073741824\r\nLocation: /b\r\n\r\n"
    origin = await serve(answers(answer, OK))
    attempt = await asked(origin.url("/a"))
    assert (attempt.status, origin.connections) == (200, 2)


async def test_a_small_body_of_a_redirect_is_waited_for(serve: Serve) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(b"HTTP/1.1 302 Found\r\nContent-Length: 2\r\nLocation: /b\r\n\r\n")
        await asyncio.sleep(0.01)
        await visit.send(b"ok")
        await visit.head()
        await visit.send(OK)

    origin = await serve(script)
    assert (await asked(origin.url("/a"))).status == 200
    assert (origin.targets, origin.connections) == (["/a", "/b"], 1)
