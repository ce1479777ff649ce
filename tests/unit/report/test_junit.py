"""JUnit XML, as a reader knows it that nobody here wrote."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from junitparser import Error, Failure, JUnitXml

from allup.model.result import Result, Verdict
from allup.model.standing import is_known_failure
from allup.model.target import Origin, Target
from allup.report.format import ReportFormat
from unit.report.hostile import RESULTS, written

MakeResult = Callable[..., Result]


def suites(results: list[Result]) -> Any:
    return JUnitXml.fromfile(io.BytesIO(written(ReportFormat.JUNIT, results).encode("ascii")))


def in_source(result: Result, source: str | None, line: int | None = None) -> Result:
    assert isinstance(result.entry, Target)
    return replace(result, entry=replace(result.entry, origin=Origin(source=source, line=line)))


def test_what_failed_is_a_failure_and_what_is_not_known_an_error(one_of_each: list[Result]) -> None:
    document = suites(one_of_each)
    (suite,) = document
    assert (document.tests, document.failures, document.errors) == (4, 1, 1)
    assert (suite.name, suite.tests, suite.failures, suite.errors, suite.time) == ("urls.txt", 4, 1, 1, 0.494)
    ok, flaky, failed, unchecked = suite
    assert (ok.result, ok.time) == ([], 0.123)
    assert flaky.is_passed
    assert flaky.system_out == "flaky: as expected at attempt 3"
    assert isinstance(failed.result[0], Failure)
    assert (failed.result[0].type, failed.result[0].message) == ("status", "404 Not Found, expected 200-299")
    assert "url: https://gone.example/" in failed.result[0].text
    assert isinstance(unchecked.result[0], Error)
    assert "hint: raise ulimit -n" in unchecked.result[0].text


def test_a_case_names_list_and_line(one_of_each: list[Result]) -> None:
    case = next(iter(next(iter(suites(one_of_each)))))
    assert (case.classname, case._elem.get("file"), case._elem.get("line")) == ("allup.urls_txt", "urls.txt", "14")


def test_every_list_is_a_suite_though_results_come_mixed(make_result: MakeResult) -> None:
    results = [
        in_source(make_result(url=f"https://{at}.example/"), ("a.txt", "b.txt", None)[at % 3]) for at in range(6)
    ]
    assert [(suite.name, len(list(suite))) for suite in suites(results)] == [
        ("a.txt", 2),
        ("b.txt", 2),
        ("arguments", 2),
    ]


def test_names_differ_though_targets_do_not(make_result: MakeResult) -> None:
    (suite,) = suites([in_source(make_result(index=at), "a.txt", line) for at, line in enumerate([1, 2, 2])])
    url = "https://example.org/"
    assert [case.name for case in suite] == [url, f"{url}, line 2", f"{url}, line 2, entry 3"]


@given(results=RESULTS)
@settings(max_examples=25, deadline=None)
def test_no_text_of_others_changes_the_document(results: list[Result]) -> None:
    cases = [case for suite in suites(results) for case in suite]
    assert len(cases) == len(results)
    for element, verdict in ((Failure, Verdict.FAILED), (Error, Verdict.UNCHECKED)):
        found = sum(any(isinstance(one, element) for one in case.result) for case in cases)
        assert found == sum(result.verdict is verdict and not is_known_failure(result) for result in results)
