"""Sitemaps and their indexes (sitemaps.org, protocol 0.9), read by a parser that expands no entities."""

from collections.abc import Iterator
from typing import Any, Final
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_external_pes

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from allup.lists.details import LineDefaults
from allup.lists.formats.parser import BrokenList, Item, NestedList
from allup.lists.line import invalid, parse_argument
from allup.lists.redaction import encodable, printable_url
from allup.lists.url import LONGEST_URL, BadUrl, parse_url
from allup.model.target import Origin

_ENTRIES: Final = {"urlset": "url", "sitemapindex": "sitemap"}
"""What the elements are called that have a loc each."""
_DEEPEST: Final = 64
_MOST_SILENT: Final = 16 * 1024 * 1024
"""Bytes in which nothing begins or ends: no sitemap has a text or a comment of that length."""


class SitemapParser:
    """The locations of a sitemap, and of an index the sitemaps that it names; `number` counts them."""

    def __init__(self, name: str, defaults: LineDefaults) -> None:
        self._locations = _Locations()
        self._name = name
        self._defaults = defaults
        self._silent = 0
        self._parser: Any = create_parser(forbid_dtd=False, forbid_entities=True, forbid_external=False)
        # What is elsewhere is not read either way: without this, a page of XHTML would be told to be a bomb.
        self._parser.setFeature(feature_external_ges, False)  # noqa: FBT003 - SAX's way
        self._parser.setFeature(feature_external_pes, False)  # noqa: FBT003
        self._parser.setContentHandler(self._locations)

    @property
    def number(self) -> int:
        """The location that is being read."""
        return self._locations.entries + self._locations.within

    def feed(self, chunk: bytes) -> Iterator[Item]:
        """Return the items of the locations that `chunk` completes."""
        return self._items(lambda: self._feed(chunk))

    def finish(self) -> Iterator[Item]:
        """Return what is left at the end."""
        return self._items(self._parser.close)

    def _feed(self, chunk: bytes) -> None:
        before = self._locations.events
        self._parser.feed(chunk)
        self._silent = 0 if self._locations.events > before else self._silent + len(chunk)
        if self._silent > _MOST_SILENT:
            raise BrokenList("no element begins or ends for 16 MiB")

    def _items(self, parse: Any) -> Iterator[Item]:
        problem = _problem(parse)
        found, self._locations.found = self._locations.found, []
        for number, location in found:
            yield self._item(location, Origin(source=self._name, line=number))
        if problem is not None:
            raise problem

    def _item(self, location: str | None, origin: Origin) -> Item:
        if not location:
            return invalid(f"<{_ENTRIES[self._locations.root or 'urlset']}>", "no loc in it, or an empty one", origin)
        if self._locations.root != "sitemapindex":
            return parse_argument(location, self._defaults, origin)
        try:
            url = parse_url(location)
        except BadUrl as error:
            return invalid(location, str(error), origin)
        return NestedList(href=url.href, url=url.listed, origin=origin)


class _Locations(ContentHandler):
    """Collects the text of the loc of each url or sitemap, with the number of that element."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str | None]] = []
        self.root: str | None = None
        self.entries = 0
        self.events = 0
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._length = 0
        self._located = False

    @property
    def within(self) -> int:
        """1 before the first entry, so that a place can be told."""
        return 0 if self.entries else 1

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 - SAX's name
        del attrs
        self.events += 1
        if self.root is None:
            self.root = _local(name)
            if self.root not in _ENTRIES:
                shown = printable_url(encodable(name[:80]))
                raise BrokenList(f"no sitemap: it begins with <{shown}>, not <urlset> or <sitemapindex>")
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise BrokenList(f"elements within elements, more than {_DEEPEST} deep")
        if len(self._path) == 2 and self._is(name, _ENTRIES[self.root]):
            self.entries += 1
            self._located = False
        elif len(self._path) == 3 and self._in_entry and self._is(name, "loc"):
            self._text, self._length = [], 0

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's name
        del name
        self.events += 1
        if len(self._path) == 3 and self._text is not None:
            self.found.append((self.entries, "".join(self._text).strip()))
            self._text = None
            self._located = True
        elif len(self._path) == 2 and self._in_entry and not self._located:
            self.found.append((self.entries, None))
        self._path.pop()

    def characters(self, content: str) -> None:
        """Keep the text of a location, as much of it as a URL may have."""
        if self._text is not None and self._length <= LONGEST_URL:
            self._text.append(content)
            self._length += len(content)

    @property
    def _in_entry(self) -> bool:
        return self.root is not None and self._is(self._path[1], _ENTRIES[self.root])

    def _is(self, name: str, wanted: str) -> bool:
        # In the root's own namespace: an image:loc is none of a page's.
        return name == self._path[0].removesuffix(str(self.root)) + wanted


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _problem(parse: Any) -> BrokenList | None:
    try:
        parse()
    except BrokenList as error:
        return error
    except DefusedXmlException:
        return BrokenList("it defines entities, as XML bombs do, and no sitemap needs any")
    except SAXParseException as error:
        return BrokenList(f"no well-formed XML: {error.getMessage()} in line {error.getLineNumber()}")
    return None
