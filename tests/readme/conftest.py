"""A place where the README's commands mean something: a list, a lab, and `allup` on the path."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from allup.lab.server import serving


@pytest.fixture(scope="session")
def lab_url() -> Iterator[str]:
    """The base URL of a lab that serves in a thread of its own."""
    loop, url, ready = asyncio.new_event_loop(), [], threading.Event()
    done = asyncio.Event()

    async def serve() -> None:
        async with serving() as lab:
            url.append(lab.base_url)
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="lab")
    thread.start()
    assert ready.wait(5)
    yield url[0]
    loop.call_soon_threadsafe(done.set)
    thread.join(5)
    loop.close()


@pytest.fixture
def shell_environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which `allup` and `python3` are those of this very test run."""
    bin_path = tmp_path / "bin"
    bin_path.mkdir()
    for name, arguments in (("allup", "-m allup"), ("python3", "")):
        script = bin_path / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        script.chmod(0o755)
    return {**os.environ, "PATH": f"{bin_path}{os.pathsep}{os.environ['PATH']}"}
