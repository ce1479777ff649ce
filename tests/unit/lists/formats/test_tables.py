"""CSV and TSV, as spreadsheets write them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.lists.formats.format import InputFormat
from allup.lists.formats.inert import as_it_was, inert
from allup.lists.options import OPTIONS
from allup.model.target import InvalidTarget, Target
from allup.report.csv_text import csv_row
from unit.lists.formats.reading import places, problem, urls, whole

CSV = InputFormat.CSV


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_cells_are_separated_by_what_the_first_row_has_most_of(separator: str) -> None:
    (target,) = whole(
        CSV,
        f"\ufeffURL{separator}Name\r\nhttps://a.example/?a,b{separator}One;two\r\n".replace(
            "a,b", "ab" if separator == "," else "a,b"
        ).replace("One;two", "One" if separator == ";" else "One;two"),
    )
    assert isinstance(target, Target)
    assert target.name in {"One", "One;two"}


def test_columns_of_others_are_left_alone_and_empty_cells_say_nothing() -> None:
    items = whole(CSV, "owner,url,status,expect\njoe,https://a.example,up,\njim,https://b.example,down,404\n")
    assert [one.options for one in items if isinstance(one, Target)] == [(), (("expect", "404"),)]


def test_names_of_columns_may_be_written_as_people_write_them() -> None:
    (target,) = whole(CSV, " Url ,Expect_Header\nhttps://a.example,Server: x\n")
    assert isinstance(target, Target)
    assert target.options == (("expect-header", "Server: x"),)


def test_the_line_of_a_row_is_the_one_that_it_begins_in() -> None:
    text = 'url,name\n"https://a.example","two\nlines"\n\nhttps://b.example,b\n'
    assert places(CSV, text) == [(2, "https://a.example"), (5, "https://b.example")]


@pytest.mark.parametrize("row", ["https://a.example/a,b", "https://a.example/a,,b", '"https://a.example/a",b'])
def test_a_row_with_more_cells_than_there_are_names_is_told(row: str) -> None:
    assert urls(CSV, f"url\n{row}\nhttps://b.example,,\n") == [
        "more cells than the first row has",
        "https://b.example",
    ]


def test_blanks_behind_a_separator_are_none_of_a_cell() -> None:
    (target,) = whole(CSV, 'url, expect, name\nhttps://a.example, 404, "a, b"\n')
    assert isinstance(target, Target)
    assert target.options == (("name", "a, b"), ("expect", "404"))


def test_what_excel_writes_first_is_no_row() -> None:
    assert urls(CSV, "\ufeffsep=;\r\nurl;a,b,c,d\r\nhttps://a.example;x\r\n") == ["https://a.example"]


def test_quotes_that_open_again_and_again_are_read_in_time() -> None:
    began_at = time.process_time()
    found = urls(CSV, "url,n\n" + 'x","\n' * 4_000)
    assert len(found) >= 1
    assert time.process_time() - began_at < 10


def test_a_quote_in_the_middle_of_a_cell_is_a_character() -> None:
    assert urls(CSV, 'url,size\nhttps://a.example,12" wide\nhttps://b.example,\n') == [
        "https://a.example",
        "https://b.example",
    ]


def test_a_quote_that_is_never_closed_costs_its_own_row_only() -> None:
    rows = "".join(f"https://{number}.example,x\n" for number in range(1_500))
    found = places(CSV, f'url,name\n"https://a.example,x\n{rows}')
    assert found[0] == (2, "the quote that begins a cell here is never closed")
    assert found[1:] == [(number + 3, f"https://{number}.example") for number in range(1_500)]


def test_text_behind_a_closing_quote_costs_its_own_row_only() -> None:
    (first, reason), *others = places(CSV, 'url\n"https://a.example"x\nhttps://b.example\n')
    assert (first, reason.split(":")[0]) == (2, "no row of CSV")
    assert others == [(3, "https://b.example")]


def test_a_row_that_is_not_utf_8_costs_that_row_only() -> None:
    text = "url,name\nhttps://a.example,Caf\u00e9\nhttps://b.example,b\n".encode("latin-1")
    assert urls(CSV, text) == ["not UTF-8", "https://b.example"]


def test_a_row_without_a_url_is_told_and_an_empty_one_is_not() -> None:
    assert urls(CSV, "url,name\n,x\n,\n\n") == ["no URL in the url column"]


def test_a_row_that_is_short_lacks_the_last_columns() -> None:
    assert urls(CSV, "name,url,expect\na,https://a.example\nb\n") == ["https://a.example", "no URL in the url column"]


def test_a_head_that_is_not_utf_8_is_told_and_no_row_is_taken_for_it() -> None:
    text = "url;expect;Gr\u00f6\u00dfe\nhttps://a.example;404;1\nurl;x;y\n".encode("latin-1")
    assert problem(CSV, text) == "the first row, which names the columns: not UTF-8"


@pytest.mark.parametrize("name", ["headers", "urls", "fname", "status", "timeouts"])
def test_names_of_others_are_left_alone_though_they_are_like_ours(name: str) -> None:
    assert urls(CSV, f"url,{name}\nhttps://a.example,x\n") == ["https://a.example"]


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("https://a.example,x", "no column is called url: there are https://a.example, x"),
        ("name,link", "no column is called url: there are name, link"),
        ("url,expct", "no option is called 'expct': did you mean expect?"),
        ("url,Header,header", "two columns are called header: rename one"),
        ("url," * 1_200, "more than 1,000 columns"),
    ],
)
def test_a_head_that_cannot_be_meant_is_told_once(head: str, reason: str) -> None:
    assert problem(CSV, f"{head}\nhttps://a.example,x\nhttps://b.example,x\n") == reason


def test_what_is_wrong_with_a_row_is_told_without_its_secrets() -> None:
    (entry,) = whole(CSV, "url,header,expect\nhttps://u:s3cr3t@a.example,Authorization: Bearer s3cr3t,soon\n")
    assert isinstance(entry, InvalidTarget)
    assert "s3cr3t" not in repr(entry)
    assert entry.reason.startswith("expect: 'soon'")


@given(
    st.text(alphabet="ab=+-@;:'\"\t\n ,", min_size=1, max_size=12) | st.text(st.characters(codec="utf-8"), min_size=1)
)
def test_a_cell_that_was_kept_from_taking_effect_is_taken_back(text: str) -> None:
    assert as_it_was(inert(text)) == text


def test_apostrophes_are_taken_back_in_a_list_of_our_own_only() -> None:
    own = csv_row(["https://a.example/;=x", *("-n" if name == "name" else "" for name in OPTIONS)])
    (target,) = whole(CSV, f"{csv_row(['url', *OPTIONS])}{own}")
    assert isinstance(target, Target)
    assert (target.url, target.name) == ("https://a.example/;=x", "-n")
    (target,) = whole(CSV, "url,name\nhttps://a.example/;'=x,'-n\n")
    assert isinstance(target, Target)
    assert (target.url, target.name) == ("https://a.example/;'=x", "'-n")
