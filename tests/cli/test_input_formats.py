"""Lists as people already have them: by their ending, by --input-format, packed, elsewhere, several, and broken."""

import gzip
import json
import time
import zlib
from pathlib import Path

import pytest

from allup.lab.server import Lab
from cli.driving import allup

CSV = "url,name\nhttps://a.example,A\n"
HEAD = '<?xml version="1.0"?>'


def listed(*arguments: str | Path, stdin: str | None = None) -> list[str]:
    """Return the lines of `allup list`, which has nothing to complain about."""
    outcome = allup("list", *arguments, stdin=stdin)
    assert (outcome.code, outcome.stderr) == (0, "")
    return outcome.stdout.splitlines()


def sitemap(*urls: str) -> str:
    return f"{HEAD}<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>"


def written(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("l.csv", CSV),
        ("l.TSV", "url\tname\nhttps://a.example\tA\n"),
        ("l.json", '[{"url": "https://a.example", "name": "A"}]'),
        ("l.jsonl", '{"url": "https://a.example", "name": "A"}\n'),
        ("l.ndjson", '{"url": "https://a.example", "name": "A"}'),
        ("l.txt", "https://a.example name=A\n"),
        ("l", "https://a.example name=A\n"),
        ("excel.csv", b"\xef\xbb\xbf" + b"URL;Name\r\nhttps://a.example;A\r\n;\r\n"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_ending_says_the_format_and_the_bytes_whether_it_is_packed(
    tmp_path: Path, name: str, data: str | bytes, *, packed: bool
) -> None:
    plain = data.encode() if isinstance(data, str) else data
    path = written(tmp_path / (f"{name}.gz" if packed else name), gzip.compress(plain) if packed else plain)
    assert listed(path) == ["https://a.example name=A"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("l.xml", sitemap("https://a.example")),
        ("l.md", "<https://a.example>"),
        ("l.html", "<a href=https://a.example>x</a>"),
    ],
)
def test_documents_are_known_by_their_ending_too(tmp_path: Path, name: str, data: str) -> None:
    assert listed(written(tmp_path / name, data)) == ["https://a.example"]


def test_input_format_goes_before_the_ending_and_holds_for_standard_input(tmp_path: Path) -> None:
    assert listed(written(tmp_path / "l.txt", CSV), "--input-format", "csv") == ["https://a.example name=A"]
    assert listed("--input-format", "csv", stdin=CSV) == ["https://a.example name=A"]
    assert listed("-", "--input-format", "sitemap", stdin=sitemap("a.example")) == ["https://a.example"]


def test_several_lists_of_several_formats_come_one_after_the_other(tmp_path: Path) -> None:
    first = written(tmp_path / "1.csv", CSV)
    second = written(tmp_path / "2.json", '["https://b.example"]')
    assert listed(first, "https://c.example", second) == [
        "https://a.example name=A",
        "https://c.example",
        "https://b.example",
    ]


def test_a_pattern_stands_for_the_lists_that_match_by_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "deep/er/c.txt", "d.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        written(tmp_path / name, f"{'url' if name == 'd.csv' else ''}\nhttps://{Path(name).stem}.example\n")
    assert listed(f"{tmp_path}/*.txt") == ["https://a.example", "https://b.example"]
    assert listed(f"{tmp_path}/**/*.txt") == ["https://a.example", "https://b.example", "https://c.example"]
    outcome = allup("list", f"{tmp_path}/*.md")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "*.md: no file matches" in outcome.complaint


def test_lines_rows_and_elements_reach_the_records(lab: Lab, tmp_path: Path) -> None:
    csv = written(tmp_path / "l.csv", f'url,name\n"{lab.base_url}/ok?1","two\nlines"\n{lab.base_url}/ok?2,\n')
    json_ = written(tmp_path / "l.json", json.dumps({"x": [f"{lab.base_url}/ok?3", f"{lab.base_url}/ok?4"]}))
    records = allup("check", csv, json_, "-f", "jsonl").records
    assert [(record["source"], record["line"]) for record in records] == [
        *((str(csv), 2), (str(csv), 4)),
        *((str(json_), 1), (str(json_), 2)),
    ]


def test_what_a_check_reports_can_be_checked_again(lab: Lab, tmp_path: Path) -> None:
    first = allup("check", f"{lab.base_url}/ok", f"{lab.base_url}/status/404", "-f", "json")
    again = allup("check", written(tmp_path / "report.json", first.stdout), "-f", "json")
    assert [one["url"] for one in again.document["results"]] == [one["url"] for one in first.document["results"]]


class TestRemoteLists:
    """With --input-format, a URL is the place of a list."""

    def test_a_sitemap_is_fetched_and_what_it_lists_is_checked(self, lab: Lab) -> None:
        outcome = allup("check", f"{lab.base_url}/sitemap.xml", "--input-format", "sitemap", "-f", "jsonl")
        assert outcome.code == 0
        place = f"{lab.base_url}/sitemap.xml"
        assert [(one["url"].removeprefix(lab.base_url), one["source"], one["line"]) for one in outcome.records] == [
            *(("/ok", place, 1), ("/page", place, 2), ("/health", place, 3)),
        ]

    def test_the_sitemaps_of_an_index_are_read_in_their_order_packed_ones_included(self, lab: Lab) -> None:
        urls = listed(f"{lab.base_url}/sitemap-index.xml", "--input-format", "sitemap")
        assert [url.removeprefix(lab.base_url) for url in urls] == [
            *("/ok", "/page", "/health", "/ok?packed=1&of=2", "/ok?packed=2&of=2"),
        ]

    def test_an_index_on_the_disk_is_one_too(self, lab: Lab, tmp_path: Path) -> None:
        index = f"<sitemapindex><sitemap><loc>{lab.base_url}/sitemap.xml</loc></sitemap></sitemapindex>"
        assert len(listed(written(tmp_path / "index.xml", index))) == 3

    def test_what_cannot_be_fetched_is_a_usage_error_and_nothing_is_checked(self, lab: Lab) -> None:
        arguments = (f"{lab.base_url}/sitemap.xml", f"{lab.base_url}/status/404?x", "--input-format", "sitemap")
        outcome = allup("check", *arguments)
        assert (outcome.code, outcome.stdout) == (2, "")
        assert "/status/404?x: cannot be fetched: 404 Not Found, expected 200-299" in outcome.complaint
        assert lab.stats.total.requests == 2

    def test_a_sitemap_of_an_index_that_cannot_be_fetched_is_a_failed_entry_and_the_others_are_checked(
        self, lab: Lab, tmp_path: Path
    ) -> None:
        names = ["/status/404", "/sitemap.xml", "/ok"]
        locations = "".join(f"<sitemap><loc>{lab.base_url}{name}</loc></sitemap>" for name in names)
        index = written(tmp_path / "index.xml", f"<sitemapindex>{locations}</sitemapindex>")
        outcome = allup("check", index, "-f", "jsonl", "--retries", "0")
        assert outcome.code == 1
        assert [(one["verdict"], one["line"]) for one in outcome.records] == [
            *(("failed", 1), ("ok", 1), ("ok", 2), ("ok", 3), ("failed", 1)),
        ]
        first, *_, last = outcome.records
        assert (
            first["failure"]["detail"] == f"{index}:1: the sitemap cannot be fetched: 404 Not Found, expected 200-299"
        )
        assert first["source"] == str(index)
        assert "/ok:1: the list cannot be read: no well-formed XML" in last["failure"]["detail"]
        assert last["source"] == f"{lab.base_url}/ok"

    def test_what_may_pass_is_tried_again(self, lab: Lab) -> None:
        url = f"{lab.base_url}/flaky/list-{id(lab)}/1"
        outcome = allup("list", url, "--input-format", "text")
        assert "cannot be fetched" not in outcome.stderr
        assert lab.stats.total.requests == 2

    def test_the_deadline_holds_for_a_list_that_does_not_come(self, lab: Lab) -> None:
        began_at = time.monotonic()
        outcome = allup("check", f"{lab.base_url}/latency/1h", "--input-format", "sitemap", "--deadline", "300ms")
        assert (outcome.code, outcome.stdout) == (2, "")
        assert "the deadline came before the lists were fetched: nothing was checked" in outcome.complaint
        assert time.monotonic() - began_at < 10

    def test_where_the_run_ends_first_the_sitemaps_that_were_not_read_are_unchecked(
        self, lab: Lab, tmp_path: Path
    ) -> None:
        names = [f"{lab.base_url}/latency/1h", f"{lab.base_url}/sitemap.xml"]
        locations = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
        index = written(tmp_path / "index.xml", f"<sitemapindex>{locations}</sitemapindex>")
        outcome = allup("check", f"{lab.base_url}/ok", index, "-f", "jsonl", "--deadline", "500ms")
        assert outcome.code == 3
        assert [(one["url"], one["failure"] and one["failure"]["kind"]) for one in outcome.records] == [
            (f"{lab.base_url}/ok", None),
            *((name, "not_started") for name in names),
        ]


def test_a_sitemap_and_a_page_may_be_utf_16(tmp_path: Path) -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?><urlset><url><loc>https://a.example/\u00fc</loc></url></urlset>'
    page = "<a href='https://a.example/\u00fc'>x</a>"
    assert listed(written(tmp_path / "l.xml", xml.encode("utf-16"))) == ["https://a.example/\u00fc"]
    assert listed(written(tmp_path / "l.html", page.encode("utf-16"))) == ["https://a.example/\u00fc"]


class TestBrokenLists:
    """What comes before the trouble is checked, and the trouble is told."""

    @pytest.mark.parametrize(
        ("name", "data", "said"),
        [
            ("a.xlsx", b"PK\x03\x04rest", "not a list that can be read by its ending"),
            ("a.csv", b"PK\x03\x04rest", "no list: it is a ZIP archive, as spreadsheets (xlsx, ods) and documents are"),
            ("a.txt", b"\x7fELF\x02\x01", "no list: it is a program"),
            ("a.csv", "\ufeffurl\n".encode("utf-16-le"), "UTF-16, not UTF-8; save the list as UTF-8"),
            ("a.json.zst", b"\x28\xb5\x2f\xfd", "no list: it is packed by zstd; unpack it"),
            ("a.yaml", b"- a.example", "say --input-format: text, csv"),
        ],
    )
    def test_a_file_that_is_no_list_is_a_usage_error(self, tmp_path: Path, name: str, data: bytes, said: str) -> None:
        outcome = allup("list", written(tmp_path / name, data))
        assert (outcome.code, outcome.stdout) == (2, "")
        assert said in outcome.complaint

    def test_a_directory_is_a_usage_error(self, tmp_path: Path) -> None:
        outcome = allup("list", tmp_path)
        assert outcome.code == 2
        assert "is a directory: name a list in it, or several with *" in outcome.complaint

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (sitemap("https://a.example"), "it begins like XML: say --input-format sitemap"),
            ("<!doctype html><p>", "it begins like HTML: say --input-format html"),
            ('[{"url": "a.example"}]', "it begins like JSON: say --input-format json"),
            ('{\n"urls": ["a.example"]}', "it begins like JSON: say --input-format json"),
            ('{"url": "a.example"}\n', "it begins like JSON Lines: say --input-format jsonl"),
        ],
    )
    def test_text_that_is_of_another_format_is_told_with_the_first_line(self, data: str, said: str) -> None:
        outcome = allup("list", stdin=data)
        assert outcome.code == 1
        assert outcome.stderr.splitlines()[0].endswith(f"; {said}")

    def test_a_line_like_that_does_not_stop_the_others(self) -> None:
        outcome = allup("list", stdin="[\nhttps://a.example\n")
        assert (outcome.code, outcome.stdout) == (1, "[\nhttps://a.example\n")

    def test_of_a_packed_list_that_was_cut_off_what_is_there_is_taken(self, tmp_path: Path) -> None:
        lines = "".join(f"https://{zlib.crc32(bytes([at % 256, at // 256])):x}.example\n" for at in range(4_000))
        path = written(tmp_path / "l.txt.gz", gzip.compress(lines.encode())[:-2_000])
        outcome = allup("list", path)
        assert outcome.code == 1
        *taken, last = outcome.stdout.splitlines()
        assert 1_000 < len(taken) < 4_000
        assert taken == lines.splitlines()[: len(taken)]
        assert last.strip('"') == str(path)
        assert "cannot be read any further: its gzip data ends early" in outcome.stderr

    def test_a_gzip_bomb_is_told_and_takes_no_memory(self, tmp_path: Path) -> None:
        packer = zlib.compressobj(9, wbits=31)
        bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
        outcome = allup("list", written(tmp_path / "l.txt.gz", bomb))
        assert outcome.code == 1
        assert "a gzip bomb? It becomes more than 200 times as large" in outcome.stderr

    def test_members_of_gzip_are_one_list_and_padding_is_none(self, tmp_path: Path) -> None:
        data = gzip.compress(b"a.exam") + gzip.compress(b"ple\nb.example\n") + bytes(512)
        assert listed(written(tmp_path / "l.gz", data)) == ["https://a.example", "https://b.example"]

    def test_broken_gzip_is_told(self, tmp_path: Path) -> None:
        outcome = allup("list", written(tmp_path / "l.gz", b"\x1f\x8b\x08\x00garbage-garbage"))
        assert outcome.code == 1
        assert "its gzip data is broken" in outcome.stderr

    def test_what_came_before_is_checked(self, lab: Lab, tmp_path: Path) -> None:
        path = written(tmp_path / "l.json", f'["{lab.base_url}/ok", "{lab.base_url}/pa')
        outcome = allup("check", path, "-f", "jsonl")
        assert outcome.code == 1
        assert [(one["url"], one["verdict"]) for one in outcome.records] == [
            (f"{lab.base_url}/ok", "ok"),
            (str(path), "failed"),
        ]

    @pytest.mark.parametrize("name", ["l.json", "l.xml", "l.csv", "l.html", "l.md", "l.jsonl", "l.txt", "l.txt.gz"])
    def test_an_empty_list_does_not_look_green(self, tmp_path: Path, name: str) -> None:
        outcome = allup("check", written(tmp_path / name, b""))
        assert outcome.code in (1, 2)
        assert outcome.stderr + outcome.stdout


def test_an_unknown_format_is_a_usage_error_that_names_those_there_are() -> None:
    outcome = allup("list", "--input-format", "yaml", "a.example")
    assert outcome.code == 2
    assert "'text', 'csv', 'tsv', 'json', 'jsonl', 'sitemap', 'markdown', 'html'" in outcome.complaint
