import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
import pytest_asyncio

from allup.lab.server import Lab, serving

Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


@pytest_asyncio.fixture
async def lab() -> AsyncIterator[Lab]:
    async with serving() as running:
        yield running


@pytest_asyncio.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield session


@pytest.fixture
def eventually() -> Eventually:
    """Let the event loop turn until something holds, for a few seconds at most."""

    async def wait(holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():  # noqa: ASYNC110 - the other side of a socket tells nobody
                await asyncio.sleep(0)

    return wait
