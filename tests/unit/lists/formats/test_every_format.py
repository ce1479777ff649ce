"""What holds for every format of a list."""

import json
from collections.abc import Callable
from html import escape
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allup.lists.formats.format import InputFormat
from allup.lists.formats.parser import BrokenList, NestedList
from allup.lists.line import parse_line
from allup.model.target import InvalidTarget, Origin, Target
from unit.lists.formats.reading import NOTHING_SAID, read, whole

LINES = [
    "https://example.org/ name='home, \"page\"' expect=200,301",
    "http://127.0.0.1:1/?a=1&b=<2> header='X-A: b' header='X-B: c; d' contains='he said \"hi\"'",
    "https://example.org/\u00fc#part follow=no json='$.a[0]=1'",
]


def targets(lines: list[str]) -> list[Target]:
    entries = [parse_line(line, NOTHING_SAID, Origin()) for line in lines]
    assert all(isinstance(entry, Target) for entry in entries)
    return [entry for entry in entries if isinstance(entry, Target)]


def meant(target: Target) -> tuple[object, ...]:
    return target.href, target.name, target.request, target.expectation, target.options


def as_csv(separator: str) -> Callable[[list[Target]], str]:
    def written(listed: list[Target]) -> str:
        columns = ["url", "name", "expect", "header", "contains", "follow", "json"]
        rows = [columns]
        for one in listed:
            cells = {name: "\n".join(text for option, text in one.options if option == name) for name in columns}
            rows.append([one.href, *(cells[name] for name in columns[1:])])
        quoted = [separator.join(f'"{cell}"' for cell in (text.replace('"', '""') for text in row)) for row in rows]
        return "\r\n".join(quoted)

    return written


def as_objects(listed: list[Target]) -> list[dict[str, object]]:
    return [
        {"url": one.href} | {name: [text for option, text in one.options if option == name] for name, _ in one.options}
        for one in listed
    ]


def single(objects: list[dict[str, object]]) -> list[dict[str, object]]:
    several = {"header", "contains", "json"}
    return [
        {key: value[0] if isinstance(value, list) and key not in several else value for key, value in one.items()}
        for one in objects
    ]


WITH_OPTIONS: dict[InputFormat, Callable[[list[Target]], str]] = {
    InputFormat.TEXT: lambda _: "\n".join(LINES),
    InputFormat.CSV: as_csv(","),
    InputFormat.TSV: as_csv("\t"),
    InputFormat.JSON: lambda listed: json.dumps({"targets": single(as_objects(listed))}),
    InputFormat.JSONL: lambda listed: "\n".join(map(json.dumps, single(as_objects(listed)))),
}
WITH_URLS: dict[InputFormat, Callable[[list[Target]], str]] = {
    InputFormat.SITEMAP: lambda listed: (
        "<urlset>" + "".join(f"<url><loc>{escape(one.href)}</loc></url>" for one in listed) + "</urlset>"
    ),
    InputFormat.HTML: lambda listed: "".join(f'<p><a href="{escape(one.href)}">x</a></p>\n' for one in listed),
    InputFormat.MARKDOWN: lambda listed: "".join(f"- [x](<{one.href.replace('<', '%3C')}>)\n" for one in listed),
}


@pytest.mark.parametrize("format_", WITH_OPTIONS)
def test_the_targets_are_those_of_the_text_list_with_all_their_options(format_: InputFormat) -> None:
    listed = targets(LINES)
    found = whole(format_, WITH_OPTIONS[format_](listed))
    assert [meant(one) for one in found if isinstance(one, Target)] == [meant(one) for one in listed]


@pytest.mark.parametrize("format_", WITH_URLS)
def test_the_urls_are_those_of_the_text_list(format_: InputFormat) -> None:
    listed = targets(LINES)
    found = whole(format_, WITH_URLS[format_](listed))
    assert [one.href for one in found if isinstance(one, Target)] == [one.href for one in listed]


def test_every_format_takes_part() -> None:
    assert {*WITH_OPTIONS, *WITH_URLS} == {*InputFormat}


@pytest.mark.parametrize("format_", InputFormat)
@given(data=st.data())
@settings(max_examples=40)
def test_it_makes_no_difference_in_which_pieces_a_list_comes(format_: InputFormat, data: st.DataObject) -> None:
    text = (WITH_OPTIONS | WITH_URLS)[format_](targets(LINES)).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[first:last] for first, last in pairwise([0, *cuts, len(text)])]
    assert read(format_, pieces) == read(format_, [text])


WORDS = st.sampled_from(
    [
        *(
            "url",
            "name",
            "https://a.example/",
            '"',
            ",",
            ";",
            "\t",
            "\n",
            "\r\n",
            "'",
            "=",
            "{",
            "}",
            "[",
            "]",
            ":",
            "1",
        ),
        *("<urlset>", "</urlset>", "<url>", "</url>", "<loc>", "</loc>", "<sitemapindex>", "<sitemap>", "<!--", "-->"),
        *('<a href="', "<img srcset='a 1x, b'", ">", "<base href=//x>", "&amp;", "&#0;", "](", "# ", "```", "<?xml ?>"),
        *("\ufeff", "\0", "\u00e9", "\u202e", "null", "true", "-1e9", '{"url": "b.example"}', "![", "<!DOCTYPE x>"),
    ]
)
PIECES = st.lists(WORDS.map(str.encode) | st.binary(max_size=6), max_size=30)


@pytest.mark.parametrize("format_", InputFormat)
@given(pieces=PIECES)
@example(pieces=[b"url\n", b"'" * 9])
@settings(max_examples=150, deadline=None)
def test_whatever_comes_is_read_or_said_to_be_broken(format_: InputFormat, pieces: list[bytes]) -> None:
    items, broken = read(format_, pieces)
    assert broken is None or isinstance(broken, BrokenList)
    for item in items:
        assert item.origin.source == "list"
        assert item.origin.line is not None
        assert item.origin.line >= 1
        (item.reason if isinstance(item, InvalidTarget) else item.url).encode()
        assert isinstance(item, Target | InvalidTarget | NestedList)
