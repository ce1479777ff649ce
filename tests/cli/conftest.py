"""The lab, in a thread of its own, and what tests make of it."""

import asyncio
import signal
import ssl
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
import trustme

from allup.lab.server import Lab, serving
from cli.driving import PATIENCE_S, eventually
from cli.heard import Heard, listening


@pytest.fixture(scope="session", autouse=True)
def interruptible_children() -> None:
    """Start programs that Ctrl-C reaches from their first moment: a shell's background jobs, and so this, ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def running_lab() -> Iterator[Lab]:
    started: Future[tuple[Lab, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        async with serving() as lab:
            stop = asyncio.Event()
            started.set_result((lab, asyncio.get_running_loop(), stop))
            await stop.wait()

    thread = Thread(target=asyncio.run, args=(serve(),), name="lab")
    thread.start()
    lab, loop, stop = started.result(PATIENCE_S)
    yield lab
    loop.call_soon_threadsafe(stop.set)
    thread.join(PATIENCE_S)


@pytest.fixture
def lab(running_lab: Lab) -> Lab:
    """The lab, idle, and counting from now on."""
    eventually(lambda: running_lab.stats.total.in_flight == 0)
    running_lab.reset_stats()
    return running_lab


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """Where a test may write its list."""
    return tmp_path / "urls.txt"


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Heard, Path]]:
    """A server whose certificate is good for another 30 days, and the file of the authority that issued it."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    expires_at = datetime.now(UTC) + timedelta(days=30)
    authority.issue_cert("localhost", not_after=expires_at).configure_cert(context)
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    for server in listening(context):
        yield server, path
