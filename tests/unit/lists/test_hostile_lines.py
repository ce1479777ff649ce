"""Lines that were made to hold up a run, to end it, or to have it tell a secret."""

import time

import pytest

from allup.lists.json_path import JsonPath
from allup.lists.line import LineDefaults, format_line, parse_line
from allup.lists.options import line_defaults
from allup.lists.pattern import RegularExpression
from allup.model.answer import TooSlow
from allup.model.target import Entry, InvalidTarget, Origin, Target

SECRET = "hunter2"


def read(line: str, **variables: str) -> Entry:
    entry = parse_line(line, LineDefaults(variables=variables), Origin(source="urls.txt", line=1))
    assert entry is not None
    return entry


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
    assert time.process_time() - began_at < 0.5  # it was 1 to 2 seconds


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
