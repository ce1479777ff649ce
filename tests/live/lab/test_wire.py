import asyncio
from collections.abc import Awaitable, Callable

import pytest

from allup.lab.behaviour import Server
from allup.lab.server import Lab

Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


async def connect(lab: Lab, server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", lab._world.ports[server])


async def say(lab: Lab, head: bytes = b"", server: Server = Server.WIRE) -> bytes:
    reader, writer = await connect(lab, server)
    try:
        writer.write(head)
        return await reader.read()
    finally:
        writer.transport.abort()


async def test_a_reset_is_a_reset_and_no_orderly_end(lab: Lab) -> None:
    with pytest.raises(ConnectionResetError):
        await say(lab, b"GET /reset HTTP/1.1\r\n\r\n")


async def test_an_abrupt_server_resets_before_any_request(lab: Lab) -> None:
    with pytest.raises(ConnectionResetError):
        await say(lab, server=Server.ABRUPT)
    assert lab.stats.of(Server.ABRUPT).requests == 0


async def test_hanging_up_is_an_orderly_end(lab: Lab) -> None:
    assert await say(lab, b"GET /close?why=not HTTP/1.1\r\n\r\n") == b""


async def test_a_head_may_come_in_pieces(lab: Lab, eventually: Eventually) -> None:
    reader, writer = await connect(lab, Server.WIRE)
    writer.write(b"GET /nons")
    await eventually(lambda: lab.stats.of(Server.WIRE).in_flight == 1)
    writer.write(b"ense HTTP/1.1\r\n\r\n")
    assert (await reader.read()).startswith(b"220 ")
    writer.transport.abort()


@pytest.mark.parametrize(
    "head",
    [b"GET /unknown HTTP/1.1\r\n\r\n", b"\r\n\r\n", b"\x16\x03\x01\x02\x00", b"x" * 65_537],
    ids=["unknown path", "no path", "handshake", "too long"],
)
async def test_what_makes_no_sense_gets_a_plain_400(lab: Lab, head: bytes) -> None:
    assert (await say(lab, head)).startswith(b"HTTP/1.1 400 ")


async def test_a_silent_server_holds_on_until_the_client_leaves(lab: Lab, eventually: Eventually) -> None:
    _, writer = await connect(lab, Server.SILENT)
    traffic = lab.stats.of(Server.SILENT)
    writer.write(b"GET / HTTP/1.1\r\n")
    await eventually(lambda: traffic.in_flight == 1)
    writer.write(b"\r\n")
    writer.close()
    await eventually(lambda: traffic.open_connections == 0)
    assert (traffic.requests, traffic.in_flight) == (1, 0)
