"""Long lists: memory depends on what is in flight, not on how long the list is."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from cli.driving import PATIENCE_S, variables

SHORT, LONG = 10_000, 100_000
HOSTS = 50_000
LEEWAY_KB = 8_000
FINGERPRINTS_KB = LONG * 40 // 1024
SCRIPT = """
import re, sys
from pathlib import Path
from allup.cli.main import run
try:
    run()
finally:
    print(re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1], file=sys.stderr)
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


class Fast(asyncio.Protocol):
    """Answers 200 to every request, and does nothing else."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" * data.count(b"\r\n\r\n"))


@pytest.fixture(scope="module")
def fast_url() -> Iterator[str]:
    ready: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def main() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(Fast, "127.0.0.1", backlog=512)
        ready.set_result((server.sockets[0].getsockname()[1], loop, stop))
        await stop.wait()
        server.close()

    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    port, loop, stop = ready.result(PATIENCE_S)
    yield f"http://127.0.0.1:{port}/"
    loop.call_soon_threadsafe(stop.set)
    thread.join(PATIENCE_S)


def peak_kb(folder: Path, count: int, line: Callable[[int], str], *options: str) -> int:
    """Return the most memory that a check of `count` lines had at a time; it has to give a result for each."""
    listed = folder / "urls.txt"
    with listed.open("w") as file:
        file.writelines(f"{line(number)}\n" for number in range(count))
    return peak_of(folder, count, "check", str(listed), *options)


def peak_of(folder: Path, count: int, *arguments: str) -> int:
    """Return the most memory, in KiB, that a command which writes `count` lines had at a time."""
    out = folder / "out"
    with out.open("wb") as stdout:
        ended = subprocess.run(
            [sys.executable, "-c", SCRIPT, *arguments],
            stdout=stdout,
            stderr=subprocess.PIPE,
            check=False,
            env=variables(),
            timeout=300,
        )
    with out.open("rb") as results:
        assert sum(1 for _ in results) == count
    return int(ended.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("order", ["list", "completion"])
def test_a_list_ten_times_as_long_takes_no_more_memory(tmp_path: Path, order: str) -> None:
    def line(number: int) -> str:
        return f"http://127.0.0.1:port-{number}/"

    short = peak_kb(tmp_path, SHORT // 2, line, "--order", order)
    long = peak_kb(tmp_path, LONG // 2, line, "--order", order)

    assert long < short + LEEWAY_KB


@pytest.mark.slow
@pytest.mark.parametrize(("option", "more_kb"), [("--no-dedupe", 0), ("--dedupe", FINGERPRINTS_KB)])
def test_a_hundred_thousand_requests_take_no_more_memory(
    tmp_path: Path, fast_url: str, option: str, more_kb: int
) -> None:
    def line(number: int) -> str:
        return f"{fast_url}?{number}"

    short = peak_kb(tmp_path, SHORT, line, option)
    long = peak_kb(tmp_path, LONG, line, option)

    assert long < short + more_kb + LEEWAY_KB


@pytest.mark.slow
@pytest.mark.parametrize(("option", "more_kb"), [("--no-dedupe", 0), ("--dedupe", FINGERPRINTS_KB)])
def test_many_hosts_take_no_more_memory_than_few(tmp_path: Path, option: str, more_kb: int) -> None:
    def line(number: int) -> str:
        host = number % HOSTS
        return f"http://127.{host // 250}.{host % 250}.9:9/{number}"  # nobody listens there

    short = peak_kb(tmp_path, SHORT, line, option, "--retries", "0")
    long = peak_kb(tmp_path, LONG, line, option, "--retries", "0")

    assert long < short + more_kb + LEEWAY_KB


@pytest.mark.slow
def test_a_page_of_a_list_ten_times_as_long_takes_no_more_memory(tmp_path: Path) -> None:
    def line(number: int) -> str:
        return f"http://127.0.0.1:port-{number}/"

    report = ("--report", f"html={tmp_path / 'page.html'}")
    short = peak_kb(tmp_path, SHORT // 2, line, *report)
    long = peak_kb(tmp_path, LONG // 2, line, *report)

    assert long < short + LEEWAY_KB


FORMATS = {
    "csv": ("url,name\n", 'https://{0}.example/,"Page, {0}"\n', ""),
    "json": ("[", '{{"url": "https://{0}.example/"}},\n', '"last.example"]'),
    "xml": ("<urlset>", "<url><loc>https://{0}.example/</loc></url>\n", "</urlset>"),
    "html": ("<ul>", "<li><a href='https://{0}.example/'>page</a></li>\n", "</ul>"),
}


@pytest.mark.slow
@pytest.mark.parametrize("ending", FORMATS)
def test_a_list_of_another_format_is_a_stream_too(tmp_path: Path, ending: str) -> None:
    head, entry, end = FORMATS[ending]

    def peak(count: int) -> int:
        listed = tmp_path / f"urls.{ending}"
        with listed.open("w") as file:
            file.write(head)
            file.writelines(entry.format(number) for number in range(count))
            file.write(end)
        return peak_of(tmp_path, count + ("last" in end), "list", str(listed), "--no-dedupe")

    assert peak(SHORT * 5) < peak(SHORT // 2) + LEEWAY_KB
