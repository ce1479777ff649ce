"""What speaks where HTTP was expected, told by its first bytes."""

from typing import Final

_FIRST_BYTES: Final = (
    (b"\x15\x03", "the port speaks TLS: try https://"),
    (b"\x16\x03", "the port speaks TLS: try https://"),
    (b"SSH-", "the port speaks SSH"),
    (b"RTSP/", "the port speaks RTSP"),
    (b"ICY ", "the port speaks ICY, as radio streams do"),
    (b"SIP/", "the port speaks SIP"),
    (b"220", "the port speaks FTP or SMTP"),
    (b"* OK", "the port speaks IMAP"),
    (b"+OK", "the port speaks POP3 or Redis"),
    (b"-ERR", "the port speaks POP3 or Redis"),
    (b"\x00\x00", "the port speaks HTTP/2 only"),
    (b"HTTP/", "an HTTP version that was not asked for"),
    (b"<", "a bare document, as in HTTP/0.9"),
)


def stranger(head: bytes) -> str:
    """Return what the sender of `head` probably is, for people; no byte of it is quoted."""
    for first_bytes, what in _FIRST_BYTES:
        if head.startswith(first_bytes):
            return what
    return "the answer does not begin with HTTP/1"
