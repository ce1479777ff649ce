"""HTML: the links of a page, read as a stream."""

import codecs
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

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
_LONGEST_TAG: Final = 4 * 1024 * 1024


class HtmlParser:
    """The links of a page, in its order, each with its line."""

    def __init__(self, name: str, defaults: LineDefaults, base: str | None = None) -> None:
        self._collector = LinkCollector(Links(name, defaults, base))
        self._decoder: codecs.IncrementalDecoder | None = None
        self._start = b""

    @property
    def number(self) -> int:
        """The line that is being read."""
        return self._collector.getpos()[0]

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
        self._collector.close()
        yield from self._collector.taken()

    def _begin(self) -> bytes:
        self._decoder = codecs.getincrementaldecoder(charset_of(self._start, "text/html"))("surrogateescape")
        return self._start

    def _collected(self, chunk: bytes) -> Iterator[Entry]:
        assert self._decoder is not None
        self._collector.feed(self._decoder.decode(chunk))
        yield from self._collector.taken()
        if len(self._collector.rawdata) > _LONGEST_TAG:
            raise BrokenList("a tag or a comment that does not end")


class LinkCollector(HTMLParser):
    """Collects the links of what it is fed, beginning with the line `first`."""

    def __init__(self, links: Links, first: int = 1) -> None:
        super().__init__()
        self.lineno = first
        self._links = links
        self._found: list[Entry] = []

    def taken(self) -> list[Entry]:
        """Return the entries since the last time."""
        found, self._found = self._found, []
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where the element points."""
        values = {name: value for name, value in reversed(attrs) if value is not None}
        if tag == "base" and "href" in values:
            self._links.rebase(values["href"])
        if tag == "link" and _NO_LINKS & set(values.get("rel", "").lower().split()):
            return
        for attribute in _LINKS.get(tag, ()):
            if attribute in values:
                self._note(attribute, values[attribute])

    def _note(self, attribute: str, value: str) -> None:
        urls = _candidates(value) if attribute == "srcset" else [value]
        for url in urls:
            entry = self._links.entry(url, self.getpos()[0])
            if entry is not None:
                self._found.append(entry)


def _candidates(srcset: str) -> list[str]:
    """Return the URLs of a srcset (HTML Living Standard, 4.8.4.2.1): a URL may have commas, but not at its end."""
    urls: list[str] = []
    rest = srcset.strip(" \t\r\n,")
    while rest:
        url, _, rest = rest.partition(" ") if " " in rest else (rest, "", "")
        urls.append(url.rstrip(","))
        if not url.endswith(","):
            rest = rest.partition(",")[2]
        rest = rest.strip(" \t\r\n,")
    return urls
