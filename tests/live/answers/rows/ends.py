"""Connections that end early, at every stage."""

from typing import Final

from allup.model.failure import FailureKind
from live.answers.case import EARLY, GONE, Case, fine, passing
from live.answers.line import Line
from live.answers.scripts import ends, says

ENDS: Final = tuple(
    Case(name=f"{how} {when}", script=script, expected=expected)
    for how, end in (("a reset", Line.reset), ("a close", Line.close))
    for when, script, expected in (
        ("on accept", ends(end, asked=False), passing(FailureKind.RESET, phases=EARLY)),
        ("after the request", ends(end, asked=True), GONE),
        ("within the status line", says(b"HTTP/1.1 20", end=end), GONE),
        ("after the status line", says(b"HTTP/1.1 200 OK\r\n", end=end), GONE),
        ("within the headers", says(b"HTTP/1.1 200 OK\r\nContent-Le", end=end), GONE),
        # The status is what was asked for; the body was not, whatever becomes of it.
        ("within the body", says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", end=end), fine()),
        ("within a chunk", says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nok", end=end), fine()),
        ("before the body", says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", end=end), fine()),
        ("as the body's end", says(b"HTTP/1.1 200 OK\r\n\r\nok", end=end), fine()),
    )
)
