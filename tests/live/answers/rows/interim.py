"""Interim answers (RFC 9110, section 15.2) before the final one."""

from typing import Final

from allup.model.failure import FailureKind
from live.answers.case import GONE, LATE, Case, definite, fine
from live.answers.line import Line
from live.answers.scripts import FINE, drips, floods, head, says

_HINTS: Final = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
_PROCESSING: Final = b"HTTP/1.1 102 Processing\r\n\r\n"
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
INTERIM: Final = (
    Case(name="100 before the answer", script=says(_CONTINUE + FINE), expected=fine()),
    Case(name="102 before the answer", script=says(_PROCESSING, FINE), expected=fine()),
    Case(name="103 before the answer", script=says(_HINTS, FINE), expected=fine()),
    Case(
        name="103 in pieces before the answer",
        script=says(_HINTS[:20], _HINTS[20:] + FINE[:9], FINE[9:]),
        expected=fine(),
    ),
    Case(name="an interim answer nobody knows", script=says(b"HTTP/1.1 199 So Far\r\n\r\n" + FINE), expected=fine()),
    Case(
        name="100, 102 and 103 before the answer", script=says(_CONTINUE, _PROCESSING + _HINTS, FINE), expected=fine()
    ),
    Case(name="many interim answers", script=says(_HINTS * 500 + FINE), expected=fine()),
    Case(
        name="103 before a 404",
        script=says(_HINTS, head(status=b"HTTP/1.1 404 Not Found")),
        expected=definite(FailureKind.STATUS, "404"),
    ),
    Case(name="103 and then nothing", script=says(_HINTS), expected=LATE),
    Case(name="103 and then the end", script=says(_HINTS, end=Line.close), expected=GONE),
    Case(
        name="endless interim answers",
        script=floods(b"", _CONTINUE),
        expected=definite(FailureKind.PROTOCOL, "KiB of headers"),
    ),
    Case(name="endless interim answers, slowly", script=drips(b"", _CONTINUE, every_s=0.01), expected=LATE),
    # curl and browsers take it for the answer too, since they did not ask to switch.
    Case(
        name="101 that nobody asked for",
        script=says(head(b"Upgrade: websocket", b"Connection: Upgrade", status=b"HTTP/1.1 101 Switching Protocols")),
        expected=definite(FailureKind.STATUS, "101"),
    ),
)
