import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine

import aiohttp
import pytest
import uvloop

from allup.lab.behaviour import WEB_SERVERS, Behaviour, Server
from allup.lab.catalogue import BEHAVIOURS, named
from allup.lab.server import Lab, serving

Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


def slow(server: Server, duration: str = "200ms") -> Behaviour:
    return Behaviour(name="slow", about="slow", path=f"/latency/{duration}", server=server)


async def fetch(client: aiohttp.ClientSession, url: str) -> int:
    async with client.get(url) as response:
        await response.read()
        return response.status


async def test_every_server_is_a_host_of_its_own(lab: Lab) -> None:
    hosts = {lab.url(slow(server)).split("/")[2] for server in Server if server is not Server.ELSEWHERE}
    assert len(hosts) == 8


async def test_targets_are_list_lines_for_the_whole_catalogue(lab: Lab) -> None:
    lines = lab.targets()
    assert len(lines) == len(BEHAVIOURS)
    assert f"{lab.base_url}/status/404 name=status-404 expect=404" in lines
    assert "http://127.0.0.1:99999/" in lines


async def test_the_spy_sees_how_many_were_in_flight(lab: Lab, client: aiohttp.ClientSession) -> None:
    urls = [lab.url(slow(server)) for server in (Server.ONE, Server.ONE, Server.ONE, Server.TWO)]
    await asyncio.gather(*(fetch(client, url) for url in urls))
    stats = lab.stats
    assert (stats.total.requests, stats.total.peak_in_flight, stats.total.in_flight) == (4, 4, 0)
    assert (stats.of(Server.ONE).peak_in_flight, stats.of(Server.TWO).peak_in_flight) == (3, 1)
    assert stats.total.connections == stats.total.open_connections == 4


async def test_one_after_the_other_is_a_peak_of_one(lab: Lab, client: aiohttp.ClientSession) -> None:
    for _ in range(5):
        await fetch(client, f"{lab.base_url}/ok")
    assert (lab.stats.total.requests, lab.stats.total.peak_in_flight, lab.stats.total.connections) == (5, 1, 1)


async def test_counting_starts_again_from_what_is_open(lab: Lab, client: aiohttp.ClientSession) -> None:
    await fetch(client, f"{lab.base_url}/ok")
    lab.reset_stats()
    for traffic in (lab.stats.total, lab.stats.of(Server.ONE)):
        assert (traffic.requests, traffic.peak_in_flight, traffic.connections) == (0, 0, 1)


async def test_a_client_that_gives_up_is_not_in_flight_any_more(
    lab: Lab, client: aiohttp.ClientSession, eventually: Eventually
) -> None:
    impatient = asyncio.create_task(fetch(client, f"{lab.base_url}/latency/1h"))
    await eventually(lambda: lab.stats.total.in_flight == 1)
    impatient.cancel()
    await eventually(lambda: lab.stats.total.in_flight == 0)
    assert lab.stats.total.requests == 1


async def hang(client: aiohttp.ClientSession, url: str) -> None:
    with pytest.raises(aiohttp.ClientError):
        await fetch(client, url)


async def test_closing_is_quick_and_leaves_nothing_behind(
    client: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, eventually: Eventually
) -> None:
    before = asyncio.all_tasks()
    with caplog.at_level(logging.WARNING):
        async with serving() as lab:
            await fetch(client, f"{lab.base_url}/ok")
            urls = [lab.url(named("silent")), lab.url(named("slow-body")), f"{lab.base_url}/latency/1h"]
            urls += [lab.url(slow(server, "1h")) for server in WEB_SERVERS]
            hanging = {asyncio.create_task(hang(client, url)) for url in urls}
            await eventually(lambda: lab.stats.total.in_flight == len(urls))
            began = time.monotonic()
        assert time.monotonic() - began < 5
    assert asyncio.all_tasks() <= before | hanging
    assert (lab.stats.total.in_flight, lab.stats.total.open_connections) == (0, 0)
    await asyncio.gather(*hanging)
    assert caplog.records == []


async def test_a_body_that_nobody_reads_does_not_hold_up_the_end(client: aiohttp.ClientSession) -> None:
    async with serving() as lab:
        response = await client.get(lab.url(named("endless-body")))
        began = time.monotonic()
    assert time.monotonic() - began < 5
    response.close()


async def test_a_connection_that_was_never_accepted_does_not_outlive_the_lab() -> None:
    async with serving() as lab:
        visitors = [socket.create_connection(("127.0.0.1", lab._world.ports[Server.SILENT])) for _ in range(5)]
    assert lab.stats.total.open_connections == 0
    for visitor in visitors:
        visitor.close()


async def test_no_port_answers_once_the_lab_is_closed() -> None:
    async with serving() as lab:
        ports = list(lab._world.ports.values())
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)


async def test_the_first_port_can_be_chosen_and_is_free_again_afterwards(client: aiohttp.ClientSession) -> None:
    async with serving() as lab:
        port = int(lab.base_url.rpartition(":")[2])
    for _ in range(2):
        async with serving(port=port) as lab:
            assert lab.base_url == f"http://127.0.0.1:{port}"
            assert await fetch(client, f"{lab.base_url}/ok") == 200


async def test_a_taken_port_is_an_error_that_leaves_nothing_open(lab: Lab) -> None:
    with pytest.raises(OSError, match="address already in use"):
        async with serving(port=int(lab.base_url.rpartition(":")[2])):
            pass


async def test_an_error_inside_the_block_comes_out_of_it() -> None:
    with pytest.raises(LookupError):
        async with serving():
            raise LookupError


async def visit_everything() -> tuple[int, bool]:
    async with serving() as lab, aiohttp.ClientSession() as client:
        began = time.monotonic()
        status = await fetch(client, f"{lab.base_url}/latency/20ms")
        on_time = time.monotonic() - began >= 0.02
        for name in ("reset-at-once", "reset-later", "closed", "not-http"):
            await hang(client, lab.url(named(name)))
        return status, on_time


async def leave_early(path: str) -> None:
    async with serving() as lab, aiohttp.ClientSession() as client:
        for _ in range(20):
            response = await client.get(lab.base_url + path)
            response.close()


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("path", ["/endless", "/drip/1000/1ms"])
def test_a_client_that_leaves_in_the_middle_of_a_body_is_no_error(
    run: Callable[[Coroutine[None, None, None]], None], path: str, caplog: pytest.LogCaptureFixture
) -> None:
    run(leave_early(path))
    assert caplog.records == []


def test_the_lab_keeps_its_word_on_uvloop_too() -> None:
    assert uvloop.run(visit_everything()) == (200, True)
