"""Lists that lists name, with a fetcher that reads them from a table."""

import asyncio
from collections.abc import Mapping
from typing import BinaryIO

import pytest

from allup.lists.fetching import FetchError
from allup.lists.formats.format import InputFormat
from allup.lists.line import LineDefaults
from allup.lists.source import RemoteSource, SourceError
from allup.lists.stream import TargetStream
from allup.model.target import InvalidTarget


class Table:
    """A fetcher; what it was asked for is in `asked`."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._lists = lists
        self.asked: list[str] = []
        self.hangs = asyncio.Event()

    async def __call__(self, href: str, into: BinaryIO) -> str:
        self.asked.append(href)
        if href not in self._lists:
            self.hangs.set()
            await asyncio.Event().wait()
        if not self._lists[href]:
            raise FetchError("404")
        into.write(self._lists[href].encode())
        return href


def index(*names: str) -> str:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{name}</loc></sitemap>' for name in names)}</sitemapindex>"


def sitemap(*urls: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>"


def remote(name: str, format_: InputFormat = InputFormat.SITEMAP) -> RemoteSource:
    return RemoteSource(href=name, url=name, format=format_)


async def read(table: Table | None, *sources: RemoteSource) -> list[tuple[str | None, int | None, str]]:
    """Return the source, the line, and the URL or the reason of every entry."""
    found = []
    async with TargetStream(sources, LineDefaults(), fetch=table) as stream:
        while (batch := await stream.next_batch()) is not None:
            found += list(batch)
    return [
        (one.origin.source, one.origin.line, one.reason if isinstance(one, InvalidTarget) else one.url) for one in found
    ]


async def test_sitemaps_are_read_in_the_place_where_the_index_names_them() -> None:
    table = Table(
        {
            "https://i.example/": index("https://1.example/", "https://2.example/"),
            "https://1.example/": sitemap("a.example", "b.example"),
            "https://2.example/": sitemap("c.example"),
        }
    )
    assert await read(table, remote("https://i.example/"), remote("https://2.example/")) == [
        ("https://1.example/", 1, "https://a.example"),
        ("https://1.example/", 2, "https://b.example"),
        ("https://2.example/", 1, "https://c.example"),
    ]
    assert table.asked == [f"https://{name}.example/" for name in "i212"]


async def test_an_index_that_names_itself_comes_to_an_end() -> None:
    table = Table({"https://i.example/": index("https://i.example/", "https://i.example/")})
    found = await read(table, remote("https://i.example/"))
    assert (
        found
        == [
            ("https://i.example/", number, "a sitemap index in an index in an index is not read")
            for _ in range(6)
            for number in (1, 2)
        ][: len(found)]
    )
    assert 1 < len(table.asked) <= 7


async def test_a_sitemap_that_cannot_be_fetched_costs_itself_only() -> None:
    table = Table(
        {
            "https://i.example/": index("https://gone.example/", "https://1.example/"),
            "https://gone.example/": "",
            "https://1.example/": sitemap("a.example"),
        }
    )
    assert await read(table, remote("https://i.example/")) == [
        ("https://i.example/", 1, "the sitemap cannot be fetched: 404"),
        ("https://1.example/", 1, "https://a.example"),
    ]


async def test_an_index_whose_sitemaps_have_nothing_is_empty() -> None:
    table = Table(
        {
            "https://i.example/": index("https://1.example/", "https://2.example/"),
            "https://1.example/": sitemap(),
            "https://2.example/": sitemap("a.example"),
            "https://e.example/": index("https://1.example/"),
        }
    )
    sources = [remote("https://i.example/"), remote("https://e.example/")]
    async with TargetStream(sources, LineDefaults(), fetch=table) as stream:
        while (batch := await stream.next_batch()) is not None:
            list(batch)
        assert stream.empty_sources == ["https://e.example/"]


async def test_relative_links_refer_to_where_the_page_is_from() -> None:
    table = Table({"https://p.example/d/": "<a href=x>x</a>"})
    assert await read(table, remote("https://p.example/d/", InputFormat.HTML)) == [
        ("https://p.example/d/", 1, "https://p.example/d/x")
    ]


@pytest.mark.parametrize("table", [None, Table({"https://i.example/": ""})])
async def test_a_source_that_cannot_be_fetched_is_the_caller_s_mistake(table: Table | None) -> None:
    with pytest.raises(SourceError, match=r"^https://i\.example/: cannot be fetched: "):
        await read(table, remote("https://i.example/"))


async def test_stop_ends_a_fetch_that_hangs_and_what_was_not_read_is_an_entry() -> None:
    table = Table({"https://i.example/": index("https://hangs.example/", "https://1.example/")})
    async with TargetStream([remote("https://i.example/")], LineDefaults(), fetch=table) as stream:
        first = await stream.next_batch()
        assert first is not None
        assert list(first) == []
        coming = asyncio.create_task(stream.next_batch())
        await table.hangs.wait()
        stream.stop()
        found = list(await coming or ())
        while (batch := await stream.next_batch()) is not None:
            found += list(batch)
    assert [one.url for one in found if not isinstance(one, InvalidTarget)] == [
        "https://hangs.example/",
        "https://1.example/",
    ]
    assert table.asked == ["https://i.example/", "https://hangs.example/"]
