"""What speaks where HTTP was expected."""

from typing import Final

from allup.model.failure import FailureKind
from live.answers.case import EARLY, NOT_HTTP, SPOKE_FIRST, Case, definite, fine, passing
from live.answers.line import Line
from live.answers.scripts import FINE, greets, head, replies, says

_ALERT: Final = b"\x15\x03\x01\x00\x02\x02\x46"
STRANGERS: Final = (
    Case(
        name="a bare document",
        script=says(b"<html>HTTP/0.9 was simple</html>", end=Line.close),
        expected=definite(FailureKind.PROTOCOL, "HTTP/0.9"),
    ),
    Case(name="a bare text", script=says(b"hello, world\r\n", end=Line.close), expected=NOT_HTTP),
    Case(
        name="SSH, speaking first",
        script=greets(b"SSH-2.0-OpenSSH_9.6\r\n"),
        expected=definite(FailureKind.PROTOCOL, "SSH", phases=SPOKE_FIRST),
    ),
    Case(
        name="SSH, after the request",
        script=says(b"SSH-2.0-OpenSSH_9.6\r\n", b"Invalid SSH identification string.\r\n", end=Line.close),
        expected=definite(FailureKind.PROTOCOL, "SSH"),
    ),
    Case(
        name="FTP, speaking first",
        script=greets(b"220 ProFTPD Server ready.\r\n"),
        expected=definite(FailureKind.PROTOCOL, "FTP", phases=SPOKE_FIRST),
    ),
    Case(
        name="SMTP, after the request",
        script=says(b"220 mx.example ESMTP\r\n", b"502 5.5.2 Error: command not recognized\r\n"),
        expected=definite(FailureKind.PROTOCOL, "SMTP"),
    ),
    Case(
        name="IMAP, after the request",
        script=says(b"* OK [CAPABILITY IMAP4rev1] ready.\r\n"),
        expected=definite(FailureKind.PROTOCOL, "IMAP"),
    ),
    Case(
        name="POP3, after the request",
        script=says(b"+OK POP3 ready\r\n"),
        expected=definite(FailureKind.PROTOCOL, "POP3"),
    ),
    Case(
        name="RTSP", script=says(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"), expected=definite(FailureKind.PROTOCOL, "RTSP")
    ),
    Case(
        name="ICY",
        script=says(b"ICY 200 OK\r\nicy-name: radio\r\n\r\n"),
        expected=definite(FailureKind.PROTOCOL, "ICY"),
    ),
    Case(name="SIP", script=says(b"SIP/2.0 200 OK\r\n\r\n"), expected=definite(FailureKind.PROTOCOL, "SIP")),
    Case(
        name="HTTP/2 only",
        script=replies(b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"),
        expected=definite(FailureKind.PROTOCOL, "HTTP/2"),
    ),
    Case(
        name="HTTP/2 only, speaking first",
        script=greets(b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"),
        expected=definite(FailureKind.PROTOCOL, phases=SPOKE_FIRST),
    ),
    Case(
        name="TLS, that answers with an alert",
        script=replies(_ALERT, end=Line.close),
        expected=definite(FailureKind.PROTOCOL, "TLS"),
    ),
    Case(
        name="plain HTTP asked of a TLS server",
        script=says(FINE),
        server="good",
        scheme="http",
        expected=passing(FailureKind.RESET, phases=EARLY),
    ),
    Case(name="a request sent back", script=replies(b"GET /start HTTP/1.1\r\nHost: x\r\n\r\n"), expected=NOT_HTTP),
    Case(name="NULs", script=says(b"\0" * 100), expected=NOT_HTTP),
    # As curl has it, too: a full server says so and does not wait for the request.
    Case(name="an answer before it is asked", script=greets(FINE), expected=fine()),
    Case(
        name="a refusal before it is asked",
        script=greets(head(b"Connection: close", status=b"HTTP/1.1 503 Full")),
        expected=passing(FailureKind.STATUS, "503"),
    ),
)
