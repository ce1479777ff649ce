"""Lines, JSON Lines and the JSON document."""

import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.model.failure import FailureKind
from allup.model.result import Result, Verdict, not_started
from allup.model.tally import Summary
from allup.model.target import Target
from allup.report.format import ReportFormat
from allup.report.only import Only
from allup.report.record import record

MakeResult = Callable[..., Result]
MakeSummary = Callable[..., Summary]
ANY_TEXT = st.text(st.characters(codec=None))


class Recorder(io.StringIO):
    """Keeps what a reader had seen at each flush."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def flush(self) -> None:
        self.seen.append(self.getvalue())


def written(form: ReportFormat, results: list[Result], summary: Summary) -> str:
    stream = io.StringIO()
    report = form.report(stream)
    report.start()
    for result in results:
        report.add(result)
    report.finish(summary)
    return stream.getvalue()


def lines(*results: Result) -> list[str]:
    stream = io.StringIO()
    report = ReportFormat.LINES.report(stream)
    for result in results:
        report.add(result)
    return stream.getvalue().removesuffix("\n").split("\n")


def test_an_ok_line_has_five_fields_and_no_detail(make_result: MakeResult) -> None:
    assert lines(make_result()) == ["ok\t200\t123.4\thttps://example.org/\t"]


def test_an_unexpected_status_is_the_second_field(make_result: MakeResult) -> None:
    expected = "failed\t404\t123.4\thttps://example.org/\t404 Not Found, expected 200-299"
    assert lines(make_result(status=404)) == [expected]


def test_any_other_kind_is_the_second_field_even_with_a_status(make_result: MakeResult) -> None:
    line = lines(make_result(status=302, kind=FailureKind.TOO_MANY_REDIRECTS))[0]
    assert line.split("\t")[1] == "too_many_redirects"


def test_a_target_without_an_attempt_has_no_milliseconds() -> None:
    target = Target(url="https://example.org/", href="https://example.org/", host="example.org:443")
    expected = "unchecked\tnot_started\t\thttps://example.org/\tinterrupted"
    assert lines(not_started(0, target, detail="interrupted")) == [expected]


def test_a_flaky_line_says_which_attempt_was_good(make_result: MakeResult) -> None:
    assert lines(make_result(attempts=3))[0].endswith("\tas expected at attempt 3")


@given(url=ANY_TEXT, detail=ANY_TEXT)
def test_no_text_of_others_adds_a_line_or_a_field(make_result: MakeResult, url: str, detail: str) -> None:
    written_lines = lines(make_result(url=url, kind=FailureKind.RESET, detail=detail))
    assert [line.count("\t") for line in written_lines] == [4]
    assert len("".join(written_lines).splitlines()) == 1


@given(url=ANY_TEXT)
def test_a_json_line_is_one_line_that_parses(make_result: MakeResult, make_summary: MakeSummary, url: str) -> None:
    text = written(ReportFormat.JSONL, [make_result(url=url)], make_summary())
    assert text.encode()
    assert len(text.splitlines()) == 1
    assert json.loads(text)["verdict"] == "ok"


def test_json_lines_are_the_records(one_of_each: list[Result], make_summary: MakeSummary) -> None:
    text = written(ReportFormat.JSONL, one_of_each, make_summary())
    assert [json.loads(line) for line in text.splitlines()] == [record(result) for result in one_of_each]


@pytest.mark.parametrize("form", [ReportFormat.LINES, ReportFormat.JSONL])
def test_a_reader_sees_each_result_at_once(form: ReportFormat, one_of_each: list[Result]) -> None:
    stream = Recorder()
    report = form.report(stream)
    for result in one_of_each:
        report.add(result)
    assert [seen.count("\n") for seen in stream.seen] == [1, 2, 3, 4]


@pytest.mark.parametrize("form", [ReportFormat.LINES, ReportFormat.JSONL])
def test_no_result_is_no_line(form: ReportFormat, make_summary: MakeSummary) -> None:
    assert not written(form, [], make_summary())


def test_the_json_document_has_one_result_a_line(one_of_each: list[Result], make_summary: MakeSummary) -> None:
    text = written(ReportFormat.JSON, one_of_each, make_summary(*one_of_each))
    document = json.loads(text)
    assert list(document) == ["schema", "results", "summary"]
    assert document["schema"] == "allup.check/1"
    assert document["results"] == [record(result) for result in one_of_each]
    assert document["summary"]["targets"] == 4
    assert len(text.splitlines()) == 4 + 2


def test_the_json_document_is_valid_without_results(make_summary: MakeSummary) -> None:
    document = json.loads(written(ReportFormat.JSON, [], make_summary()))
    assert document["results"] == []
    assert document["summary"]["kinds"] == {}


def test_only_passes_on_the_verdicts_that_are_wanted(one_of_each: list[Result], make_summary: MakeSummary) -> None:
    stream = io.StringIO()
    report = Only(ReportFormat.JSON.report(stream), frozenset({Verdict.FAILED, Verdict.UNCHECKED}))
    report.start()
    for result in one_of_each:
        report.add(result)
    report.finish(make_summary(*one_of_each))
    document = json.loads(stream.getvalue())
    assert [result["verdict"] for result in document["results"]] == ["failed", "unchecked"]
    assert document["summary"]["targets"] == 4
