"""Heads and bodies of any size."""

from typing import Final

from allup.model.failure import FailureKind
from live.answers.case import NOT_HTTP, Case, definite, fine
from live.answers.scripts import floods, head, says

_BIG: Final = b"x" * 300_000
SIZES: Final = (
    Case(name="a header of 30 KiB", script=says(head(b"X: " + b"x" * 30_000)), expected=fine()),
    Case(
        name="a header of 300 KiB",
        script=says(head(b"X: " + _BIG)),
        expected=definite(FailureKind.PROTOCOL, "256 KiB of headers"),
    ),
    Case(name="1,000 headers", script=says(head(*(b"X-%d: y" % n for n in range(1_000)))), expected=fine()),
    Case(
        name="30,000 headers",
        script=says(head(*(b"X-%d: y" % n for n in range(30_000)))),
        expected=definite(FailureKind.PROTOCOL, "256 KiB of headers"),
    ),
    Case(
        name="endless headers",
        script=floods(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        expected=definite(FailureKind.PROTOCOL, "256 KiB of headers"),
    ),
    Case(
        name="one endless header",
        script=floods(b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        expected=definite(FailureKind.PROTOCOL, "256 KiB of headers"),
    ),
    Case(
        name="an endless status line",
        script=floods(b"HTTP/1.1 200 ", b"O"),
        expected=definite(FailureKind.PROTOCOL, "endless status line"),
    ),
    Case(name="an endless body", script=floods(b"HTTP/1.1 200 OK\r\n\r\n", b"x"), expected=fine()),
    Case(
        name="an endless body in chunks",
        script=floods(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        expected=fine(),
    ),
    Case(
        name="an endless chunk extension",
        script=floods(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
        expected=fine(),
    ),
    Case(
        name="a body of 2 GiB announced",
        script=floods(b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n", b"x"),
        expected=fine(),
    ),
    Case(
        name="a body longer than any number",
        script=floods(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 40 + b"\r\n\r\n", b"x"),
        expected=NOT_HTTP,
    ),
)
