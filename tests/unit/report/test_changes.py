"""What has changed since a baseline, in every format that has room for it."""

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from junitparser import JUnitXml

from allup.model.changes import Changes, Gone, Slower
from allup.model.failure import FailureKind
from allup.model.past import Change, Known, Past
from allup.model.result import Result, Verdict
from allup.model.tally import Summary
from allup.report.change_text import changes_sentence, since
from allup.report.format import ReportFormat

MakeResult = Callable[..., Result]
OK = Known(verdict=Verdict.OK, elapsed_s=0.0421)
FAILED = Known(verdict=Verdict.FAILED, kind=FailureKind.DNS)


@pytest.fixture
def results(make_result: MakeResult) -> list[Result]:
    def made(number: int, change: Change, known: Known | None, *, excused: bool = False, status: int = 404) -> Result:
        result = make_result(index=number, url=f"https://{change.value}.example/", status=status)
        return replace(result, past=Past(change=change, known=known, excused=excused))

    return [
        made(0, Change.BROKE, OK),
        made(1, Change.STILL_FAILED, FAILED, excused=True),
        made(2, Change.FAILED_OTHERWISE, FAILED, excused=True),
        made(3, Change.RECOVERED, FAILED, status=200),
        made(4, Change.NEW, None),
        made(5, Change.SAME, OK, status=200),
    ]


CHANGES = Changes(
    counts={change: 1 for change in Change if change is not Change.UNKNOWN},
    new_failed=1,
    gone=12,
    first_gone=tuple(Gone(url=f"https://gone-{number}.example/") for number in range(12)),
    slower=1,
    slowest=(Slower(url="https://slow.example/", name="slow", before_s=0.12, now_s=0.9),),
    shift=1.25,
)


def written(form: ReportFormat, results: list[Result], summary: Summary, *, width: int | None = None) -> str:
    stream = io.StringIO()
    report = form.report(stream, width=width)
    report.start()
    for result in results:
        report.add(result)
    report.finish(replace(summary, changes=CHANGES))
    return stream.getvalue()


@pytest.fixture
def told(results: list[Result], make_summary: Callable[..., Summary]) -> Callable[..., str]:
    def write(form: ReportFormat, width: int | None = None) -> str:
        return written(form, results, make_summary(*results), width=width)

    return write


Told = Callable[..., str]


def test_a_sentence_has_all_that_changed() -> None:
    sentence = "1 broke, 1 recovered, 2 failed as before, 1 new (1 failed), 1 slower, 12 gone since the baseline"
    assert changes_sentence(CHANGES) == sentence
    assert changes_sentence(Changes(counts={Change.SAME: 3}, gone=0)) == "no change since the baseline"
    assert changes_sentence(Changes(counts={Change.UNKNOWN: 3})) == "3 not known since the baseline"


def test_of_what_is_as_it_was_nothing_is_said(results: list[Result], make_result: MakeResult) -> None:
    assert [bool(since(one)) for one in results] == [True] * 5 + [False]
    assert since(replace(make_result(), past=Past(change=Change.NEW))) == ""
    assert since(make_result()) == ""


def test_a_record_has_what_the_baseline_knew_and_the_summary_what_changed(told: Told) -> None:
    document = json.loads(told(ReportFormat.JSON))
    assert [one["baseline"] for one in document["results"]] == [
        {"change": "broke", "verdict": "ok", "kind": None, "elapsed_ms": 42.1},
        {"change": "still_failed", "verdict": "failed", "kind": "dns", "elapsed_ms": None},
        {"change": "failed_otherwise", "verdict": "failed", "kind": "dns", "elapsed_ms": None},
        {"change": "recovered", "verdict": "failed", "kind": "dns", "elapsed_ms": None},
        {"change": "new", "verdict": None, "kind": None, "elapsed_ms": None},
        {"change": "same", "verdict": "ok", "kind": None, "elapsed_ms": 42.1},
    ]
    changes = document["summary"]["baseline"]
    assert (changes["broke"], changes["unknown"], changes["gone"], changes["shift"]) == (1, 0, 12, 1.25)
    assert changes["slowest"] == [
        {"url": "https://slow.example/", "name": "slow", "baseline_ms": 120.0, "elapsed_ms": 900.0}
    ]
    assert [json.loads(line) for line in told(ReportFormat.JSONL).splitlines()] == document["results"]


def test_csv_has_a_column_for_it(told: Told) -> None:
    rows = [line.rsplit(",", 1)[1] for line in told(ReportFormat.CSV).splitlines()]
    assert rows == ["change", "broke", "still_failed", "failed_otherwise", "recovered", "new", "same"]


def test_the_table_says_what_changed(told: Told) -> None:
    text = told(ReportFormat.TABLE, 140)
    what = text[text.index("What changed") :].splitlines()
    assert [line.rstrip() for line in what[1:5]] == [
        "1 broke           https://broke.example/  404",
        "1 new and failed  https://new.example/  404",
        "1 recovered       https://recovered.example/  200",
        "1 slower          slow (https://slow.example/)  120ms, now 900ms",
    ]
    assert what[5].startswith("12 gone")
    assert what[15].strip() == "… and 2 more"
    assert "changes  1 broke, 1 recovered" in text
    assert "broke: as expected in the baseline" in text


def test_markdown_has_a_list_of_it(told: Told) -> None:
    text = told(ReportFormat.MARKDOWN)
    assert "1 broke, 1 recovered, 2 failed as before" in text
    assert "- **broke** (1)\n  - `https://broke.example/` 404\n" in text
    assert "- **slower** (1)\n  - `slow (https://slow.example/)` 120ms, now 900ms\n" in text
    assert "  - ... and 7 more\n\n| verdict" in text


def test_a_known_failure_is_skipped_in_junit_as_pytest_has_an_expected_one(told: Told) -> None:
    text = told(ReportFormat.JUNIT)
    (suite,) = JUnitXml.fromstring(text.encode())
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (6, 2, 0, 2)
    assert 'message="known failure: 404 Not Found, expected 200-299"' in text
    assert "baseline: broke: as expected in the baseline\n" in text
    assert "<system-out>recovered: failed in the baseline (dns)</system-out>" in text


def test_a_known_failure_is_still_to_do_in_tap(told: Told) -> None:
    points = [line for line in told(ReportFormat.TAP).splitlines() if line.startswith(("ok", "not ok"))]
    assert points == [
        "not ok 1 - https://broke.example/",
        "not ok 2 - https://still_failed.example/ # TODO known failure",
        "not ok 3 - https://failed_otherwise.example/ # TODO known failure",
        "ok 4 - https://recovered.example/",
        "not ok 5 - https://new.example/",
        "ok 6 - https://same.example/",
    ]


def test_a_known_failure_takes_no_annotation_on_github(told: Told) -> None:
    text = told(ReportFormat.GITHUB).splitlines()
    assert [line.startswith("::error") for line in text[:5]] == [True, False, False, False, True]
    assert "known failure: failed in the baseline, too" in text[1]
    assert text[0].endswith("%0Abroke: as expected in the baseline")
    assert text[-1].endswith("since the baseline")


def test_metrics_count_it_and_an_archive_comments_on_it(told: Told) -> None:
    text = told(ReportFormat.PROMETHEUS)
    assert 'allup_changed_targets{change="broke"} 1' in text
    assert 'allup_changed_targets{change="gone"} 12' in text
    assert 'allup_changed_targets{change="slower"} 1' in text
    entries = json.loads(told(ReportFormat.HAR))["log"]["entries"]
    assert entries[0]["comment"].endswith(": broke: as expected in the baseline")


@pytest.mark.parametrize("form", [one for one in ReportFormat if one not in ("json", "jsonl", "csv", "html")])
def test_without_a_baseline_nothing_is_said_of_one(
    form: ReportFormat, one_of_each: list[Result], make_summary: Callable[..., Summary]
) -> None:
    stream = io.StringIO()
    report = form.report(stream, width=100)
    report.start()
    for result in one_of_each:
        report.add(result)
    report.finish(make_summary(*one_of_each))
    assert "baseline" not in stream.getvalue()
    assert "chang" not in stream.getvalue()
