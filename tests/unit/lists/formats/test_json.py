"""JSON and JSON Lines."""

import json

import pytest

from allup.lists.formats.format import InputFormat
from allup.model.target import InvalidTarget, Target
from unit.lists.formats.reading import places, problem, read, urls, whole

JSON, JSONL = InputFormat.JSON, InputFormat.JSONL


@pytest.mark.parametrize(
    "text",
    [
        '["a.example", {"url": "b.example"}]',
        '\ufeff {"schema": 1, "results": ["a.example", {"url": "b.example", "status": 200}], "summary": {"ok": 2}}',
        '{"count": 2, "second": ["a.example", {"URL": "b.example", "name": null, "id": [18446744073709551615, {}]}]}',
    ],
)
def test_targets_are_in_an_array_at_the_top_or_in_the_one_of_an_object_at_the_top(text: str) -> None:
    assert urls(JSON, text) == ["https://a.example", "https://b.example"]


@pytest.mark.parametrize("format_", [JSON, JSONL])
def test_values_may_be_of_the_type_that_is_natural_for_them(format_: InputFormat) -> None:
    listed = {
        "url": "https://a.example",
        "follow": False,
        "timeout": 1.5,
        "retries": 0,
        "expect": [200, "3xx"],
        "header": {"X-A": "b", "X-B": 1},
        "contains": ["x", "y"],
        "json": {"$.up": True, "$.count": 3, "$.name": "n"},
        "expect_header": "Server: x",
    }
    text = json.dumps([listed] if format_ is JSON else listed)
    (target,) = whole(format_, text)
    assert isinstance(target, Target)
    assert target.options == (
        *(("header", "X-A: b"), ("header", "X-B: 1"), ("follow", "no"), ("timeout", "1.5"), ("retries", "0")),
        *(("expect", "200,3xx"), ("contains", "x"), ("contains", "y"), ("expect-header", "Server: x")),
        *(("json", "$.up=true"), ("json", "$.count=3"), ("json", "$.name=n")),
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("3", "neither a URL nor an object with a url"),
        ("null", "neither a URL nor an object with a url"),
        ('["a.example"]', "neither a URL nor an object with a url"),
        ("{}", "an object without a url"),
        ('{"url": 3}', "its url is no string"),
        ('{"url": "a.example", "url": "b.example"}', "'url' is there twice: keep one"),
        ('{"url": "a.example", "expect": 404, "expect": 200}', "'expect' is there twice: keep one"),
        ('{"url": "a.example", "expct": 200}', "no option is called 'expct': did you mean expect?"),
        ('{"url": "a.example", "Name": "a", "name": "b"}', "name is there twice: keep one"),
        ('{"url": "a.example", "timeout": {"s": 3}}', 'timeout: {"s": 3} is not a duration such as 500ms or 2s'),
        (
            '{"url": "a.example", "timeout": true}',
            "timeout: 'true' is not a duration: write 500ms, 2s, 1.5m or 1h (a bare number is seconds)",
        ),
        ('{"url": "a.example", "name": "\\u0000"}', "name: a NUL in it"),
    ],
)
@pytest.mark.parametrize("format_", [JSON, JSONL])
def test_an_element_that_is_none_costs_itself_only(format_: InputFormat, value: str, reason: str) -> None:
    around = ['"a.example"', value, '"b.example"']
    text = f"[{','.join(around)}]" if format_ is JSON else "\n".join(around)
    assert places(format_, text) == [(1, "https://a.example"), (2, reason), (3, "https://b.example")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it ends in the middle"),
        ('["a.example"', "it ends in the middle"),
        ('{"url": "a.example", "links": ["b.example"]}', "one target, and no array of them"),
        ('{"links": ["b.example"], "URL": "a.example"}', "one target, and no array of them"),
        ('{"links": ["b.example"], "more": ["a.example"]}', "a second array, 'more'"),
        ("{}", "no array of URLs in it"),
        ('"a.example"', "no array of URLs in it"),
        ('["a.example"]["b.example"]', "more than one value"),
        ('["a.example" "b.example"]', "no JSON from here on"),
        (b'["a.example", "\xff"]', "not UTF-8"),
        ("[" * 200, "nested more than 100 deep"),
    ],
)
def test_what_is_no_json_is_told(text: str | bytes, reason: str) -> None:
    assert problem(JSON, text) == reason


def test_what_came_before_stands() -> None:
    items, broken = read(JSON, [b'["a.example", {"url": "b.exa'])
    assert [one.url for one in items if isinstance(one, Target)] == ["https://a.example"]
    assert broken is not None


def test_an_element_is_bounded_in_memory() -> None:
    _, broken = read(JSON, [b'[{"url": "a.example", "x": [', *([b'"y",' * 4096] * 200)])
    assert broken is not None
    assert broken.reason == "element 1 is larger than 1024 KiB"


def test_a_string_without_end_is_bounded_in_memory_and_time() -> None:
    items, broken = read(JSON, [b'["a.example", "', *([b"y" * 8192] * 1_000)])
    assert len(items) == 1
    assert broken is not None
    assert broken.reason == "element 2 is larger than 1024 KiB"


def test_a_line_that_is_no_json_is_told_with_its_column() -> None:
    first, second = whole(JSONL, '{"url": "a.example",}\n\n"b.example"\n')
    assert isinstance(first, InvalidTarget)
    assert (first.reason.split(":")[0], first.column is not None, first.origin.line) == ("no JSON", True, 1)
    assert second.origin.line == 3


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"url": "a.example", "name": "\\ud800"}', "name: half of a surrogate pair in it"),
        ('"\\ud800.example/"', "not UTF-8"),
    ],
)
def test_half_of_a_surrogate_pair_is_told(line: str, reason: str) -> None:
    assert urls(JSONL, line) == [reason]


def test_brackets_without_end_are_told() -> None:
    assert urls(JSONL, "[" * 60_000)[0].startswith("no JSON that can be read")


def test_secrets_in_what_is_wrong_are_not_told() -> None:
    (entry,) = whole(JSONL, '{"url": "https://u:s3cr3t@a.example", "header": {"Authorization": "s3cr3t"}, "cert": 1.5}')
    assert isinstance(entry, InvalidTarget)
    assert "s3cr3t" not in repr(entry)
