"""No report spoils the others."""

import errno
import io
from collections.abc import Callable

from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.jsonl import JsonlReport
from allup.report.several import NamedReport, Reports


class Broken:
    """A report whose stream fails, and which counts its calls."""

    def __init__(self, error: OSError | UnicodeError) -> None:
        self.error = error
        self.calls = 0

    def start(self) -> None:
        pass

    def add(self, result: Result) -> None:
        del result
        self.calls += 1
        raise self.error

    def finish(self, summary: Summary) -> None:
        del summary
        self.calls += 1


FULL = OSError(errno.ENOSPC, "No space left on device")
GONE = BrokenPipeError(errno.EPIPE, "Broken pipe")


def run(reports: Reports, results: list[Result], summary: Summary) -> None:
    reports.start()
    for result in results:
        reports.add(result)
    reports.finish(summary)


def test_a_report_that_fails_is_named_and_the_others_go_on(
    one_of_each: list[Result], make_summary: Callable[..., Summary]
) -> None:
    broken, stream = Broken(FULL), io.StringIO()
    reports = Reports(
        [NamedReport(name="a\x1b.json", report=broken), NamedReport(name="b", report=JsonlReport(stream))]
    )
    run(reports, one_of_each, make_summary())
    assert reports.problems == [r"cannot write a\x1b.json: No space left on device"]
    assert broken.calls == 1
    assert len(stream.getvalue().splitlines()) == 4
    assert (reports.works("a\x1b.json"), reports.works("b")) == (False, True)
    assert not reports.reader_gone


def test_a_reader_that_goes_away_is_no_problem(one_of_each: list[Result], make_summary: Callable[..., Summary]) -> None:
    broken = Broken(GONE)
    reports = Reports([NamedReport(name="stdout", report=broken, to_reader=True)])
    run(reports, one_of_each, make_summary())
    assert reports.reader_gone
    assert reports.problems == []
    assert broken.calls == 1


def test_a_broken_pipe_elsewhere_is_a_problem(one_of_each: list[Result], make_summary: Callable[..., Summary]) -> None:
    reports = Reports([NamedReport(name="fifo", report=Broken(GONE))])
    run(reports, one_of_each, make_summary())
    assert reports.problems == ["cannot write fifo: Broken pipe"]
    assert not reports.reader_gone


def test_a_full_disk_behind_stdout_is_a_problem(one_of_each: list[Result]) -> None:
    reports = Reports([NamedReport(name="stdout", report=Broken(FULL), to_reader=True)])
    reports.add(one_of_each[0])
    assert reports.problems == ["cannot write stdout: No space left on device"]


def test_text_that_cannot_be_encoded_is_a_problem_of_its_report_only(one_of_each: list[Result]) -> None:
    error = UnicodeEncodeError("ascii", "ü", 0, 1, "ordinal not in range")
    reports = Reports([NamedReport(name="x", report=Broken(error))])
    reports.add(one_of_each[0])
    assert "ordinal not in range" in reports.problems[0]


def test_a_stream_that_failed_later_can_be_given_up(one_of_each: list[Result]) -> None:
    stream = io.StringIO()
    reports = Reports([NamedReport(name="stdout", report=JsonlReport(stream), to_reader=True)])
    reports.give_up("stdout", GONE)
    reports.give_up("stdout", GONE)
    reports.add(one_of_each[0])
    assert reports.reader_gone
    assert not stream.getvalue()
