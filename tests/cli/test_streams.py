"""Readers that go away, disks that are full, descriptors that are closed."""

import os
from pathlib import Path

import pytest

from allup.lab.server import Lab
from cli.driving import Outcome, records, shell

FULL = Path("/dev/full")
needs_full_device = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")


@pytest.fixture
def urls(lab: Lab, listed: Path) -> Path:
    listed.write_text(f"{lab.base_url}/ok\n{lab.base_url}/status/404\n")
    return listed


def is_quiet(outcome: Outcome) -> bool:
    return outcome.stderr == ""


@pytest.mark.parametrize(("first", "code"), [("/ok", 0), ("/status/404", 1)])
def test_a_reader_that_has_enough_ends_the_run_quietly_with_what_was_judged(
    lab: Lab, listed: Path, first: str, code: int
) -> None:
    later = "".join(f"{lab.base_url}/latency/200ms?{number}\n" for number in range(400))
    listed.write_text(f"{lab.base_url}{first}\n{later}{lab.base_url}/status/500?last\n")

    outcome = shell('{ $allup check -c 5 "$list"; echo $? >&3; } 3>"$list.code" | head -n 1', list=str(listed))

    assert is_quiet(outcome)
    assert outcome.fields[0][3] == f"{lab.base_url}{first}"
    assert Path(f"{listed}.code").read_text().strip() == str(code)
    assert lab.stats.total.requests < 200


@pytest.mark.parametrize("format_", ["table", "json", "jsonl"])
def test_no_format_minds_a_reader_that_is_gone(urls: Path, format_: str) -> None:
    outcome = shell(f'{{ sleep 0.1; $allup check -f {format_} "$urls"; echo $? >&2; }} | true', urls=str(urls))

    assert outcome.stderr.strip() == "1"


@pytest.mark.parametrize("format_", ["table", "json", "markdown", "csv"])
def test_a_comparison_minds_no_reader_that_is_gone(urls: Path, format_: str) -> None:
    outcome = shell(f'{{ $allup compare -f {format_} "$urls"; echo $? >&2; }} | true', urls=str(urls))

    assert outcome.stderr.strip() == "0"


def test_a_report_survives_a_reader_that_is_gone(urls: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"

    shell('$allup check "$urls" --report "jsonl=$report" | true', urls=str(urls), report=str(report))

    assert [record["line"] for record in records(report.read_text())] == [1, 2]


@needs_full_device
@pytest.mark.parametrize("format_", ["table", "lines", "json", "jsonl"])
def test_a_full_disk_behind_stdout_is_told_and_the_report_is_whole(urls: Path, tmp_path: Path, format_: str) -> None:
    report = tmp_path / "report.jsonl"

    outcome = shell(
        f'$allup check "$urls" -f {format_} --report "jsonl=$report" > /dev/full', urls=str(urls), report=str(report)
    )

    assert outcome.code == 2
    assert outcome.stderr == f"allup: cannot write standard output: {os.strerror(28)}\n"
    assert [record["status"] for record in records(report.read_text())] == [200, 404]


@needs_full_device
@pytest.mark.parametrize("format_", ["table", "json", "markdown", "csv"])
def test_a_comparison_tells_that_the_disk_is_full(urls: Path, format_: str) -> None:
    outcome = shell(f'$allup compare "$urls" -f {format_} > /dev/full', urls=str(urls))

    assert outcome.code == 2
    assert outcome.stderr == f"allup: cannot write standard output: {os.strerror(28)}\n"


@needs_full_device
@pytest.mark.parametrize("arguments", ["--help", "--version", "check --help", "lab"])
def test_whatever_is_written_to_a_full_disk_is_told(arguments: str) -> None:
    outcome = shell(f"$allup {arguments} > /dev/full")

    assert outcome.code == 2
    assert os.strerror(28) in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_closed_stdout_is_told_and_the_report_is_whole(urls: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"

    outcome = shell('$allup check "$urls" --report "jsonl=$report" >&-', urls=str(urls), report=str(report))

    assert outcome.code == 2
    assert "cannot write standard output" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert [record["status"] for record in records(report.read_text())] == [200, 404]


def test_a_closed_stderr_changes_no_result(urls: Path) -> None:
    outcome = shell('$allup check "$urls" 2>&-', urls=str(urls))

    assert outcome.code == 1
    assert [fields[0] for fields in outcome.fields] == ["ok", "failed"]


def test_complaints_never_go_to_stdout() -> None:
    outcome = shell("$allup check nosuch.txt 2>&-")

    assert (outcome.code, outcome.stdout) == (2, "")


def test_a_closed_stdin_is_an_unreadable_source() -> None:
    outcome = shell("$allup check <&-")

    assert outcome.code == 2
    assert "standard input" in outcome.stderr
    assert outcome.stdout == ""


def test_a_list_is_checked_without_a_stdin(urls: Path) -> None:
    outcome = shell('$allup check "$urls" </dev/null', urls=str(urls))

    assert outcome.code == 1
    assert len(outcome.fields) == 2
