"""The form of status line and headers (RFC 9112, sections 4 and 5)."""

from typing import Final

from allup.model.failure import Certainty, FailureKind, Phase
from live.answers.case import NOT_HTTP, Case, Expected, definite, fine, passing
from live.answers.line import Line
from live.answers.scripts import FINE, head, says

FORM: Final = (
    Case(name="HTTP/1.0", script=says(b"HTTP/1.0 200 OK\r\n\r\nok", end=Line.close), expected=fine()),
    Case(
        name="HTTP/1.0 that keeps the connection",
        script=says(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"),
        expected=fine(),
        times=2,
    ),
    Case(
        name="HTTP/1.0 that does not say how long",
        script=says(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        expected=fine(),
        times=2,
    ),
    Case(name="HTTP/1.9", script=says(b"HTTP/1.9 200 OK\r\nContent-Length: 2\r\n\r\nok"), expected=fine()),
    Case(name="no reason phrase", script=says(b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok"), expected=fine()),
    # The space is missing too, which RFC 9112 demands; every client takes it.
    Case(name="nothing after the status", script=says(b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"), expected=fine()),
    Case(name="a status of two digits", script=says(b"HTTP/1.1 20 OK\r\n\r\n"), expected=NOT_HTTP),
    Case(name="a status of four digits", script=says(b"HTTP/1.1 2000 OK\r\n\r\n"), expected=NOT_HTTP),
    Case(name="a status of letters", script=says(b"HTTP/1.1 OK 200\r\n\r\n"), expected=NOT_HTTP),
    Case(name="a negative status", script=says(b"HTTP/1.1 -20 OK\r\n\r\n"), expected=NOT_HTTP),
    Case(name="a status below 100", script=says(b"HTTP/1.1 099 OK\r\n\r\n"), expected=NOT_HTTP),
    Case(
        name="a status of no class",
        script=says(head(status=b"HTTP/1.1 799 Why Not")),
        expected=passing(FailureKind.STATUS, "799"),
    ),
    Case(name="no status", script=says(b"HTTP/1.1\r\n\r\n"), expected=NOT_HTTP),
    # RFC 9112, section 2.3: the name is case-sensitive; Chrome is lenient, curl is not.
    Case(
        name="a name in small letters",
        script=says(b"http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        expected=NOT_HTTP,
    ),
    Case(
        name="HTTP/2 in a status line",
        script=says(b"HTTP/2 200\r\nContent-Length: 2\r\n\r\nok"),
        expected=definite(FailureKind.PROTOCOL, "version"),
    ),
    Case(
        name="HTTP/2.0 in a status line",
        script=says(b"HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        expected=definite(FailureKind.PROTOCOL, "version"),
    ),
    # Browsers skip up to four bytes of it, curl does not.
    Case(name="white space before the status line", script=says(b" \r\n" + FINE), expected=NOT_HTTP),
    Case(name="an empty line before the status line", script=says(b"\r\n" + FINE), expected=NOT_HTTP),
    # RFC 9112, section 2.2: a recipient may take a lone LF for a line's end, and all do.
    Case(name="line feeds only", script=says(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok"), expected=fine()),
    Case(
        name="line feeds only, in pieces",
        script=says(b"HTTP/1.1 200 OK\nContent-Length: 2\n", b"\n", b"ok"),
        expected=fine(),
    ),
    Case(
        name="carriage returns only",
        script=says(b"HTTP/1.1 200 OK\rContent-Length: 2\r\rok", end=Line.close),
        expected=Expected(kind=FailureKind.RESET, certainty=Certainty.TRANSIENT, phases=(Phase.WAIT,)),
    ),
    # Browsers pass over such a line, curl refuses it as this does: a head that cannot be read may hide its framing.
    Case(name="a header without a colon", script=says(head(b"what is this")), expected=NOT_HTTP),
    Case(name="a header without a name", script=says(head(b": nameless")), expected=NOT_HTTP),
    # RFC 9112, section 5.1: to be rejected in requests, to be mended in answers.
    Case(name="a space before a header's colon", script=says(head(b"X-Odd : value")), expected=fine()),
    Case(name="a folded header", script=says(head(b"X-Folded: one", b"  two", b"\tthree")), expected=fine()),
    Case(name="an empty header", script=says(head(b"X-Empty:")), expected=fine()),
    Case(name="NUL in a header", script=says(head(b"X: a\x00b")), expected=NOT_HTTP),
    Case(
        name="Latin-1 in header and phrase",
        script=says(head(b"X: caf\xe9", status=b"HTTP/1.1 200 D\xe9j\xe0 vu")),
        expected=fine(),
    ),
    Case(
        name="UTF-8 in header and phrase",
        script=says(head("X: café ✔".encode(), status="HTTP/1.1 200 très bien ✔".encode())),
        expected=fine(),
    ),
    Case(
        name="bytes of no encoding in header and phrase",
        script=says(head(b"X: \xff\xfe\x80", status=b"HTTP/1.1 200 \xff\xfe")),
        expected=fine(),
    ),
    Case(
        name="escapes in header and phrase",
        script=says(head(b"X: \x1b[31m", status=b"HTTP/1.1 500 \x1b[2J\x1b]0;owned\x07")),
        expected=passing(FailureKind.STATUS, "500 Internal Server Error"),
    ),
    Case(name="escapes in the content type", script=says(head(b"Content-Type: \x1b[31mtext/html")), expected=fine()),
)
