"""Connections that serve nobody cost descriptors, and there are more hosts than those."""

import asyncio
from typing import cast

from allup.model.settings import HttpSettings
from live.http.asking import asking
from live.http.names import Names

MOST_IDLE = HttpSettings().most_idle


class Counting(asyncio.Protocol):
    """Answers every request, keeps its connections, and counts them."""

    open = 0
    peak = 0
    made = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        Counting.open += 1
        Counting.made += 1
        Counting.peak = max(Counting.peak, Counting.open)

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"\r\n\r\n"):
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        Counting.open -= 1


async def ask_hosts(names: Names, hosts: int, times: int = 1) -> None:
    Counting.open = Counting.peak = Counting.made = 0
    server = await asyncio.get_running_loop().create_server(Counting, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    names.known.update({f"h{number}.test": ["127.0.0.1"] for number in range(hosts)})
    try:
        async with asking() as ask:
            for number in [*range(hosts)] * times:
                assert (await ask(f"http://h{number}.test:{port}/")).status == 200
    finally:
        server.close()


async def test_of_many_hosts_only_so_many_connections_are_kept(names: Names) -> None:
    await ask_hosts(names, hosts=5 * MOST_IDLE)
    # The server sees the end of a connection a moment after the client.
    assert Counting.peak <= MOST_IDLE + 10


async def test_the_connections_of_a_few_hosts_serve_again(names: Names) -> None:
    await ask_hosts(names, hosts=20, times=3)
    assert Counting.made == 20
