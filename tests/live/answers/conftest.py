import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio

from live.answers.certificates import Certificates
from live.answers.line import Script
from live.answers.nasty import Nasty

Serve = Callable[..., Awaitable[Nasty]]


@pytest.hookimpl(optionalhook=True)
def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, Callable[[], Any]]:  # noqa: ARG001
    """Run each test on every loop that the command may run on."""
    loops: dict[str, Callable[[], Any]] = {"asyncio": asyncio.new_event_loop}
    with suppress(ImportError):
        loops["uvloop"] = importlib.import_module("uvloop").new_event_loop
    return loops


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest_asyncio.fixture
async def serve(certificates: Certificates) -> AsyncIterator[Serve]:
    """Start servers on loopback, `server` naming a certificate for TLS, and stop them at the end."""
    running: list[Nasty] = []

    async def start(script: Script, server: str | None = None) -> Nasty:
        nasty = Nasty(script, None if server is None else certificates.contexts[server])
        running.append(nasty)
        await nasty.start()
        return nasty

    yield start
    for nasty in running:
        await nasty.stop()
