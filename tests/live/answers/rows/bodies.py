"""Bodies: their framing, their coding, and those that should not be there."""

from typing import Final

from allup.model.failure import FailureKind
from live.answers.case import NOT_HTTP, Case, definite, fine
from live.answers.line import Line
from live.answers.scripts import FINE, says

BODIES: Final = (
    # curl and browsers read the body, and complain; the status is known before, in one packet or in two.
    Case(
        name="chunked rubbish in one packet",
        script=says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nrubbish"),
        expected=fine(),
    ),
    Case(
        name="chunked rubbish in two packets",
        script=says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"zz\r\nrubbish"),
        expected=fine(),
    ),
    Case(
        name="a negative chunk",
        script=says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nrubbish"),
        expected=fine(),
    ),
    Case(
        name="lengths that differ",
        script=says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok"),
        expected=NOT_HTTP,
    ),
    Case(
        name="a list of lengths that differ",
        script=says(b"HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok"),
        expected=NOT_HTTP,
    ),
    Case(name="a negative length", script=says(b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok"), expected=NOT_HTTP),
    Case(
        name="a length that is none",
        script=says(b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok"),
        expected=NOT_HTTP,
    ),
    Case(
        name="a length with a plus", script=says(b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok"), expected=NOT_HTTP
    ),
    # More digits than Python turns into a number; none of them but the last counts.
    Case(
        name="a length with thousands of zeros",
        script=says(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"0" * 5_000 + b"2\r\n\r\nok"),
        expected=fine(),
    ),
    # RFC 9112, section 6.3: the coding overrides the length. For requests that smuggles; an answer it does not harm.
    Case(
        name="a length and chunks",
        script=says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
        expected=fine(),
    ),
    Case(
        name="a coding that is not chunked",
        script=says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok", end=Line.close),
        expected=fine(),
    ),
    Case(name="more than was announced", script=says(FINE + b"and more"), expected=fine(), times=2),
    Case(name="more than was announced, later", script=says(FINE, b"and more"), expected=fine(), times=2),
    Case(name="an empty line after the body", script=says(FINE + b"\r\n"), expected=fine(), times=3),
    Case(
        name="brotli announced",
        script=says(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nok"),
        expected=fine(),
        times=2,
    ),
    Case(
        name="zstd announced",
        script=says(b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 2\r\n\r\nok"),
        expected=fine(),
        times=2,
    ),
    Case(
        name="an unknown coding announced",
        script=says(b"HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 2\r\n\r\nok"),
        expected=fine(),
        times=2,
    ),
    Case(
        name="gzip announced, rubbish sent",
        script=says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok"),
        expected=fine(),
        times=2,
    ),
    Case(name="204 with a body", script=says(b"HTTP/1.1 204 No Content\r\n\r\nbody"), expected=fine(), times=3),
    Case(
        name="204 with a body later", script=says(b"HTTP/1.1 204 No Content\r\n\r\n", b"body"), expected=fine(), times=3
    ),
    Case(
        name="204 with a length",
        script=says(b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody"),
        expected=fine(),
        times=3,
    ),
    Case(
        name="304 with a body",
        script=says(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nbody"),
        expected=definite(FailureKind.STATUS, "304"),
        times=3,
    ),
    Case(
        name="304 with a body later, as expected",
        script=says(b"HTTP/1.1 304 Not Modified\r\n\r\n", b"body"),
        expected=fine(),
        options="expect=304",
        times=3,
    ),
)
