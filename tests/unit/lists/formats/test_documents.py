"""Sitemaps, HTML and Markdown."""

import time

import pytest

from allup.lists.formats.format import InputFormat
from allup.lists.formats.parser import NestedList
from unit.lists.formats.reading import places, problem, read, urls, whole

SITEMAP, HTML, MARKDOWN = InputFormat.SITEMAP, InputFormat.HTML, InputFormat.MARKDOWN
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(*urls: str) -> str:
    return f"{HEAD}<urlset {SPACE}>{''.join(f'<url>{one}</url>' for one in urls)}</urlset>"


class TestSitemaps:
    """sitemaps.org."""

    def test_locations_are_told_by_their_number(self) -> None:
        text = sitemap(
            "<loc> https://a.example/?a=1&amp;b=2\n</loc><priority>1</priority>", "<loc><![CDATA[b.example]]></loc>"
        )
        assert places(SITEMAP, text) == [(1, "https://a.example/?a=1&b=2"), (2, "https://b.example")]

    def test_locations_of_extensions_are_none_of_pages(self) -> None:
        extended = f'{HEAD}<s:urlset xmlns:s="x" xmlns:image="y"><s:url><s:loc>a.example</s:loc>'
        extended += "<image:image><image:loc>b.example</image:loc></image:image><loc>c.example</loc></s:url></s:urlset>"
        assert urls(SITEMAP, extended) == ["https://a.example"]

    def test_an_entry_without_a_location_is_told(self) -> None:
        assert urls(SITEMAP, sitemap("<lastmod>2026</lastmod>", "<loc/>", "<loc>a.example</loc>")) == [
            *["no loc in it, or an empty one"] * 2,
            "https://a.example",
        ]

    def test_an_index_names_sitemaps(self) -> None:
        text = f"<sitemapindex {SPACE}><sitemap><loc>https://u:p@a.example/1.xml</loc></sitemap></sitemapindex>"
        (nested,) = whole(SITEMAP, text)
        assert isinstance(nested, NestedList)
        assert (nested.href, nested.url) == ("https://u:p@a.example/1.xml", "https://u@a.example/1.xml")

    def test_other_encodings_are_read(self) -> None:
        text = (
            '<?xml version="1.0" encoding="ISO-8859-1"?><urlset><url><loc>https://a.example/\u00fc</loc></url></urlset>'
        )
        assert urls(SITEMAP, text.encode("latin-1")) == ["https://a.example/\u00fc"]

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("<rss><channel/></rss>", "no sitemap: it begins with <rss>, not <urlset> or <sitemapindex>"),
            (
                '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://127.0.0.1:1/x.dtd"><html/>',
                "no sitemap: it begins with <html>, not <urlset> or <sitemapindex>",
            ),
            ("<html><p>Not found", "no sitemap: it begins with <html>, not <urlset> or <sitemapindex>"),
            (
                '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
                "it defines entities, as XML bombs do, and no sitemap needs any",
            ),
            (
                '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
                "it defines entities, as XML bombs do, and no sitemap needs any",
            ),
            (f"<urlset>{'<a>' * 100}", "elements within elements, more than 64 deep"),
            ("", "no well-formed XML: no element found in line 1"),
            ("just text", "no well-formed XML: syntax error in line 1"),
            ("\n<urlset><url></urlset>", "no well-formed XML: mismatched tag in line 2"),
        ],
    )
    def test_what_is_no_sitemap_is_told(self, text: str, reason: str) -> None:
        assert problem(SITEMAP, text) == reason

    def test_what_came_before_the_end_of_a_file_that_was_cut_off_stands(self) -> None:
        text = sitemap("<loc>a.example</loc>", "<loc>b.example</loc>").encode()
        items, broken = read(SITEMAP, [text[:-30]])
        assert [item.origin.line for item in items] == [1]
        assert broken is not None
        assert broken.reason.startswith("no well-formed XML")

    def test_a_document_type_without_entities_is_fine(self) -> None:
        assert urls(SITEMAP, f"<!DOCTYPE urlset>{sitemap('<loc>a.example</loc>').removeprefix(HEAD)}") == [
            "https://a.example"
        ]

    def test_text_without_end_is_bounded_in_memory(self) -> None:
        _, broken = read(SITEMAP, [b"<urlset><!--", *([b"x" * 1_000_000] * 20)])
        assert broken is not None
        assert broken.reason == "no element begins or ends for 16 MiB"


class TestHtml:
    """Pages."""

    def test_links_are_told_by_their_lines(self) -> None:
        text = (
            '<a href="https://a.example/?a=1&amp;b=2">x</a>\n<IMG SRC=//b.example/i>\n\n'
            "<link rel=stylesheet href='http://c.example/s'><script src=http://d.example/j></script>"
        )
        assert places(HTML, text) == [
            (1, "https://a.example/?a=1&b=2"),
            (2, "https://b.example/i"),
            (4, "http://c.example/s"),
            (4, "http://d.example/j"),
        ]

    def test_what_asks_for_nothing_is_left_out(self) -> None:
        left_out = ["#part", "mailto:a@b.example", "tel:1", "javascript:x()", "data:,x", "relative", "/rooted", ""]
        text = "".join(f"<a href='{one}'>x</a>" for one in left_out) + "<link rel=preconnect href=http://p.example>"
        text += "<!-- <a href=http://c.example> --><script>'<a href=http://s.example>'</script>"
        assert urls(HTML, text) == []

    def test_relative_links_refer_to_the_base_and_to_where_the_page_is_from(self) -> None:
        links = "<a href=x?a>1</a><a href=/y>2</a>"
        assert urls(HTML, f"<base href=https://a.example/d/>{links}") == [
            "https://a.example/d/x?a",
            "https://a.example/y",
        ]
        assert urls(HTML, links, base="https://b.example/e/f") == ["https://b.example/e/x?a", "https://b.example/y"]
        assert urls(HTML, f"<base href=../d/>{links}", base="https://b.example/e/f") == [
            "https://b.example/d/x?a",
            "https://b.example/y",
        ]

    def test_references_without_a_semicolon_are_none_in_a_query(self) -> None:
        text = '<a href="https://x.example/?a=1&region=eu&copy=1&sect=2&amp;b=3">x</a>'
        assert urls(HTML, text) == ["https://x.example/?a=1&region=eu&copy=1&sect=2&b=3"]

    @pytest.mark.parametrize("flood", ["<a ", "<p/", '<a "', '<a href="', "<!--", "<div>", "&amp", "<"])
    def test_floods_are_read_in_time(self, flood: str) -> None:
        began_at = time.process_time()
        read(HTML, [flood.encode() * 30_000])
        read(MARKDOWN, [flood.encode() * 3_000])
        assert time.process_time() - began_at < 8

    def test_candidates_may_be_lines(self) -> None:
        text = '<img srcset="\n\thttps://a.example/1\n1x,\nhttps://a.example/2\n2x\n">'
        assert urls(HTML, text) == ["https://a.example/1", "https://a.example/2"]

    def test_all_candidates_of_a_picture_are_links(self) -> None:
        text = '<img srcset="https://a.example/1,2.png 1x, https://a.example/3.png 2x,https://a.example/4.png">'
        assert urls(HTML, text) == ["https://a.example/1,2.png", "https://a.example/3.png", "https://a.example/4.png"]

    def test_a_page_is_read_in_the_charset_that_it_declares(self) -> None:
        text = "<meta charset=iso-8859-1><a href='https://a.example/\u00fc'>x</a>"
        assert urls(HTML, text.encode("latin-1")) == ["https://a.example/\u00fc"]
        assert urls(HTML, text.replace("iso-8859-1", "rot13").encode()) == ["https://a.example/\u00fc"]

    def test_a_link_in_another_charset_than_declared_is_told(self) -> None:
        assert urls(HTML, "<a href='https://a.example/\u00fc'>x</a>".encode("latin-1")) == [
            "not UTF-8, nor in the charset that the document declares"
        ]

    def test_a_tag_without_end_is_bounded_in_memory(self) -> None:
        _, broken = read(HTML, [b"<a href='", *([b"x" * 1_000_000] * 6)])
        assert broken is not None
        assert broken.reason == "no element begins for 4 MiB"


class TestMarkdown:
    """GitHub's flavour."""

    def test_links_of_all_kinds_are_told_by_their_lines(self) -> None:
        text = """# Awesome [![badge](https://badge.example/b.svg)](https://a.example)

- [one](https://b.example "title") and <https://c.example/x>,
  https://d.example/y. And [ref], [rel](docs/x.md), [top](#top)

| a | b |
| --- | --- |
| [t](https://e.example) | <a href="https://f.example/?a&amp;b">x</a> |

<div>
<img src="https://g.example/i.png">
</div>

[ref]: https://h.example/\u00fc
"""
        assert sorted(places(MARKDOWN, text), key=lambda one: one[1]) == [
            (1, "https://a.example"),
            (3, "https://b.example"),
            (1, "https://badge.example/b.svg"),
            (3, "https://c.example/x"),
            (4, "https://d.example/y"),
            (8, "https://e.example"),
            (8, "https://f.example/?a&b"),
            (11, "https://g.example/i.png"),
            (4, "https://h.example/\u00fc"),
        ]

    def test_code_and_comments_have_no_links(self) -> None:
        text = "`https://a.example` \n\n```sh\ncurl https://b.example\n```\n\n<!-- https://c.example -->\n\n    https://d.example\n"
        assert urls(MARKDOWN, text) == []

    def test_a_link_that_is_none_is_told(self) -> None:
        assert urls(MARKDOWN, "[x](<https://a.example/a b>) [y](http://)") == [
            "a space in the URL: write %20",
            "no host after the scheme",
        ]

    def test_emphasis_is_no_part_of_a_bare_url(self) -> None:
        text = "~~https://x.example/old~~ _https://x.example/it_ __https://x.example/bo__ (https://x.example/a_b)."
        assert urls(MARKDOWN, text) == [f"https://x.example/{name}" for name in ("old", "it", "bo", "a_b")]

    def test_lists_in_lists_are_read_however_deep(self) -> None:
        text = "".join(f"{'  ' * depth}- https://x.example/{depth}\n" for depth in range(30))
        assert len(urls(MARKDOWN, text)) == 30

    def test_lines_are_right_behind_what_goes_over_lines(self) -> None:
        text = "a `code\nspan` and [x\ny](https://a.example\n'title') <b\nclass=c>x</b>\nhttps://b.example\n"
        assert places(MARKDOWN, text) == [(3, "https://a.example"), (6, "https://b.example")]

    def test_a_document_is_bounded(self) -> None:
        assert problem(MARKDOWN, "x" * 5_000_000) == "a document of more than 4 MiB"
