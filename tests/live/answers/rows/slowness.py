"""Answers that take their time."""

from typing import Final

from live.answers.case import LATE, Case, fine
from live.answers.scripts import drips, says, silent

SLOWNESS: Final = (
    Case(name="silence", script=silent(), expected=LATE),
    Case(name="one byte a second of the status line", script=drips(b"HT", b"TP/1.1 200 OK"), expected=LATE),
    Case(name="one byte a second of the headers", script=drips(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), expected=LATE),
    Case(
        name="one byte a second of the body",
        script=drips(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"x"),
        expected=fine(),
    ),
    Case(
        name="the head a byte at a time",
        script=says(*(bytes((one,)) for one in b"HTTP/1.1 204 \r\n\r\n")),
        expected=fine(),
    ),
)
