"""The page of a check: its data are the records, nothing else can run in it, and it has an end."""

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from allup.model.failure import FailureKind
from allup.model.harmful import HARMFUL
from allup.model.result import Result
from allup.report import html
from allup.report.comparison_html import comparison_html
from allup.report.format import ReportFormat
from allup.report.page_json import page_json
from allup.report.record import record
from unit.report.hostile import RESULTS, written

ASSETS = {path.name: path.read_text(encoding="utf-8") for path in Path(html.__file__).with_name("page").iterdir()}
SCRIPTS = [name for name in ASSETS if name.endswith(".js")]


class Page(HTMLParser):
    """What a parser of HTML finds: the tags, the policy, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.policy = ""
        self.blocks: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        its = dict(attrs)
        self.attributes |= set(its)
        if its.get("http-equiv") == "Content-Security-Policy":
            self.policy = its["content"] or ""
        if tag in ("script", "style"):
            self.blocks.append((tag, its, ""))

    def handle_data(self, data: str) -> None:
        if self.blocks and self.tags[-1] == self.blocks[-1][0]:
            tag, its, text = self.blocks[-1]
            self.blocks[-1] = (tag, its, text + data)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    @property
    def records(self) -> list[Any]:
        return [one for _, its, text in self.blocks if its.get("class") == "records" for one in json.loads(text)]

    @property
    def run(self) -> Any:
        return json.loads(next(text for _, its, text in self.blocks if its.get("id") == "run"))


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_records_are_in_the_page(one_of_each: list[Result]) -> None:
    page = Page(written(ReportFormat.HTML, one_of_each))
    assert page.records == [record(result) for result in one_of_each]
    assert (page.run["schema"], page.run["shown"], page.run["summary"]["targets"]) == ("allup.check/1", 4, 4)


@given(results=RESULTS)
@settings(max_examples=40, deadline=None)
def test_no_text_of_others_changes_the_page(results: list[Result]) -> None:
    text = written(ReportFormat.HTML, results)
    page = Page(text)
    assert page.records == [json.loads(page_json(record(result))) for result in results]
    plain = Page(written(ReportFormat.HTML, []))
    more = ["script", "/script"] if results else []
    assert sorted(page.tags) == sorted(plain.tags + more)
    assert not re.search("[<>&]", "".join(text for _, its, text in page.blocks if its.get("class") == "records"))
    assert len(text.splitlines()) == text.count("\n")


@pytest.mark.parametrize("form", ["check", "compare"])
def test_only_the_page_s_own_style_and_script_are_in_force(form: str, compare: Any, make_row: Any) -> None:
    text = written(ReportFormat.HTML, []) if form == "check" else "".join(comparison_html(compare(make_row())))
    page = Page(text)
    (style,) = (text for tag, _, text in page.blocks if tag == "style")
    (script,) = (text for _, its, text in page.blocks if its.get("type") == "module")
    rules = dict(rule.split(" ", 1) for rule in page.policy.split("; "))
    assert rules == {
        "default-src": "'none'",
        "style-src": hashed(style),
        "script-src": hashed(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not {name for name in page.attributes if name.startswith("on") or name in ("style", "src", "href")}
    assert "{{" not in text


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_a_file_of_the_page_refers_to_nothing_elsewhere(name: str) -> None:
    its = ASSETS[name].replace("http://www.w3.org/2000/svg", "").replace('"http:"', "").replace('"https:"', "")
    assert not re.search(r"https?://(?!\$|\)|/)|//\w|url\(|@import|\bimport\b|fetch\(|XMLHttp|WebSocket|\t", its)


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_script_makes_no_markup_of_data(name: str) -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(", ASSETS[name])


def test_every_file_of_the_page_is_in_use(compare: Any, make_row: Any) -> None:
    pages = written(ReportFormat.HTML, []) + "".join(comparison_html(compare(make_row())))
    for name, text in ASSETS.items():
        if not name.endswith(".html"):
            assert text in pages, name


def test_the_page_has_an_end_and_what_needs_a_look_goes_first(
    monkeypatch: pytest.MonkeyPatch, make_result: Callable[..., Result]
) -> None:
    monkeypatch.setattr(html, "MOST_ROWS", 5)
    results = [make_result(index=number, status=404 if number % 4 == 3 else 200) for number in range(40)]
    page = Page(written(ReportFormat.HTML, results))
    assert [one["verdict"] for one in page.records] == ["ok", "ok", "ok", "failed", "ok"] + ["failed"] * 5
    assert (page.run["shown"], page.run["given"], page.run["summary"]["targets"]) == (10, 40, 40)


def test_so_it_has_where_records_are_long(monkeypatch: pytest.MonkeyPatch, make_result: Callable[..., Result]) -> None:
    monkeypatch.setattr(html, "MOST_CHARACTERS", 10_000)
    results = [make_result(index=number, url="x" * 4000, kind=FailureKind.RESET) for number in range(10)]
    assert Page(written(ReportFormat.HTML, results)).run["shown"] == 4


def test_many_records_come_in_blocks(make_result: Callable[..., Result]) -> None:
    page = Page(written(ReportFormat.HTML, [make_result(index=number) for number in range(2001)]))
    blocks = [json.loads(text) for _, its, text in page.blocks if its.get("class") == "records"]
    assert [len(block) for block in blocks] == [1000, 1000, 1]


def test_a_record_is_in_the_page_as_soon_as_it_is_known(make_result: Callable[..., Result]) -> None:
    stream = io.StringIO()
    report = ReportFormat.HTML.report(stream)
    report.start()
    report.add(make_result(url="https://first.example/"))
    assert "https://first.example/" in stream.getvalue()


def _colors(dark: bool) -> dict[str, str]:  # noqa: FBT001
    light, _, rest = ASSETS["colors.css"].partition("@media (prefers-color-scheme: dark)")
    return dict(re.findall(r"--(\w+): (#\w{6});", rest if dark else light))


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_every_color_can_be_told_from_its_ground(*, dark: bool) -> None:
    colors = _colors(dark)
    for ground in ("ground", "raised"):
        for text in ("text", "quiet", "accent", "ok", "flaky", "failed", "unchecked"):
            assert contrast(colors[text], colors[ground]) >= 4.5, (text, ground)
        for drawn in ("edge", "hops", "dns", "connect", "ssl", "wait", "receive"):
            assert contrast(colors[drawn], colors[ground]) >= 3, (drawn, ground)


def test_the_characters_that_a_page_shows_as_escapes_are_those_of_every_output() -> None:
    found = re.search(r"/\[(.*)\]/gu", ASSETS["text.js"])
    assert found is not None
    theirs = re.compile("[" + re.sub(r"\\u\{(\w+)\}", lambda code: chr(int(code[1], 16)), found[1]) + "]")
    characters = [chr(code) for code in (*range(0x3000), *range(0xD000, 0x10000), *range(0xDFF00, 0xE0100))]
    assert [one for one in characters if theirs.match(one)] == [
        one for one in characters if HARMFUL.match(one) or one in "\ufffe\uffff"
    ]
