"""Markdown (GitHub's flavour): the links of a document, which has to be read as a whole first."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, inline, linkify
from markdown_it.token import Token

from allup.lists.details import LineDefaults
from allup.lists.formats.html import LinkCollector
from allup.lists.formats.links import Links
from allup.lists.formats.parser import BrokenList
from allup.model.target import Entry

_LARGEST: Final = 4 * 1024 * 1024
_DEEPEST: Final = 100
_NO_END: Final = "?!.,:*_~"
"""What a bare URL does not end with (GitHub Flavored Markdown, 6.9): emphasis goes on from there."""
_TARGETS: Final = {"link_open": "href", "image": "src"}
_BREAKS: Final = frozenset({"softbreak", "hardbreak"})


class MarkdownParser:
    """The links of a document, those of its HTML and its bare URLs included; code has none."""

    def __init__(self, name: str, defaults: LineDefaults, base: str | None = None) -> None:
        self.number = 1
        self._links = Links(name, defaults, base)
        self._document = bytearray()
        self._lines: deque[tuple[int, str]] = deque()

    def feed(self, chunk: bytes) -> Iterator[Entry]:
        """Return nothing yet: what a reference means may be said at the end."""
        self._document += chunk
        if len(self._document) > _LARGEST:
            raise BrokenList(f"a document of more than {_LARGEST >> 20} MiB", hint="split it")
        return iter(())

    def finish(self) -> Iterator[Entry]:
        """Return all entries."""
        text = self._document.decode("utf-8-sig", "replace")
        markdown, known = _markdown(), dict[str, Any]()
        for token in markdown.parse(text, known):
            if token.map is not None:
                self.number = token.map[0] + 1
            if token.type == "html_block":
                yield from self._in_html(token.content)
            elif token.type == "inline":
                self._lines = deque(enumerate(token.content.split("\n"), self.number))
                # What a block consists of is only found out when it is its turn: that is most of the work.
                state = StateCore(text, markdown, known, [token])
                inline(state)
                linkify(state)
                yield from self._inline(token.children or ())
                token.children = None

    def _inline(self, tokens: Sequence[Token]) -> Iterator[Entry]:
        for token in tokens:
            if token.type in _BREAKS:
                self.number += 1
            elif token.type == "html_inline":
                yield from self._in_html(token.content)
            elif token.type in _TARGETS:
                entry = self._links.entry(self._pointed_at(token), self.number)
                if entry is not None:
                    yield entry
                yield from self._inline(token.children or ())

    def _pointed_at(self, token: Token) -> str:
        link = str(token.attrs.get(_TARGETS[token.type], ""))
        if token.markup == "linkify":
            link = link.rstrip(_NO_END)
        # Breaks within a link or in code are not told: the line is the next one that the link stands in.
        found = next((at for at, (_, line) in enumerate(self._lines) if link and link in line), None)
        if found is not None:
            for _ in range(found):
                self._lines.popleft()
            self.number = self._lines[0][0]
        return link

    def _in_html(self, text: str) -> Iterator[Entry]:
        collector = LinkCollector(self._links, self.number)
        yield from collector.feed(text)
        yield from collector.close()


class _AsWritten(MarkdownIt):
    """Takes a link as it was written: what is wrong with it is told, and not mended."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        return url

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        del url
        return True


def _markdown() -> MarkdownIt:
    markdown = _AsWritten("gfm-like", {"maxNesting": _DEEPEST})
    markdown.core.ruler.enableOnly(["normalize", "block"])
    assert markdown.linkify is not None
    markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    return markdown
