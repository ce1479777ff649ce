import time
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from allup.lab import answers
from allup.lab.catalogue import named
from allup.lab.server import Lab

Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


async def get(client: aiohttp.ClientSession, url: str, method: str = "GET") -> tuple[int, str]:
    async with client.request(method, url) as response:
        return response.status, await response.text()


async def test_a_flaky_url_fails_as_often_as_it_says_and_is_fine_then(lab: Lab, client: aiohttp.ClientSession) -> None:
    statuses = [(await get(client, f"{lab.base_url}/flaky/twice/2"))[0] for _ in range(4)]
    assert statuses == [503, 503, 200, 200]


async def test_flaky_keys_do_not_know_each_other(lab: Lab, client: aiohttp.ClientSession) -> None:
    statuses = [(await get(client, f"{lab.base_url}/flaky/{key}/1"))[0] for key in ("a", "b", "a")]
    assert statuses == [503, 503, 200]


async def test_flaky_keys_do_not_pile_up(
    lab: Lab, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_MOST_KEYS", 2)
    for key in ("a", "b", "c"):
        await get(client, f"{lab.base_url}/flaky/{key}/1")
    assert len(lab._world.asked) == 1


async def test_a_limited_url_asks_to_wait_once_and_is_fine_then(lab: Lab, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{lab.base_url}/limited/a/1500ms") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "2")
    assert (await get(client, f"{lab.base_url}/limited/a/1500ms"))[0] == 200
    assert (await get(client, f"{lab.base_url}/flaky/a/1"))[0] == 503


async def test_headers_come_back_as_they_were_sent(lab: Lab, client: aiohttp.ClientSession) -> None:
    async with client.get(lab.url(named("headers")), headers={"X-Odd": "a b"}) as response:
        echo = await response.json()
    assert echo["method"] == "GET"
    assert ["X-Odd", "a b"] in echo["headers"]


@pytest.mark.parametrize("path", ["/ok", "/status/404", "/latency/1ms", "/drip/3/1ms", "/endless"])
async def test_head_gets_the_head_alone(lab: Lab, client: aiohttp.ClientSession, path: str) -> None:
    status, body = await get(client, lab.base_url + path, "HEAD")
    assert (status, body) == (404 if "404" in path else 200, "")


async def test_a_server_that_refuses_head_says_what_it_allows(lab: Lab, client: aiohttp.ClientSession) -> None:
    async with client.head(lab.url(named("head-refused"))) as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET")
    assert (await get(client, lab.url(named("head-refused"))))[0] == 200


async def test_the_head_of_a_dripping_body_does_not_wait_for_the_body(lab: Lab, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{lab.base_url}/drip/1/1h") as response:
        assert (response.status, response.content_length) == (200, 1)


async def test_a_dripping_body_comes_byte_by_byte(lab: Lab, client: aiohttp.ClientSession) -> None:
    began = time.monotonic()
    assert await get(client, f"{lab.base_url}/drip/3/10ms") == (200, "...")
    assert time.monotonic() - began >= 0.029


async def test_an_endless_body_stops_when_nobody_reads_it(
    lab: Lab, client: aiohttp.ClientSession, eventually: Eventually
) -> None:
    async with client.get(lab.url(named("endless-body"))) as response:
        assert await response.content.readexactly(100_000)
    await eventually(lambda: lab.stats.total.open_connections == 0)
    assert lab.stats.endless_bytes >= 100_000
    assert lab.stats.total.in_flight == 0


@pytest.mark.parametrize("path", ["/nowhere", "/latency", "/ok/more", "/relative/elsewhere"])
async def test_an_unknown_path_is_404(lab: Lab, client: aiohttp.ClientSession, path: str) -> None:
    assert await get(client, lab.base_url + path) == (404, "the lab knows no such path\n")


@pytest.mark.parametrize(
    "path",
    ["/latency/soon", "/status/199", "/status/600", "/status/ok", "/redirect/x", "/drip/x/1s", "/limited/a/soon"],
)
async def test_a_word_that_makes_no_sense_is_400(lab: Lab, client: aiohttp.ClientSession, path: str) -> None:
    status, reason = await get(client, lab.base_url + path)
    assert status == 400
    assert reason.strip()


@pytest.mark.parametrize("code", [299, 418, 599])
async def test_any_status_can_be_had_registered_or_not(lab: Lab, client: aiohttp.ClientSession, code: int) -> None:
    assert await get(client, f"{lab.base_url}/status/{code}") == (code, f"{code}\n")


async def test_what_is_looked_into_holds_what_the_catalogue_says(lab: Lab, client: aiohttp.ClientSession) -> None:
    async with client.get(lab.url(named("page"))) as response:
        assert response.charset == "iso-8859-1"
        assert "Welcome to the caf\u00e9" in await response.text()
    async with client.get(lab.url(named("healthy"))) as response:
        assert (await response.json())["status"] == "ok"
    async with client.post(lab.url(named("posted")), data="hello") as response:
        assert await response.json() == {"method": "POST", "body": "hello"}


async def test_a_truncated_body_ends_early(lab: Lab, client: aiohttp.ClientSession) -> None:
    async with client.get(lab.url(named("truncated"))) as response:
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
