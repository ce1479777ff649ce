"""A full pipe stops nothing but itself."""

import asyncio
import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from allup.model.tally import Summary, Tally
from allup.report.format import ReportFormat
from allup.report.stdout import MOST_WAITING, PipeWriter


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        with suppress(OSError):
            os.close(descriptor)


def read_all(reading: int) -> bytes:
    parts = []
    while part := os.read(reading, 65536):
        parts.append(part)
    return b"".join(parts)


async def test_text_arrives_in_order_and_whole(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = PipeWriter(writing)
    reader = asyncio.create_task(asyncio.to_thread(read_all, reading))
    expected = [f"line {number} grün\n" for number in range(50_000)]
    for line in expected:
        assert writer.write(line) == len(line)
        writer.flush()
        await writer.drain()
    await writer.aclose()
    os.close(writing)
    assert (await reader).decode() == "".join(expected)


async def test_a_reader_sees_what_was_flushed_at_once(pipe: tuple[int, int]) -> None:
    writer = PipeWriter(pipe[1])
    writer.write("first\n")
    writer.flush()
    assert await asyncio.to_thread(os.read, pipe[0], 100) == b"first\n"
    await writer.aclose()


async def test_a_full_pipe_blocks_neither_the_loop_nor_a_write(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = PipeWriter(writing)
    writer.write("x" * (MOST_WAITING + 1_000_000))
    writer.flush()
    draining = asyncio.create_task(writer.drain())
    await asyncio.sleep(0)
    assert not draining.done()
    reader = asyncio.create_task(asyncio.to_thread(read_all, reading))
    await draining
    await writer.aclose()
    os.close(writing)
    assert len(await reader) == MOST_WAITING + 1_000_000


async def test_a_non_blocking_pipe_is_waited_for(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.set_blocking(writing, False)
    writer = PipeWriter(writing)
    writer.write("x" * 500_000)
    writer.flush()
    reader = asyncio.create_task(asyncio.to_thread(read_all, reading))
    await writer.aclose()
    os.close(writing)
    assert len(await reader) == 500_000


async def test_a_reader_that_went_away_is_told_by_every_later_call(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.close(reading)
    writer = PipeWriter(writing)
    writer.write("x")
    with pytest.raises(BrokenPipeError):
        await writer.aclose()
    for call in (lambda: writer.write("y"), writer.flush):
        with pytest.raises(BrokenPipeError):
            call()
    for wait in (writer.drain, writer.aclose):
        with pytest.raises(BrokenPipeError):
            await wait()


async def test_a_reader_that_goes_away_ends_a_drain(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = PipeWriter(writing)
    writer.write("x" * 1_000_000)
    writer.flush()
    draining = asyncio.create_task(writer.drain())
    await asyncio.sleep(0)
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        await draining


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
async def test_a_full_disk_is_an_error() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    writer = PipeWriter(full)
    writer.write("x")
    with pytest.raises(OSError, match="No space left") as raised:
        await writer.aclose()
    assert raised.value.errno == errno.ENOSPC
    os.close(full)


async def test_a_cancelled_drain_leaves_the_writer_usable(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = PipeWriter(writing)
    writer.write("x" * 1_000_000)
    writer.flush()
    draining = asyncio.create_task(writer.drain())
    await asyncio.sleep(0)
    draining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await draining
    reader = asyncio.create_task(asyncio.to_thread(read_all, reading))
    await writer.aclose()
    os.close(writing)
    assert len(await reader) == 1_000_000


async def test_nothing_is_taken_after_the_end(pipe: tuple[int, int]) -> None:
    writer = PipeWriter(pipe[1])
    await writer.aclose()
    with pytest.raises(ValueError, match="closed"):
        writer.write("x")


def test_a_loop_that_ended_first_does_not_matter(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = PipeWriter(writing)

    async def give_up() -> None:
        writer.write("x" * 1_000_000)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.01):
                await writer.aclose()

    asyncio.run(give_up())
    received = 0
    while received < 1_000_000:
        received += len(os.read(reading, 65536))
    writer._thread.join(10)
    assert not writer._thread.is_alive()


async def test_an_encoding_that_lacks_a_letter_gets_an_escape(pipe: tuple[int, int]) -> None:
    writer = PipeWriter(pipe[1], encoding="ascii")
    writer.write("grün\n")
    await writer.aclose()
    assert os.read(pipe[0], 100) == b"gr\\xfcn\n"


async def test_a_table_can_be_drawn_on_it(pipe: tuple[int, int]) -> None:
    writer = PipeWriter(pipe[1])
    summary = Summary(tally=Tally(), repeats=0, wall_s=1.0, peak_in_flight=0)
    ReportFormat.TABLE.report(writer).finish(summary)
    await writer.aclose()
    assert os.read(pipe[0], 100).startswith(b"0 ok of 0 in 1s")


async def test_a_table_for_a_reader_that_went_away_raises_and_does_not_exit(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.close(reading)
    writer = PipeWriter(writing)
    writer.write("x")
    with pytest.raises(BrokenPipeError):
        await writer.aclose()
    summary = Summary(tally=Tally(), repeats=0, wall_s=1.0, peak_in_flight=0)
    with pytest.raises(BrokenPipeError):
        ReportFormat.TABLE.report(writer).finish(summary)


async def test_a_document_that_is_never_flushed_does_not_pile_up(pipe: tuple[int, int]) -> None:
    writer = PipeWriter(pipe[1])
    writer.write("x" * 70_000)
    assert await asyncio.to_thread(os.read, pipe[0], 10) == b"x" * 10
    reader = asyncio.create_task(asyncio.to_thread(read_all, pipe[0]))
    await writer.aclose()
    os.close(pipe[1])
    assert len(await reader) == 69_990


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes of each write of the thread, which rests until it is woken."""
    monkeypatch.setattr("allup.report.stdout.REST_S", 3600)
    lengths: list[int] = []
    write = os.write

    def counted(fd: int, data: bytes) -> int:
        lengths.append(written := write(fd, data))
        return written

    monkeypatch.setattr("allup.report.stdout.os.write", counted)
    return lengths


async def test_what_comes_fast_goes_in_few_writes(pipe: tuple[int, int], writes: list[int]) -> None:
    writer = PipeWriter(pipe[1])
    writer.write("first\n")
    writer.flush()
    assert await asyncio.to_thread(os.read, pipe[0], 100) == b"first\n"
    for _ in range(1000):
        writer.write("more\n")
        writer.flush()
    await writer.aclose()
    assert writes == [6, 5000]


async def test_a_thread_that_rests_is_woken_by_whoever_waits(pipe: tuple[int, int], writes: list[int]) -> None:
    writer = PipeWriter(pipe[1])
    writer.write("first\n")
    writer.flush()
    assert await asyncio.to_thread(os.read, pipe[0], 100) == b"first\n"
    reader = asyncio.create_task(asyncio.to_thread(read_all, pipe[0]))
    assert not writer.is_behind
    writer.write("x" * (MOST_WAITING + 1))
    writer.flush()
    await writer.drain()
    assert sum(writes) > 6
    await writer.aclose()
    os.close(pipe[1])
    assert len(await reader) == MOST_WAITING + 1


async def test_what_is_flushed_during_a_rest_arrives_by_itself(pipe: tuple[int, int]) -> None:
    writer = PipeWriter(pipe[1])
    for line in (b"first\n", b"second\n", b"third\n"):
        writer.write(line.decode())
        writer.flush()
        assert await asyncio.to_thread(os.read, pipe[0], 100) == line
    await writer.aclose()


async def test_a_writer_is_behind_where_much_waits_or_there_is_an_error_to_raise(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = PipeWriter(writing)
    behind = [writer.is_behind]
    writer.write("x" * (MOST_WAITING + 1_000_000))
    writer.flush()
    behind.append(writer.is_behind)
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        await writer.aclose()
    behind.append(writer.is_behind)
    assert behind == [False, True, True]
