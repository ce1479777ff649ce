"""What is this machine's own fault is told as such: unchecked, exit 3, and no word against the targets."""

import asyncio
import errno
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast

import pytest

from allup.http import connection_failures, dns_failures
from allup.lab.server import Lab
from allup.model.failure import Certainty, FailureKind
from allup.model.result import Verdict
from live.polite.running import ran
from live.polite.spy import Answer, in_turn, spying

UNFITTED = """
from allup.cli import fitted
from allup.cli.descriptors import Fit
from allup.cli.main import run
fitted.fitting = lambda concurrency, most_idle, descriptors: Fit(concurrency, most_idle)
run()
"""
"""The command, without what keeps it from running out of descriptors."""

ALONE = """
ip link set lo up || exit 77
"$python" -m allup lab > lab.txt & lab=$!
until grep -q nosuch.invalid lab.txt; do sleep 0.05; done
here=$(grep -o 'http://127[^ ]*/ok ' lab.txt | head -n 1)
"$python" -m allup check -f jsonl --timeout 3s "$here" http://192.0.2.1/ 'http://[2001:db8::1]/' http://name.example/
code=$?
kill $lab
exit $code
"""
"""A machine with a loopback and nothing else."""


def shell(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", script],
        cwd=folder,
        env={**os.environ, "python": sys.executable, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


async def in_a_thread(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `script` while this event loop serves what it asks for."""
    return await asyncio.to_thread(shell, script, folder, **variables)


async def test_the_concurrency_fits_the_descriptors_and_says_so(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_text("".join(f"{lab.base_url}/latency/50ms?{number}\n" for number in range(60)))

    ended = await in_a_thread(
        'ulimit -n 100; exec "$python" -m allup check urls.txt -c 80 --per-host 80 -f jsonl', tmp_path
    )

    assert ended.returncode == 0
    assert ended.stderr == (
        "allup: the limit of open files allows 30 targets at once, not 80: "
        "raise it (ulimit -n) or lower --concurrency\n"
    )
    assert {record["verdict"] for record in records(ended.stdout)} == {"ok"}
    assert 15 < lab.stats.total.peak_in_flight <= 30


class KeepsOpen(asyncio.Protocol):
    """Answers every request, and leaves it to the client to close."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"\r\n\r\n"):
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize("limit", [64, 100, 256])
async def test_more_hosts_than_descriptors_are_all_checked(tmp_path: Path, limit: int) -> None:
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        urls = []
        for number in range(400):
            host = f"127.9.{number // 200}.{number % 200 + 1}"
            server = await stack.enter_async_context(await loop.create_server(KeepsOpen, host, 0))
            urls.append(f"http://{host}:{server.sockets[0].getsockname()[1]}/\n")
        (tmp_path / "urls.txt").write_text("".join(urls))
        ended = await in_a_thread(f'ulimit -n {limit}; exec "$python" -m allup check urls.txt -f jsonl', tmp_path)

    assert Counter(record["verdict"] for record in records(ended.stdout)) == {"ok": 400}
    assert ended.returncode == 0


async def test_a_soft_limit_is_raised_and_nothing_is_said(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_text("".join(f"{lab.base_url}/latency/500ms?{number}\n" for number in range(80)))

    ended = await in_a_thread(
        'ulimit -S -n 70; exec "$python" -m allup check urls.txt -c 80 --per-host 80 -q', tmp_path
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert 30 < lab.stats.total.peak_in_flight <= 80  # 30 would fit into 70 descriptors


async def test_descriptors_that_run_out_are_no_failure(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_text("".join(f"{lab.base_url}/latency/500ms?{number}\n" for number in range(100)))

    ended = await in_a_thread(
        'ulimit -n 64; exec "$python" -c "$unfitted" check urls.txt --per-host 100 -f jsonl',
        tmp_path,
        unfitted=UNFITTED,
    )

    told = records(ended.stdout)
    assert ended.returncode == 3
    assert Counter(record["verdict"] for record in told).keys() == {"ok", "unchecked"}
    assert [record["line"] for record in told] == list(range(1, 101))
    left = [record for record in told if record["verdict"] == "unchecked"]
    assert {record["failure"]["kind"] for record in left} == {"local"}
    assert {record["failure"]["certainty"] for record in left} == {"local"}
    assert {record["attempts"] for record in left} == {1}
    assert "ulimit" in left[0]["failure"]["hint"]


def test_without_a_network_only_the_own_machine_is_up_and_nothing_is_down(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("this machine cannot take a network away")
    ended = shell('unshare -rn sh -c "$alone"', tmp_path, alone=ALONE)
    if ended.returncode in (1, 77) and not ended.stdout:
        pytest.skip(f"this machine cannot take a network away: {ended.stderr}")

    here, *elsewhere = records(ended.stdout)
    assert ended.returncode == 3
    assert here["verdict"] == "ok"
    assert [record["verdict"] for record in elsewhere] == ["unchecked"] * 3
    assert [record["failure"]["kind"] for record in elsewhere] == ["local"] * 3
    assert all(record["attempts"] == 1 and record["failure"]["hint"] for record in elsewhere)


@pytest.fixture
def no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (connection_failures, dns_failures):
        monkeypatch.setattr(module, "has_route", lambda: False)


def refuse(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Have every connection of this event loop fail with the error `number`."""

    async def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", refused)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.EADDRNOTAVAIL])
async def test_what_the_system_has_no_more_of_is_local(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async with spying(in_turn(Answer())) as spy:
        refuse(monkeypatch, number)
        came = await ran([spy.url("/")])

    assert (came.verdicts, came.kinds, came.attempts) == ([Verdict.UNCHECKED], [FailureKind.LOCAL], [1])


@pytest.mark.usefixtures("no_route")
async def test_no_route_to_anywhere_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, errno.ENETUNREACH)

    came = await ran(["http://192.0.2.1/"])

    (result,) = came.results
    assert (result.verdict, result.attempts) == (Verdict.UNCHECKED, 1)
    assert result.failure is not None
    assert (result.failure.kind, result.failure.certainty) == (FailureKind.LOCAL, Certainty.LOCAL)


async def test_no_route_to_one_place_is_a_failure_of_that_place(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, errno.ENETUNREACH)
    monkeypatch.setattr(connection_failures, "has_route", lambda: True)

    came = await ran(["http://192.0.2.1/ retries=0"])

    assert (came.verdicts, came.kinds) == ([Verdict.FAILED], [FailureKind.UNREACHABLE])
