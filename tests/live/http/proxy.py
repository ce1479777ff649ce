"""A forward proxy of the tests' own, as a script for `Origin`: tunnels, and requests in absolute form."""

import asyncio
import re
from base64 import b64encode

from live.http.origin import Script, Visit

ASKS_WHO = b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"
THROUGH = b"HTTP/1.1 200 Connection established\r\n\r\n"


def relaying(credentials: str | None = None) -> Script:
    """Relay to loopback, whatever the host is, for those who say `credentials` (None: for everybody)."""
    wanted = None if credentials is None else b64encode(credentials.encode())

    async def script(visit: Visit) -> None:
        while True:
            head = await visit.head()
            if wanted is not None and b"\r\nProxy-Authorization: Basic " + wanted + b"\r\n" not in head:
                await visit.send(ASKS_WHO)
            elif head.startswith(b"CONNECT "):
                await _tunnel(visit, head)
            else:
                await _forward(visit, head)

    return script


async def _tunnel(visit: Visit, head: bytes) -> None:
    port = int(head.split(b" ", 2)[1].rpartition(b":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await visit.send(THROUGH)
    await asyncio.gather(_pipe(visit._reader, writer), _pipe(reader, visit.writer))


async def _forward(visit: Visit, head: bytes) -> None:
    method, target, rest = head.split(b" ", 2)
    whole = re.fullmatch(rb"http://[^/:]+:(?P<port>[0-9]+)(?P<path>/.*)", target)
    assert whole is not None, target
    reader, writer = await asyncio.open_connection("127.0.0.1", int(whole["port"]))
    try:
        writer.write(b" ".join((method, whole["path"], rest)))
        answer = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"Content-Length: ([0-9]+)", answer)
        body = b"" if length is None or method == b"HEAD" else await reader.readexactly(int(length[1]))
        await visit.send(answer + body)
    finally:
        writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
