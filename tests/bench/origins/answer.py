"""What every origin answers."""

from typing import Final

BODY: Final = b"up " * 170 + b"\n"
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(BODY)
ANSWER: Final = HEAD + BODY
