from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from unittest.mock import Mock

import aiohttp
import pytest
import pytest_asyncio
from aioresponses import aioresponses
from yarl import URL

from allup.http.client import open_client
from allup.http.exchange import Exchange
from allup.http.request import Headers
from allup.http.session import Session
from allup.lists.line import LineDefaults, parse_line
from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.settings import HttpSettings
from allup.model.target import Origin, Target

Ask = Callable[[str], Awaitable[Attempt]]
Asked = Callable[[aioresponses], list[str]]


class WrittenResponse(aiohttp.ClientResponse):
    """A response whose request has been written: aiohttp 3.14 asks who wrote it, aioresponses does not say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, stream_writer=Mock(output_size=0), **kwargs)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[aioresponses]:
    monkeypatch.setattr("aioresponses.core.ClientResponse", WrittenResponse)
    with aioresponses() as mocked:
        yield mocked


@pytest.fixture
def mocked_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask over aiohttp's own session, which is where aioresponses stands; its answers have what an `Answer` has."""

    async def ask(
        _: Session,
        method: str,
        href: str,
        exchange: Exchange,
        *,
        headers: Headers,
        data: bytes | None = None,
        on_connecting: Callable[[], None],
        **_others: object,
    ) -> aiohttp.ClientResponse:
        on_connecting()
        exchange.connection_ready()
        async with aiohttp.ClientSession() as session:
            response = await session.request(
                method, URL(href, encoded=True), headers=headers, data=data, allow_redirects=False
            )
        response.version = aiohttp.HttpVersion11
        exchange.request_sent()
        exchange.headers_received()
        return response

    monkeypatch.setattr(Session, "ask", ask)


@pytest_asyncio.fixture
async def ask(web: aioresponses, mocked_session: None) -> AsyncIterator[Ask]:  # noqa: ARG001 - no request gets past it
    """Ask one target, written as a line of a list, through two redirects at most."""

    def target(line: str) -> Target:
        entry = parse_line(line, LineDefaults(), Origin())
        assert isinstance(entry, Target)
        return entry

    async with open_client(HttpSettings(max_redirects=2), Clock()) as client:
        yield lambda line: client.attempt(target(line))


@pytest.fixture
def asked() -> Asked:
    """List what was asked, in order of the first time: ``GET http://h/``."""

    def requests(web: aioresponses) -> list[str]:
        return [f"{method} {url}" for (method, url), calls in (web.requests or {}).items() for _ in calls]

    return requests
