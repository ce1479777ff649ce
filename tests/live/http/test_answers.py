from collections.abc import Awaitable, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allup.http.http_client import HttpClient
from allup.model.attempt import Attempt
from allup.model.failure import FailureKind, Phase
from allup.model.settings import HttpSettings
from live.http.asking import asked, asking, failure
from live.http.origin import OK, Origin, Visit, answers

Serve = Callable[..., Awaitable[Origin]]


async def test_an_answer_is_told_with_all_that_is_known_of_it(serve: Serve) -> None:
    origin = await serve(
        answers(b"HTTP/1.0 404 Gone fishing\r\nContent-Type: Text/Plain;x\r\nContent-Length: 2\r\n\r\nno")
    )
    attempt = await asked(origin.url("/x?y#z"))
    assert attempt.failure is None
    assert (attempt.status, attempt.http_version, attempt.address) == (404, "1.0", "127.0.0.1")
    assert (attempt.content_type, attempt.content_length) == ("text/plain", 2)
    assert (attempt.method, attempt.final_url, attempt.tls) == ("GET", origin.url("/x?y#z"), None)


async def test_the_request_says_who_asks_and_nothing_of_its_maker(serve: Serve) -> None:
    origin = await serve(answers(OK))
    await asked(origin.url(), HttpSettings(user_agent="probe/1"))
    assert origin.heads == [
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{origin.port}\r\nUser-Agent: probe/1\r\n"
        "Accept: */*\r\nAccept-Encoding: gzip, deflate\r\n\r\n".encode()
    ]


@pytest.mark.parametrize("userinfo", ["", "me:pw@"])
async def test_the_path_is_asked_for_byte_by_byte(serve: Serve, userinfo: str) -> None:
    origin = await serve(answers(OK))
    path = "/a%2fb|c/%7E/'(;=?x[]=1&y=%FF&z=a+b"
    await asked(origin.url(path).replace("//", f"//{userinfo}", 1))
    assert origin.targets == [path]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
async def test_any_method_is_sent_as_it_is(serve: Serve, method: str) -> None:
    origin = await serve(answers(b"HTTP/1.1 204 No Content\r\n\r\n"))
    attempt = await asked(f"{origin.url()} method={method}")
    assert (attempt.status, attempt.method) == (204, method)
    assert origin.heads[0].startswith(f"{method} / HTTP/1.1\r\n".encode())


async def test_interim_answers_are_passed_over(serve: Serve) -> None:
    origin = await serve(answers(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK))
    assert (await asked(origin.url())).status == 200


@pytest.mark.parametrize(
    "answer",
    [
        b"220 ftp.example.org ready\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
    ],
    ids=["ftp", "ssh", "status", "header", "two lengths", "long header", "huge length", "tls alert"],
)
async def test_what_is_not_http_is_a_protocol_failure(serve: Serve, answer: bytes) -> None:
    origin = await serve(answers(answer))
    attempt = await asked(f"{origin.url()} timeout=2s")
    assert (failure(attempt).kind, failure(attempt).phase) == (FailureKind.PROTOCOL, Phase.WAIT)
    assert failure(attempt).detail.startswith("the answer is not valid HTTP: ")
    assert "\n" not in failure(attempt).detail
    assert len(origin.heads) == 1


async def test_a_length_with_thousands_of_zeros_is_an_answer_too(serve: Serve) -> None:
    origin = await serve(answers(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"0" * 5_000 + b"\r\n\r\n"))
    assert (await asked(origin.url())).status == 200


async def test_text_of_a_server_that_is_not_utf8_does_no_harm(serve: Serve) -> None:
    origin = await serve(
        answers(b"HTTP/1.1 300 \xff\r\nContent-Type: \xff/x\r\nLocation: /\xff\r\nContent-Length: 0\r\n\r\n")
    )
    attempt = await asked(origin.url())
    assert (attempt.status, attempt.failure) == (300, None)


_LINES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        [
            b"HTTP/1.1 200 OK",
            b"HTTP/1.1 302 Found",
            b"HTTP/1.1 101 Switching Protocols",
            b"HTTP/1.0 200",
            b"HTTP/9.9 200 OK",
            b"Location: /",
            b"Location: //\xff",
            b"Location: http://[",
            b"Set-Cookie: a=\xff; Expires=never",
            b"Set-Cookie: ;;=",
            b"Content-Length: 5",
            b"Content-Length: -5",
            b"Transfer-Encoding: chunked",
            b"Content-Encoding: gzip",
            b"Content-Type: ;",
            b"Connection: close",
            b"",
            b"5",
            b"zz",
        ]
    ),
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(answer=st.lists(_LINES, max_size=8).map(b"\r\n".join))
async def test_whatever_a_server_says_an_attempt_comes_back(answer: bytes) -> None:
    async def script(visit: Visit) -> None:
        await visit.head()
        await visit.send(answer)

    origin = Origin(script, None)
    await origin.start()
    try:
        attempt = await asked(f"{origin.url()} timeout=2s")
    finally:
        await origin.stop()
    assert (attempt.status is None) <= (attempt.failure is not None)
    assert attempt.failure is None or attempt.failure.kind is not FailureKind.DNS


async def test_an_attempt_is_over_before_the_next_of_the_same_client(serve: Serve) -> None:
    origin = await serve(answers(OK))
    async with asking() as ask:
        first, second = await ask(origin.url("/1")), await ask(origin.url("/2"))
    assert (first.final_url, second.final_url) == (origin.url("/1"), origin.url("/2"))
    assert first.started_at <= second.started_at


def test_the_client_is_what_the_core_asks_for() -> None:
    from allup.run.client import Client  # noqa: PLC0415 - a question of types alone

    def core(client: Client) -> Callable[..., Awaitable[Attempt]]:
        return client.attempt

    assert core(HttpClient.__new__(HttpClient)) is not None
