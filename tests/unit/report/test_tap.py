"""TAP 14, as a consumer reads it that knows only TAP 13."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from tap.parser import Parser

from allup.model.past import Change, Past
from allup.model.result import Result, Verdict
from allup.model.standing import is_known_failure
from allup.model.target import Target
from allup.report.format import ReportFormat
from unit.report.hostile import RESULTS, written


def points(results: list[Result]) -> list[Any]:
    version, *others, plan = Parser().parse_text(written(ReportFormat.TAP, results))
    assert (version.category, version.version) == ("version", 14)
    assert (plan.category, plan.expected_tests) == ("plan", len(results))
    assert {one.category for one in others} <= {"test"}
    return list(others)


def test_what_is_not_known_is_not_ok(one_of_each: list[Result]) -> None:
    assert [(point.ok, point.skip, point.todo) for point in points(one_of_each)] == [
        (True, False, False),
        (True, False, False),
        (False, False, False),
        (False, False, False),
    ]


def test_a_point_says_what_was_checked_and_why_it_is_not_ok(one_of_each: list[Result]) -> None:
    ok, flaky, failed, unchecked = points(one_of_each)
    assert ok.description == "- https://example.org/"
    assert ok.yaml_block is None
    assert flaky.yaml_block["severity"] == "flaky"
    assert failed.description == "- docs (https://gone.example/)"
    assert failed.yaml_block == {
        "message": "404 Not Found, expected 200-299",
        "severity": "failed",
        "kind": "status",
        "certainty": "definite",
        "status": 404,
        "url": "https://gone.example/",
        "at": {"file": "urls.txt", "line": 14},
        "duration_ms": 123.4,
        "attempts": 1,
    }
    assert unchecked.yaml_block["hint"] == "raise ulimit -n"


def test_a_known_failure_is_to_do_whatever_its_name(one_of_each: list[Result]) -> None:
    """Readers take the first "#" of a line for its directive, an escaped one too."""
    failed = next(result for result in one_of_each if result.verdict is Verdict.FAILED)
    assert isinstance(failed.entry, Target)
    known = replace(
        failed,
        entry=replace(failed.entry, name="issue #12"),
        past=Past(change=Change.STILL_FAILED, known=None, excused=True),
    )
    (point,) = points([known])
    assert (point.todo, point.description) == (True, r"- issue \\x2312 (https://gone.example/)")


@given(results=RESULTS)
@settings(max_examples=25, deadline=None)
def test_no_text_of_others_is_a_directive_or_a_line(results: list[Result]) -> None:
    for point, result in zip(points(results), results, strict=True):
        assert point.ok is (result.verdict in (Verdict.OK, Verdict.FLAKY))
        assert not point.skip
        assert point.todo is is_known_failure(result)
        assert (point.yaml_block is None) is (result.verdict is Verdict.OK)
