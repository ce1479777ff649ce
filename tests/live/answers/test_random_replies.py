import asyncio
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from allup.http.client import open_client
from allup.http.http_client import HttpClient
from allup.lists.line import LineDefaults, parse_line
from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.failure import FailureKind
from allup.model.result import Verdict, judged
from allup.model.settings import HttpSettings
from allup.model.target import Origin, Target
from live.answers.line import Line
from live.answers.nasty import Nasty

EXAMPLES = int(os.environ.get("ALLUP_FUZZ_EXAMPLES", "300"))
TIMEOUT_S = 1.0
_ANSWERS = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /x?y#z\r\nSet-Cookie: a=s3cr3t; Path=/; Max-Age=3\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 301 Moved\r\nLocation: //user:password@127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.0 204 No Content\r\nConnection: keep-alive\r\nContent-Encoding: gzip\r\nContent-Type: a/b; c=d\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x01x",
)
_PIECES = (
    b"\r\n",
    b"\n",
    b"\r",
    b":",
    b" ",
    b"\0",
    b"\x1b[2J",
    b"\xff",
    b"HTTP/1.1 ",
    b"Location: ",
    b"http://",
    b"chunked",
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Answers with bytes that were removed, doubled, or put in."""
    answer = bytearray(draw(st.sampled_from(_ANSWERS)))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(answer)))
        end = min(len(answer), start + draw(st.integers(0, 12)))
        answer[start:end] = draw(
            st.one_of(st.sampled_from(_PIECES), st.binary(max_size=6), st.just(answer[start:end] * 2))
        )
    return bytes(answer)


@st.composite
def in_chunks(draw: st.DrawFn) -> Sequence[bytes]:
    """What a server says to one request, packet by packet."""
    reply = draw(st.one_of(st.binary(max_size=200), mutated(), st.tuples(mutated(), mutated()).map(b"".join)))
    cuts = sorted(draw(st.lists(st.integers(0, len(reply)), max_size=3)))
    return [reply[start:end] for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True)]


class Fuzzed:
    """A client and a server that says what it is told to, in one loop."""

    def __init__(self, stack: ExitStack) -> None:
        self._runner = stack.enter_context(asyncio.Runner())
        self.chunks: Sequence[bytes] = ()
        self._stays = False
        self._nasty = Nasty(self._script)
        self._client = self._runner.run(self._open())
        stack.callback(lambda: self._runner.run(self._close()))

    def ask(self, chunks: Sequence[bytes], *, method: str, stays: bool) -> tuple[Target, Attempt]:
        """Have the server say `chunks` to each request and, unless it `stays`, close."""
        self.chunks, self._stays = chunks, stays
        # What stays open may have to be waited for.
        timeout_s = TIMEOUT_S / 20 if stays else TIMEOUT_S
        line = f"{self._nasty.url} method={method} timeout={timeout_s}"
        entry = parse_line(line, LineDefaults(), Origin())
        assert isinstance(entry, Target)
        return entry, self._runner.run(self._client.attempt(entry))

    async def _open(self) -> HttpClient:
        await self._nasty.start()
        self._opened = open_client(HttpSettings(), Clock())
        return await self._opened.__aenter__()

    async def _close(self) -> None:
        await self._opened.__aexit__(None, None, None)
        await self._nasty.stop()

    async def _script(self, line: Line) -> None:
        while True:
            await line.request()
            for chunk in self.chunks:
                await line.say(chunk)
                await asyncio.sleep(0)
            if not self._stays:
                line.close()
                return


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Fuzzed]:
    with ExitStack() as stack:
        yield Fuzzed(stack)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(chunks=in_chunks(), method=st.sampled_from(["GET", "HEAD"]), stays=st.booleans())
@example(chunks=[b""], method="GET", stays=False)
@example(chunks=list(_ANSWERS), method="GET", stays=True)
def test_whatever_a_server_says_is_a_result(
    fuzzed: Fuzzed, *, chunks: Sequence[bytes], method: str, stays: bool
) -> None:
    began_at = time.perf_counter()
    target, attempt = fuzzed.ask(chunks, method=method, stays=stays)
    took_s = time.perf_counter() - began_at
    result = judged(0, target, attempt)
    assert result.verdict is not Verdict.UNCHECKED, result.failure
    assert result.failure is None or result.failure.kind is not FailureKind.LOCAL
    if result.verdict is Verdict.OK:
        assert attempt.status is not None
        assert attempt.status in target.expectation.statuses
    assert took_s < 5 * TIMEOUT_S
    told = (attempt.final_url, attempt.location, attempt.redirects, result.failure and result.failure.detail)
    assert "://user:password@" not in repr(told)
    if result.failure is not None and result.failure.kind is FailureKind.PROTOCOL:
        assert "s3cr3t" not in result.failure.detail
