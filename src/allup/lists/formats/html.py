"""HTML: the links of a page, read as a stream."""

import codecs
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml import etree

from allup.lists.charset import LOOKED_AT, charset_of
from allup.lists.details import LineDefaults
from allup.lists.formats.links import Links
from allup.lists.formats.parser import BrokenList
from allup.model.target import Entry

_LINKS: Final = {
    "a": ("href",), "area": ("href",), "link": ("href",), "iframe": ("src",), "frame": ("src",), "script": ("src",),
    "img": ("src", "srcset"), "source": ("src", "srcset"), "video": ("src", "poster"), "audio": ("src",),
    "track": ("src",), "embed": ("src",), "object": ("data",), "input": ("src",),
    "blockquote": ("cite",), "q": ("cite",), "ins": ("cite",), "del": ("cite",),
}  # fmt: skip
"""What an element refers to (HTML Living Standard, attributes of the type URL); forms are not links."""
_NO_LINKS: Final = frozenset({"preconnect", "dns-prefetch"})
"""Relations of a link element that name an origin, and nothing to get from it."""
_MOST_SILENT: Final = 4 * 1024 * 1024
"""Bytes in which no element begins: beyond that they would pile up."""


class HtmlParser:
    """The links of a page, in its order, each with its line."""

    def __init__(self, name: str, defaults: LineDefaults, base: str | None = None) -> None:
        self._collector = LinkCollector(Links(name, defaults, base))
        self._decoder: codecs.IncrementalDecoder | None = None
        self._start = b""

    @property
    def number(self) -> int:
        """The line of the last link."""
        return self._collector.line

    def feed(self, chunk: bytes) -> Iterator[Entry]:
        """Return the entries of the links that `chunk` completes."""
        if self._decoder is None:
            self._start += chunk
            if len(self._start) < LOOKED_AT:
                return iter(())
            chunk = self._begin()
        return self._collected(chunk)

    def finish(self) -> Iterator[Entry]:
        """Return the entries of what is left at the end."""
        yield from self._collected(self._begin() if self._decoder is None else b"")
        yield from self._collector.close()

    def _begin(self) -> bytes:
        self._decoder = codecs.getincrementaldecoder(charset_of(self._start, "text/html"))("replace")
        return self._start

    def _collected(self, chunk: bytes) -> Iterator[Entry]:
        assert self._decoder is not None
        return self._collector.feed(self._decoder.decode(chunk))


class LinkCollector:
    """Collects the links of what it is fed, beginning with the line `first`."""

    def __init__(self, links: Links, first: int = 1) -> None:
        self.line = first
        self._first = first
        self._links = links
        self._silent = 0
        # A tree is built and cut down as it grows: lines are told of elements only.
        self._parser: Any = etree.HTMLPullParser(
            events=("start",), encoding="utf-8", remove_comments=True, remove_pis=True
        )

    def feed(self, text: str) -> Iterator[Entry]:
        """Return the entries of the links that `text` completes; raises BrokenList."""
        self._parser.feed(text.encode("utf-8", "replace"))
        self._silent += len(text)
        yield from self._entries()
        if self._silent > _MOST_SILENT:
            raise BrokenList("no element begins for 4 MiB")

    def close(self) -> Iterator[Entry]:
        """Return the entries of what is left at the end."""
        try:
            self._parser.close()
        except etree.XMLSyntaxError:  # there was no element at all
            return
        yield from self._entries()

    def _entries(self) -> Iterator[Entry]:
        for _, element in self._parser.read_events():
            self._silent = 0
            self.line = self._first + (element.sourceline or 1) - 1
            yield from self._of(element.tag, element.attrib)
            _cut_before(element)

    def _of(self, tag: str, attributes: Mapping[str, str]) -> Iterator[Entry]:
        if tag == "base" and "href" in attributes:
            self._links.rebase(attributes["href"])
        if tag == "link" and _NO_LINKS & set(attributes.get("rel", "").lower().split()):
            return
        for attribute in _LINKS.get(tag, ()):
            value = attributes.get(attribute, "")
            for url in _candidates(value) if attribute == "srcset" else [value]:
                entry = self._links.entry(url, self.line)
                if entry is not None:
                    yield entry


def _cut_before(element: Any) -> None:
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)


def _candidates(srcset: str) -> list[str]:
    """Return the URLs of a srcset (HTML Living Standard, 4.8.4.2.1): a URL may have commas, but not at its end."""
    urls: list[str] = []
    rest = " ".join(srcset.split()).strip(" ,")
    while rest:
        url, _, rest = rest.partition(" ")
        urls.append(url.rstrip(","))
        if not url.endswith(","):
            rest = rest.partition(",")[2]
        rest = rest.strip(" ,")
    return urls
