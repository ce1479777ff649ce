"""Lines that were made to hold up a run, to end it, or to have it tell a secret."""

import io
import json
import time
from typing import Any, cast

import pytest

from allup.lists.expansion import pieces
from allup.lists.json_path import JsonPath
from allup.lists.line import LineDefaults, format_line, parse_line
from allup.lists.options import line_defaults
from allup.lists.pattern import RegularExpression
from allup.lists.selection import Selection
from allup.lists.track_record import track_record
from allup.model.answer import TooDeep, TooSlow
from allup.model.selection import SelectionSettings
from allup.model.target import Entry, InvalidTarget, Origin, Target
from allup.model.usage import UsageError
from allup.report.listing_format import ListingFormat
from allup.report.sink import Sink

SECRET = "hunter2"


def read(line: str, **variables: str) -> Entry:
    entry = parse_line(line, LineDefaults(variables=variables), Origin(source="urls.txt", line=1))
    assert entry is not None
    return entry


@pytest.fixture(autouse=True)
def unbiased() -> None:
    """Hold no expression's past against it."""
    track_record.cache_clear()


@pytest.mark.parametrize(
    "bomb", ["((a{1000}){1000}){1000}", "(((((a?){100}){100}){100}){100}){100}b", "(?:x{,300}){300}", "a{99999}"]
)
def test_an_expression_that_would_fill_the_memory_is_refused_before_it_is_compiled(bomb: str) -> None:
    began_at = time.process_time()
    entry = read(f"h.example matches='{bomb}'")
    assert isinstance(entry, InvalidTarget)
    assert "lower the numbers in { }" in entry.reason
    with pytest.raises(UsageError, match="lower the numbers"):
        Selection(SelectionSettings(include=(bomb,)), LineDefaults())
    assert time.process_time() - began_at < 2


@pytest.mark.parametrize(
    "source", [r"\{99999\}", "[a{99999}]", "[]{99999}]", "(?:a|b){3}x{2,40}", "a{1000}", r"\({500}"]
)
def test_large_numbers_that_come_to_little_are_fine(source: str) -> None:
    assert pieces(source) <= 1_000
    RegularExpression.parse(source)


def nested(depth: int) -> list[Any]:
    document: list[Any] = []
    for _ in range(depth):
        document = [document]
    return document


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("$[?count($[*])>1][0]", [{"a": number} for number in range(10_000)]),
        ("$[?count($..*)>1].x", {str(number): {"a": number} for number in range(5_000)}),
    ],
)
def test_a_query_that_takes_long_is_given_up(query: str, document: Any) -> None:
    with pytest.raises(TooSlow, match="was given up after 1s"):
        JsonPath.parse(query, query).values(document)


def test_a_query_that_is_given_up_again_and_again_is_not_tried_any_more() -> None:
    path, document = JsonPath.parse("$..[*]..[*]..[*]", "$..[*]..[*]..[*]"), nested(300)
    began_at = time.process_time()
    for _ in range(3):
        with pytest.raises(TooSlow, match="was given up after 1s"):
            path.values(document)
    with pytest.raises(TooSlow, match="is not tried any more"):
        path.values(document)
    assert time.process_time() - began_at < 12


def test_a_document_that_is_nested_too_deeply_is_not_as_expected() -> None:
    with pytest.raises(TooDeep, match="nested too deeply"):
        JsonPath.parse("$..x", "$..x").values(nested(900))


def test_what_is_found_in_a_guarded_document_is_what_is_in_it() -> None:
    document = {"a": [{"b": {"c": [1, {"d": None}]}}, {"b": {"c": []}}]}
    found = JsonPath.parse("$.a[*].b", "$.a[*].b").values(document)
    assert found == [{"c": [1, {"d": None}]}, {"c": []}]
    assert json.dumps(found) == '[{"c": [1, {"d": null}]}, {"c": []}]'


def test_an_expression_that_was_given_up_again_and_again_holds_up_nobody_any_more() -> None:
    slow = RegularExpression.parse("(?:(?:a|aa)+)+$")
    for _ in range(3):
        with pytest.raises(TooSlow, match="was given up after"):
            slow.found_in("a" * 5_000 + "!", patience_s=0.05)
    began_at = time.process_time()
    for _ in range(100):
        with pytest.raises(TooSlow, match="is not tried any more"):
            slow.found_in("a" * 5_000 + "!")
    assert time.process_time() - began_at < 2


def test_an_expression_that_comes_to_an_end_now_and_then_is_still_tried() -> None:
    slow = RegularExpression.parse("(?:(?:a|aa)+)+$")
    for _ in range(4):
        with pytest.raises(TooSlow, match="was given up after"):
            slow.found_in("a" * 5_000 + "!", patience_s=0.05)
        assert slow.found_in("aa")


def test_an_expression_that_eats_memory_is_given_up() -> None:
    with pytest.raises(TooSlow, match="was given up"):
        RegularExpression.parse("(?R)a").found_in("a" * 1_000)


def test_a_number_beyond_all_numbers_is_no_json_path() -> None:
    with pytest.raises(ValueError, match="not a JSONPath"):
        JsonPath.parse("$[?@.a==1e400]", "$[?1e400]")


@pytest.mark.parametrize(
    "line",
    [
        'h.example name="' + "\\\\" * 10_000 + "x",
        "h.example data='" + "token" * 8_000 + "'",
        "//a:x" + " " * 20_000 + "y",
    ],
    ids=["backslashes", "names of secrets", "blanks"],
)
def test_a_long_hostile_line_takes_no_more_time_than_its_length(line: str) -> None:
    began_at = time.process_time()
    read(line)
    assert time.process_time() - began_at < 2  # it was 1 to 2 seconds


def test_half_of_a_surrogate_pair_is_refused_and_not_sent() -> None:
    entry = read("h.example data=$'\\ud800'")
    assert isinstance(entry, InvalidTarget)
    assert "half of a surrogate pair" in entry.reason


@pytest.mark.parametrize(
    "line",
    [
        f"h.example header=X-Api-Key: {SECRET}",
        f"h.example header=Authorization: Bearer {SECRET}",
        f"h.example api_key={SECRET}",
        f"h.example pwd={SECRET}",
        f'h.example {{"token": "{SECRET}"}}',
        f"https://me:{SECRET}@h.example exepct=1",
        f'h.example header="Authorization Bearer {SECRET}"',
        f"h.example header='X-Api-Key {SECRET}'",
    ],
)
def test_a_secret_in_a_line_that_is_none_is_in_no_message(line: str) -> None:
    entry = read(line)
    assert isinstance(entry, InvalidTarget)
    assert SECRET not in entry.text + entry.diagnosis


@pytest.mark.parametrize("option", ["location", "name", "data", "contains", "header='Referer: {}'", "json='$.a={}'"])
def test_the_password_of_a_url_is_written_out_nowhere(option: str) -> None:
    url = f"https://me:{SECRET}@h.example/"
    entry = read(f"h.example {option.format(url) if '{}' in option else f'{option}={url}'}")
    assert isinstance(entry, Target), entry
    assert SECRET not in format_line(entry)


def test_a_header_that_a_variable_names_replaces_that_of_the_flags() -> None:
    variables = {"NAME": "X-A"}
    defaults = line_defaults([("header", "X-A: flag")], variables)
    entry = parse_line('h.example header="${NAME}: line"', defaults, Origin())
    assert isinstance(entry, Target)
    assert entry.request.headers == (("X-A", "line"),)
    assert entry.options == (("header", "${NAME}: line"),)


@pytest.mark.parametrize("format_", ListingFormat)
def test_a_url_whose_password_was_taken_out_is_refused_when_it_is_read_again(format_: ListingFormat) -> None:
    entry = read(f"http://me:{SECRET}@h.example:81/@x contains=a")
    assert isinstance(entry, Target)
    sink = io.StringIO()
    report = format_.report(cast("Sink", sink))
    report.add(entry)
    assert SECRET not in sink.getvalue()
    assert "http://me:${REDACTED}@h.example:81/@x" in sink.getvalue()
    again = read(format_line(entry))
    assert isinstance(again, InvalidTarget)
    assert again.reason == "the password was taken out of the URL: put it back"


def test_a_header_that_a_variable_names_is_told_by_the_variable() -> None:
    entry = read('h.example expect-header="${NAME}: x"', NAME=f"X-{SECRET}")
    assert isinstance(entry, Target)
    failure = entry.expectation.answer.judge_headers(lambda _: ())
    assert failure is not None
    assert failure.detail == 'no ${NAME} header, expected one that matches "x"'
