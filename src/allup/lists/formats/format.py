"""The formats that lists come in, and what the name of a file says of them."""

from enum import StrEnum
from typing import Final, assert_never

from allup.lists.details import LineDefaults
from allup.lists.formats.parser import Parser


class InputFormat(StrEnum):
    """The format of a list."""

    TEXT = "text"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    JSONL = "jsonl"
    SITEMAP = "sitemap"
    MARKDOWN = "markdown"
    HTML = "html"

    def parser(self, name: str, defaults: LineDefaults, base: str | None = None) -> Parser:  # noqa: PLR0911 - one each
        """Return what reads a list of this format; relative links in it refer to `base`."""
        # Each is imported where it is needed: nobody should pay for parsers of other formats.
        match self:
            case InputFormat.TEXT:
                from allup.lists.formats.text import TextParser

                return TextParser(name, defaults)
            case InputFormat.CSV | InputFormat.TSV:
                from allup.lists.formats.csv_list import CsvParser

                return CsvParser(name, defaults, delimiter="\t" if self is InputFormat.TSV else None)
            case InputFormat.JSON:
                from allup.lists.formats.json_list import JsonParser

                return JsonParser(name, defaults)
            case InputFormat.JSONL:
                from allup.lists.formats.json_lines import JsonLinesParser

                return JsonLinesParser(name, defaults)
            case InputFormat.SITEMAP:
                from allup.lists.formats.sitemap import SitemapParser

                return SitemapParser(name, defaults)
            case InputFormat.MARKDOWN:
                from allup.lists.formats.markdown import MarkdownParser

                return MarkdownParser(name, defaults, base)
            case InputFormat.HTML:
                from allup.lists.formats.html import HtmlParser

                return HtmlParser(name, defaults, base)
            case _:
                assert_never(self)


_BY_ENDING: Final = {
    ".csv": InputFormat.CSV,
    ".tsv": InputFormat.TSV,
    ".json": InputFormat.JSON,
    ".jsonl": InputFormat.JSONL,
    ".ndjson": InputFormat.JSONL,
    ".xml": InputFormat.SITEMAP,
    ".md": InputFormat.MARKDOWN,
    ".markdown": InputFormat.MARKDOWN,
    ".html": InputFormat.HTML,
    ".htm": InputFormat.HTML,
}
_TEXT: Final = (".txt", ".list", ".lst", ".urls")
_NONE: Final = (".yaml", ".yml", ".toml", ".xlsx", ".ods")
"""Endings of files that hold data, but no list that can be read: as text, they would ask for what nobody listed."""
_PACKED: Final = ".gz"
LIST_ENDINGS: Final = (*_BY_ENDING, *_TEXT, *_NONE, _PACKED)
"""What the name of a list ends in: such a name is no host, even where the list does not exist."""


def format_of(path: str) -> InputFormat | None:
    """Return the format that the name of a list tells, text where it tells none, None for what is no list."""
    name = path.lower().removesuffix(_PACKED)
    if name.endswith(_NONE):
        return None
    return next((format_ for ending, format_ in _BY_ENDING.items() if name.endswith(ending)), InputFormat.TEXT)
