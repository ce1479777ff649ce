import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.lists.stream import Entries
from allup.model.selection import SelectionSettings
from allup.model.target import Entry, InvalidTarget, Target

_TARGET = Target(url="https://t.example/", href="https://t.example/", host="t.example:443")


async def _drain(stream: Entries) -> list[str]:
    urls: list[str] = []
    while (batch := await stream.next_batch()) is not None:
        urls += [entry.text if isinstance(entry, InvalidTarget) else entry.url for entry in batch]
    return urls


async def _forever(gate: asyncio.Event) -> AsyncIterator[str | Entry]:
    yield "a.example"
    await gate.wait()
    yield "b.example"


async def test_strings_are_lines_and_entries_are_themselves() -> None:
    async with EntryStream(["a.example", "", "# c", _TARGET, "foo", "a.example"], LineDefaults()) as stream:
        assert await _drain(stream) == ["https://a.example", "https://t.example/", "foo"]
        assert (stream.repeats, list(stream.empty_sources)) == (1, [])


async def test_without_dedupe_everything_comes() -> None:
    stream = EntryStream([_TARGET, _TARGET], LineDefaults(), SelectionSettings(dedupe=False))
    assert len(await _drain(stream)) == 2


async def test_a_string_by_itself_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="put it into a list"):
        EntryStream("https://a.example", LineDefaults())


async def test_more_than_one_batch_comes_whole() -> None:
    stream = EntryStream([f"a{number}.example" for number in range(1_000)], LineDefaults())
    assert len(await _drain(stream)) == 1_000


async def test_stop_leaves_a_list_alone() -> None:
    stream = EntryStream(["a.example"] * 2, LineDefaults(), SelectionSettings(dedupe=False))
    stream.stop()
    assert len(await _drain(stream)) == 2


async def test_stop_ends_an_endless_iterable() -> None:
    stream = EntryStream((f"a{number}.example" for number in count()), LineDefaults())
    batch = await stream.next_batch()
    assert batch is not None
    assert next(batch).origin.source is None
    stream.stop()
    assert list(batch) == []
    assert await stream.next_batch() is None


async def test_an_async_iterable_is_read_to_its_end() -> None:
    gate = asyncio.Event()
    gate.set()
    stream = EntryStream(_forever(gate), LineDefaults())
    assert await _drain(stream) == ["https://a.example", "https://b.example"]
    assert await stream.next_batch() is None


async def test_stop_wakes_a_wait_for_an_async_iterable() -> None:
    async with EntryStream(_forever(asyncio.Event()), LineDefaults()) as stream:
        assert await stream.next_batch() is not None
        waiting = asyncio.create_task(stream.next_batch())
        await asyncio.sleep(0)
        stream.stop()
        assert await waiting is None


async def test_a_cancelled_wait_loses_no_item() -> None:
    gate = asyncio.Event()
    async with EntryStream(_forever(gate), LineDefaults()) as stream:
        assert await stream.next_batch() is not None
        waiting = asyncio.create_task(stream.next_batch())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        gate.set()
        assert await _drain(stream) == ["https://b.example"]


async def test_closing_takes_no_further_item() -> None:
    async with EntryStream(["a.example"], LineDefaults()) as stream:
        pass
    assert await stream.next_batch() is None
