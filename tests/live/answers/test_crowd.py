import asyncio
import gzip
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from allup.http.answer import REUSE_BYTES
from live.answers.certificates import Certificates
from live.answers.conftest import Serve
from live.answers.running import environment, lines_of, run
from live.answers.scripts import floods, says
from live.answers.table import TABLE

MOST_BYTES = 150_000_000
"""What the process may take at most, the interpreter and all libraries included."""
TIMEOUT_S = 8.0
"""All servers and, but for the memory, the client too share one loop with the floods among them."""
CLEANUP_S = 8.0


Test = TypeVar("Test", bound=Callable[..., Awaitable[None]])


def in_a_process(test: Test) -> Test:
    """Run `test` once, whatever the loops are: its client is a process of its own."""
    once = pytest.mark.asyncio(loop_factories=["asyncio"])
    linux = pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB on Linux only")
    marked: Test = linux(once(test))
    return marked


async def test_all_behaviours_at_once_are_told_as_each_alone(serve: Serve, certificates: Certificates) -> None:
    lines = []
    for case in TABLE:
        nasty = await serve(case.script, case.server)
        lines += lines_of(case, nasty, timeout_s=TIMEOUT_S)[:1]
    results, took_s = await run(lines, certificates, concurrency=len(lines))
    found = {
        case.name: (one.verdict, one.failure and one.failure.kind) for case, one in zip(TABLE, results, strict=True)
    }
    assert found == {case.name: (case.expected.verdict, case.expected.kind) for case in TABLE}
    assert took_s < TIMEOUT_S + CLEANUP_S


async def ask_in_a_process(lines: list[str], ca_file: Path) -> tuple[list[list[str]], float, int]:
    """Return the outcomes, the seconds and the peak of memory in bytes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("crowd.py")),
        str(ca_file),
        env=environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate("\n".join(lines).encode())
    assert process.returncode == 0
    told = json.loads(output)
    return told["outcomes"], told["wall_s"], told["most_bytes"]


@pytest.mark.slow
@in_a_process
async def test_a_worker_stuck_on_each_behaviour_takes_little_memory(serve: Serve, certificates: Certificates) -> None:
    lines = []
    for case in TABLE:
        nasty = await serve(case.script, case.server)
        lines += lines_of(case, nasty, timeout_s=TIMEOUT_S)[:1]
    outcomes, took_s, most_bytes = await ask_in_a_process(lines, certificates.ca_file)
    assert [verdict for verdict, _ in outcomes] == [case.expected.verdict for case in TABLE]
    assert took_s < TIMEOUT_S + CLEANUP_S
    assert most_bytes < MOST_BYTES


@pytest.mark.slow
@in_a_process
@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 302 Found\r\nLocation: /start\r\n\r\n", b"x"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
    ids=["headers", "a header", "a body", "redirects", "interim answers"],
)
async def test_forty_floods_take_little_memory(
    serve: Serve, certificates: Certificates, first: bytes, piece: bytes
) -> None:
    nasty = await serve(floods(first, piece))
    _, took_s, most_bytes = await ask_in_a_process([f"{nasty.url} timeout={TIMEOUT_S / 2}"] * 40, certificates.ca_file)
    assert took_s < TIMEOUT_S + 2 * CLEANUP_S
    assert most_bytes < MOST_BYTES


@in_a_process
async def test_bombs_are_not_unpacked(serve: Serve, certificates: Certificates) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < REUSE_BYTES  # short enough to be read
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb
    nasty = await serve(says(answer))
    outcomes, took_s, most_bytes = await ask_in_a_process([nasty.url] * 20, certificates.ca_file)
    assert outcomes == [["ok", None]] * 20
    assert took_s < CLEANUP_S
    assert most_bytes < MOST_BYTES
