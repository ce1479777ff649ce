"""Hosts that bear so many at once and no more."""

import asyncio

import aiohttp

from allup.lab.server import Lab


async def statuses(lab: Lab, client: aiohttp.ClientSession, path: str, count: int) -> list[int]:
    async def status(number: int) -> int:
        async with client.get(f"{lab.base_url}{path}?{number}") as response:
            return response.status

    return sorted(await asyncio.gather(*map(status, range(count))))


async def test_a_host_that_throttles_answers_so_many_at_once(lab: Lab, client: aiohttp.ClientSession) -> None:
    assert await statuses(lab, client, "/throttling/3/300ms", 5) == [200, 200, 200, 429, 429]
    assert await statuses(lab, client, "/throttling/3/1ms", 3) == [200, 200, 200]


async def test_a_host_that_collapses_takes_four_times_as_long_for_twice_as_many(
    lab: Lab, client: aiohttp.ClientSession
) -> None:
    loop = asyncio.get_running_loop()
    began_at = loop.time()
    assert set(await statuses(lab, client, "/collapsing/2/20ms", 4)) == {200}
    assert loop.time() - began_at >= 0.08
