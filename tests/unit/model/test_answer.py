"""What an answer has to hold, judged on JSON: its values are its own, not Python's."""

import pytest

from allup.lists.json_path import JsonPath
from allup.model.answer import AnswerExpectation, Body, JsonExpectation
from allup.model.failure import Certainty, FailureKind


def judged(path: str, value: str, document: str, *, complete: bool = True) -> str | None:
    one = JsonExpectation(path=path, text=value, query=JsonPath.parse(path, path), value=value)
    failure = AnswerExpectation(json=(one,)).judge_body(Body(text=document, complete=complete, limit=10))
    if failure is None:
        return None
    assert (failure.kind, failure.certainty) == (FailureKind.JSON, Certainty.DEFINITE)
    return failure.detail


@pytest.mark.parametrize(
    ("path", "value", "document"),
    [
        ("$.a", "ok", '{"a": "ok"}'),
        ("$.a", '"ok"', '{"a": "ok"}'),
        ("$.a", "1", '{"a": 1.0}'),
        ("$.a", "1", '{"a": "1"}'),
        ("$.a", "true", '{"a": true}'),
        ("$.a", "null", '{"a": null}'),
        ("$.a", '{"b": [1, {}]}', '{"a": {"b": [1.0, {}]}}'),
        ("$.a[*].up", "true", '{"a": [{"up": true}, {"up": true}]}'),
        ("$['a b']", "", '{"a b": ""}'),
        ("$.a", "1", f'{{"a": 1, "b": {"9" * 5_000}}}'),
    ],
)
def test_a_value_is_expected_as_text_or_as_json(path: str, value: str, document: str) -> None:
    assert judged(path, value, document) is None


@pytest.mark.parametrize(
    ("path", "value", "document", "why"),
    [
        ("$.a", "1", '{"a": true}', "$.a is true, expected 1"),
        ("$.a", "true", '{"a": 1}', "$.a is 1, expected true"),
        ("$.a", "ok", '{"a": "no"}', '$.a is "no", expected ok'),
        ("$.a[*]", "1", '{"a": [1, 2]}', "$.a[*] is 2, expected 1"),
        ("$.b", "1", '{"a": 1}', "nothing at $.b, expected 1"),
        ("$.a", "[1]", '{"a": [1, 2]}', "$.a is [1, 2], expected [1]"),
        ("$.a", "1", "<html>", "the body is not JSON"),
        ("$.a", "NaN", '{"a": NaN}', "the body is not JSON"),
        ("$.a", "1", "[" * 100_000, "the body is not JSON"),
    ],
)
def test_another_value_is_told_beside_the_expected_one(path: str, value: str, document: str, why: str) -> None:
    assert judged(path, value, document) == why


def test_a_document_that_was_cut_off_is_not_judged() -> None:
    assert "too long to be read as JSON" in (judged("$.a", "1", '{"a": 1}', complete=False) or "")
