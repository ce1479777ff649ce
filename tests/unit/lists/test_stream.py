import asyncio
import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from allup.lists.line import LineDefaults
from allup.lists.source import FileSource, Source, SourceError, StandardInput, UrlSource
from allup.lists.stream import Entries, TargetStream
from allup.model.selection import SelectionSettings
from allup.model.target import Entry, InvalidTarget

_SOON_S = 10.0


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read_fd, write_fd = os.pipe()
    with ExitStack() as open_ends:
        open_ends.callback(_close, read_fd)
        open_ends.callback(_join_readers)
        open_ends.callback(_close, write_fd)
        yield read_fd, write_fd


def _join_readers() -> None:
    # A reader that is left behind would read the next test's pipe: descriptors are used again.
    for thread in threading.enumerate():
        if thread.name == "allup-list":
            thread.join(_SOON_S)


def _close(fd: int) -> None:
    try:
        os.close(fd)
    except OSError:
        return


def _list(path: Path, data: bytes) -> FileSource:
    path.write_bytes(data)
    return FileSource(path=str(path))


async def _drain(stream: Entries) -> list[Entry]:
    entries: list[Entry] = []
    while (batch := await asyncio.wait_for(stream.next_batch(), _SOON_S)) is not None:
        entries += batch
    return entries


async def _read(*sources: Source, dedupe: bool = True) -> list[Entry]:
    async with TargetStream(sources, LineDefaults(), SelectionSettings(dedupe=dedupe)) as stream:
        return await _drain(stream)


def _urls(entries: list[Entry]) -> list[str]:
    return [entry.text if isinstance(entry, InvalidTarget) else entry.url for entry in entries]


async def _next_urls(stream: TargetStream) -> list[str]:
    while True:
        batch = await asyncio.wait_for(stream.next_batch(), _SOON_S)
        assert batch is not None
        if urls := _urls(list(batch)):
            return urls


async def test_sources_come_one_after_the_other_with_their_origins(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    entries = await _read(UrlSource(text="a.example"), _list(path, b"\n# c\nb.example\nfoo"), UrlSource(text="c://"))
    assert _urls(entries) == ["https://a.example", "https://b.example", "foo", "c://"]
    assert [str(entry.origin) for entry in entries] == ["argument", f"{path}:3", f"{path}:4", "argument"]


async def test_repeats_are_counted_and_left_out(tmp_path: Path) -> None:
    once = b"a.example\na.example#f\na.example expect=404\nfoo\n"
    data = once + b"https://a.example/\na.example method=get\na.example expect=404\nfoo\n"
    async with TargetStream([_list(tmp_path / "l", data), UrlSource(text="a.example")], LineDefaults()) as stream:
        entries = await _drain(stream)
    assert _urls(entries) == ["https://a.example", "https://a.example#f", "https://a.example", "foo", "foo"]
    assert stream.repeats == 4


async def test_without_dedupe_everything_comes(tmp_path: Path) -> None:
    assert len(await _read(_list(tmp_path / "l", b"a.example\na.example\n"), dedupe=False)) == 2


async def test_the_same_url_by_another_name_is_another_target(tmp_path: Path) -> None:
    assert len(await _read(_list(tmp_path / "l", b"a.example name=x\na.example name=y\na.example\n"))) == 3


async def test_lists_without_an_entry_are_named(tmp_path: Path) -> None:
    sources = [_list(tmp_path / "1", b""), _list(tmp_path / "2", b"# c\n\n"), _list(tmp_path / "3", b"foo")]
    async with TargetStream(sources, LineDefaults()) as stream:
        assert len(await _drain(stream)) == 1
    assert stream.empty_sources == [str(tmp_path / "1"), str(tmp_path / "2")]


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        (b"a.example/\xff", "a.example/\\xff", "not UTF-8"),
        (b"a.example\0", "a.example\0", "a NUL byte in the line"),
        (b"https://u:" + b"s3cr3t" * 20_000 + b"@h/", "https://u", "longer than 65,536 bytes"),
    ],
)
async def test_unreadable_bytes_make_an_invalid_target(tmp_path: Path, line: bytes, text: str, reason: str) -> None:
    bad, good = await _read(_list(tmp_path / "l", line + b"\nb.example\n"))
    assert isinstance(bad, InvalidTarget)
    assert (bad.text, bad.reason) == (text, reason)
    assert (good.origin.line, _urls([good])) == (2, ["https://b.example"])


async def test_a_comment_may_hold_any_bytes(tmp_path: Path) -> None:
    assert await _read(_list(tmp_path / "l", b" # f\xfcr\0\n#" + b"a" * 70_000)) == []


async def test_an_argument_in_another_encoding_can_be_printed() -> None:
    (entry,) = await _read(UrlSource(text="https://h/caf\udce9"))
    assert isinstance(entry, InvalidTarget)
    assert entry.text == "https://h/caf\\udce9"


async def test_a_line_comes_as_soon_as_it_is_written(pipe: tuple[int, int]) -> None:
    read_fd, write_fd = pipe
    async with TargetStream([StandardInput(fd=read_fd)], LineDefaults()) as stream:
        os.write(write_fd, b"a.example\nb.exa")
        assert await _next_urls(stream) == ["https://a.example"]
        os.write(write_fd, b"mple")
        os.close(write_fd)
        assert await _next_urls(stream) == ["https://b.example"]
        assert await stream.next_batch() is None


async def test_a_pipe_that_does_not_block_is_waited_for(pipe: tuple[int, int]) -> None:
    os.set_blocking(pipe[0], False)
    async with TargetStream([StandardInput(fd=pipe[0])], LineDefaults()) as stream:
        waiting = asyncio.create_task(_next_urls(stream))
        await asyncio.sleep(0.01)
        os.write(pipe[1], b"a.example\n")
        assert await waiting == ["https://a.example"]


async def test_stop_ends_a_pipe_after_what_was_read(pipe: tuple[int, int]) -> None:
    read_fd, write_fd = pipe
    async with TargetStream([StandardInput(fd=read_fd), UrlSource(text="z.example")], LineDefaults()) as stream:
        os.write(write_fd, b"a.example\nb.exa")
        assert await _next_urls(stream) == ["https://a.example"]
        stream.stop()
        os.write(write_fd, b"mple\nc.example\n")
        assert _urls(await _drain(stream)) == ["https://z.example"]
    assert stream.empty_sources == []


async def test_stop_wakes_a_reader_that_waits(pipe: tuple[int, int]) -> None:
    async with TargetStream([StandardInput(fd=pipe[0])], LineDefaults()) as stream:
        waiting = asyncio.create_task(stream.next_batch())
        await asyncio.sleep(0)
        stream.stop()
        assert await asyncio.wait_for(waiting, _SOON_S) is None


async def test_stop_before_the_start_reads_nothing(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], b"a.example\n")
    async with TargetStream([StandardInput(fd=pipe[0])], LineDefaults()) as stream:
        stream.stop()
        assert await _drain(stream) == []


async def test_stop_leaves_a_file_alone(tmp_path: Path) -> None:
    source = _list(tmp_path / "l", b"".join(b"a%d.example\n" % number for number in range(10_000)))
    async with TargetStream([source, UrlSource(text="z.example")], LineDefaults()) as stream:
        first = await _next_urls(stream)
        stream.stop()
        assert len(first) + len(await _drain(stream)) == 10_001


async def test_a_cancelled_wait_loses_nothing(pipe: tuple[int, int]) -> None:
    async with TargetStream([StandardInput(fd=pipe[0])], LineDefaults()) as stream:
        waiting = asyncio.create_task(stream.next_batch())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        os.write(pipe[1], b"a.example\n")
        assert await _next_urls(stream) == ["https://a.example"]


async def test_a_long_pipe_comes_whole(pipe: tuple[int, int]) -> None:
    read_fd, write_fd = pipe
    data = b"".join(b"a%d.example\n" % number for number in range(50_000))

    def write() -> None:
        with os.fdopen(write_fd, "wb") as file:
            file.write(data)

    writing = asyncio.create_task(asyncio.to_thread(write))
    entries = await _read(StandardInput(fd=read_fd))
    await writing
    assert [entry.origin.line for entry in entries] == list(range(1, 50_001))


async def test_a_named_pipe_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    async with TargetStream([FileSource(path=str(path))], LineDefaults()) as stream:
        reading = asyncio.create_task(_drain(stream))
        await asyncio.to_thread(path.write_bytes, b"a.example\n")
        assert _urls(await asyncio.wait_for(reading, _SOON_S)) == ["https://a.example"]


async def test_standard_input_from_a_file_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "l"
    path.write_bytes(b"a.example\n")
    with path.open("rb") as file:
        (entry,) = await _read(StandardInput(fd=file.fileno()))
        assert file.fileno() == os.dup2(file.fileno(), file.fileno())
    assert str(entry.origin) == "-:1"


async def test_a_source_that_cannot_be_opened_is_known_at_the_start(tmp_path: Path) -> None:
    sources = [_list(tmp_path / "l", b"a.example\n"), FileSource(path=str(tmp_path / "missing"))]
    with pytest.raises(SourceError, match=r"missing: cannot be read: No such file"):
        await _read(*sources)


async def test_a_closed_standard_input_is_known_at_the_start(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    with pytest.raises(SourceError, match=r"standard input: cannot be read: Bad file descriptor"):
        await _read(StandardInput(fd=pipe[0]))


async def test_a_directory_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="it is a directory"):
        await _read(FileSource(path=str(tmp_path)))


async def test_a_named_pipe_without_permission_is_known_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "fifo")
    # Whoever is root may read everything.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(SourceError, match="permission denied"):
        await _read(FileSource(path=str(tmp_path / "fifo")))


@pytest.mark.parametrize("regular", [True, False])
async def test_a_list_that_breaks_off_is_a_failed_entry(
    *, regular: bool, tmp_path: Path, pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_fd: int, size: int) -> bytes:
        if size < 100:
            return b""  # whether it can be read at all is tried beforehand
        raise OSError(5, "Input/output error")

    source = _list(tmp_path / "l", b"a.example\n") if regular else StandardInput(fd=pipe[0])
    monkeypatch.setattr(os, "read", broken)
    (entry,) = await _read(source)
    assert isinstance(entry, InvalidTarget)
    assert entry.reason == "the list cannot be read: Input/output error"


async def test_a_path_in_another_encoding_can_be_printed(tmp_path: Path) -> None:
    (entry,) = await _read(_list(tmp_path / "caf\udce9.txt", b"a.example\n"))
    assert str(entry.origin) == f"{tmp_path}/caf\\udce9.txt:1"


def test_a_silent_pipe_does_not_hold_up_the_exit(pipe: tuple[int, int]) -> None:
    program = """if True:
        import asyncio
        from allup.lists.line import LineDefaults
        from allup.lists.source import StandardInput
        from allup.lists.stream import TargetStream

        async def main():
            async with TargetStream([StandardInput()], LineDefaults()) as stream:
                print(len(list(await stream.next_batch())))
                waiting = asyncio.create_task(stream.next_batch())
                await asyncio.sleep(0)
                stream.stop()
                print(await waiting)

        asyncio.run(main())
    """
    os.write(pipe[1], b"a.example\n")
    command = [sys.executable, "-W", "error", "-c", program]
    ended = subprocess.run(command, stdin=pipe[0], capture_output=True, text=True, timeout=_SOON_S, check=True)
    assert (ended.stdout, ended.stderr) == ("1\nNone\n", "")


@pytest.mark.slow
async def test_memory_does_not_depend_on_the_length_of_the_list(tmp_path: Path) -> None:
    async def peak(lines: int) -> int:
        source = _list(tmp_path / "l", b"".join(b"https://a.example/%09d\n" % number for number in range(lines)))
        tracemalloc.start()
        async with TargetStream([source], LineDefaults(), SelectionSettings(dedupe=False)) as stream:
            while (batch := await stream.next_batch()) is not None:
                assert all(True for _ in batch)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    await peak(2_500)
    # The lower of two: whatever else runs in this process (a test runner's threads) allocates too.
    long = min(await peak(20_000), await peak(20_000))
    short = min(await peak(2_500), await peak(2_500))
    assert long < short * 1.2
