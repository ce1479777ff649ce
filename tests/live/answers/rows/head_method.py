"""HEAD, and the way back to GET."""

from typing import Final

from allup.model.failure import FailureKind
from live.answers.case import GONE, LATE, Case, definite, fine
from live.answers.line import Line
from live.answers.scripts import FINE, answer, by_method, ends, head, leads, says, silent

_ASKED: Final = (b"HEAD /start HTTP/1.1", b"GET /start HTTP/1.1")
_NO_HEAD: Final = answer(head(status=b"HTTP/1.1 405 Method Not Allowed"))
_BODY: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
_MISHANDLED: Final = tuple(
    Case(
        name=f"HEAD: {name}",
        script=by_method(answer(FINE), HEAD=script),
        expected=fine(within_s=within_s),
        options="method=HEAD",
        asked=asked,
        times=times,
    )
    for name, script, asked, within_s, times in (
        ("fine", answer(_BODY), (b"HEAD /start HTTP/1.1",), 0.8, 3),
        ("405", _NO_HEAD, _ASKED, 0.8, 3),
        ("501", answer(head(status=b"HTTP/1.1 501 Not Implemented")), _ASKED, 0.8, 3),
        ("a reset", answer(end=Line.reset), _ASKED, 0.8, 1),
        ("a close", answer(end=Line.close), _ASKED, 0.8, 1),
        ("half an answer", answer(b"HTTP/1.1 20", end=Line.close), _ASKED, 0.8, 1),
        ("silence", Line.hang, _ASKED, 0.9, 1),
        ("no HTTP", answer(b"what is HEAD?\r\n"), _ASKED, 0.8, 1),
        ("a body at once", answer(_BODY + b"body"), (), 0.8, 3),
        ("a body later", answer(_BODY, b"body"), (), 0.8, 3),
        ("an answer as a body", answer(_BODY + FINE), (), 0.8, 3),
        (
            "chunks at once",
            answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"),
            (),
            0.8,
            3,
        ),
        (
            "chunks announced",
            answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            (b"HEAD /start HTTP/1.1",),
            0.8,
            3,
        ),
    )
)
HEAD: Final = (
    *_MISHANDLED,
    Case(
        name="HEAD: 404",
        script=says(head(status=b"HTTP/1.1 404 Not Found")),
        expected=definite(FailureKind.STATUS, "404"),
        options="method=HEAD",
    ),
    Case(
        name="HEAD and GET: 405",
        script=says(head(status=b"HTTP/1.1 405 Method Not Allowed")),
        expected=definite(FailureKind.STATUS, "405"),
        options="method=HEAD",
    ),
    Case(name="HEAD and GET: silence", script=silent(), expected=LATE, options="method=HEAD"),
    Case(name="HEAD and GET: a reset", script=ends(Line.reset, asked=True), expected=GONE, options="method=HEAD"),
    Case(
        name="HEAD: a redirect",
        script=leads(b"/end"),
        expected=fine(),
        options="method=HEAD",
        asked=(b"HEAD /start HTTP/1.1", b"HEAD /end HTTP/1.1"),
    ),
)
