import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio

from allup.lists.track_record import track_record
from live.http.names import Names
from live.http.origin import Origin, Script

Serve = Callable[..., Awaitable[Origin]]


@pytest.hookimpl(optionalhook=True)
def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, Callable[[], Any]]:  # noqa: ARG001
    """Run each test on every loop that the command may run on."""
    loops: dict[str, Callable[[], Any]] = {"asyncio": asyncio.new_event_loop}
    with suppress(ImportError):
        loops["uvloop"] = importlib.import_module("uvloop").new_event_loop
    return loops


@pytest.fixture(autouse=True)
def unbiased() -> None:
    """Hold no expression's past against it."""
    track_record.cache_clear()


@pytest_asyncio.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start servers on loopback, and stop them at the end."""
    running: list[Origin] = []

    async def start(script: Script, *, tls: Any = None) -> Origin:
        origin = Origin(script, tls)
        running.append(origin)
        await origin.start()
        return origin

    yield start
    for origin in running:
        await origin.stop()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Resolve names by a table instead of the system's service."""
    scripted = Names()
    monkeypatch.setattr("allup.http.resolver.DefaultResolver", scripted)
    return scripted


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Let the event loop turn until something holds, for a few seconds at most."""

    async def wait(holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():  # noqa: ASYNC110 - the other side of a socket tells nobody
                await asyncio.sleep(0)

    return wait
