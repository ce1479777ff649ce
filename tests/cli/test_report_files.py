"""Report files: several at once, whole or not at all, and tried before the first request."""

import json
import os
from pathlib import Path

import pytest

from allup.lab.server import Lab
from allup.report.format import ReportFormat
from cli.driving import allup, records, shell


@pytest.fixture
def urls(lab: Lab, listed: Path) -> Path:
    listed.write_text(f"{lab.base_url}/ok\n{lab.base_url}/status/404\n")
    return listed


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "urls.txt")


def test_every_format_can_be_written_in_one_run(urls: Path, tmp_path: Path) -> None:
    outcome = allup(
        *("check", urls, "-f", "lines"),
        *("--report", f"table={tmp_path / 'a.table'}", "--report", f"lines={tmp_path / 'a.lines'}"),
        *("--report", f"json={tmp_path / 'a.json'}", "--report", f"jsonl={tmp_path / 'a.jsonl'}"),
    )

    assert outcome.code == 1
    assert "1 ok, 1 failed of 2" in (tmp_path / "a.table").read_text()
    assert (tmp_path / "a.lines").read_text() == outcome.stdout
    results = json.loads((tmp_path / "a.json").read_text())["results"]
    assert records((tmp_path / "a.jsonl").read_text()) == results
    assert [record["status"] for record in results] == [200, 404]
    assert left_behind(tmp_path) == ["a.json", "a.jsonl", "a.lines", "a.table"]


def test_a_path_may_hold_an_equals_sign(urls: Path, tmp_path: Path) -> None:
    allup("check", urls, "--report", f"jsonl={tmp_path / 'run=1.jsonl'}")

    assert left_behind(tmp_path) == ["run=1.jsonl"]


def test_a_report_in_a_file_is_never_coloured(urls: Path, tmp_path: Path) -> None:
    report = tmp_path / "a.table"

    allup("check", urls, "--report", f"table={report}", "--color", "always", terminal=True)

    assert "\x1b" not in report.read_text()


@pytest.mark.parametrize("place", ["no/such/folder/report.json", ".", "urls.txt/report.json"])
def test_a_report_that_cannot_be_written_stops_the_run_before_its_first_request(
    lab: Lab, urls: Path, tmp_path: Path, place: str
) -> None:
    fine = tmp_path / "fine.json"

    outcome = allup("check", urls, "--report", f"json={fine}", "--report", f"jsonl={tmp_path / place}")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert f"cannot write {tmp_path / place}" in outcome.stderr
    assert lab.stats.total.requests == 0
    assert left_behind(tmp_path) == []


def test_two_reports_cannot_share_a_file(lab: Lab, urls: Path, tmp_path: Path) -> None:
    same = tmp_path / "same"

    outcome = allup("check", urls, "--report", f"json={same}", "--report", f"lines={same}")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert f"two reports go to {same}" in outcome.stderr
    assert lab.stats.total.requests == 0
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    ("report", "culprit"),
    [("json", "FORMAT=PATH"), ("json=", "FORMAT=PATH"), ("yaml=a.yaml", "'yaml' is not a format")],
)
def test_a_report_that_makes_no_sense_is_a_usage_error(lab: Lab, urls: Path, report: str, culprit: str) -> None:
    outcome = allup("check", urls, "--report", report)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "--report" in outcome.complaint
    assert culprit in outcome.complaint
    assert lab.stats.total.requests == 0


def test_a_run_that_never_began_leaves_the_old_report(urls: Path, tmp_path: Path) -> None:
    urls.write_text("# nothing\n")
    report = tmp_path / "report.json"
    report.write_text("the old one")

    assert allup("check", urls, "--report", f"json={report}").code == 2

    assert report.read_text() == "the old one"
    assert left_behind(tmp_path) == ["report.json"]


def test_a_new_report_replaces_the_old_one(urls: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("the old one" * 10_000)

    allup("check", urls, "--report", f"json={report}")

    assert json.loads(report.read_text())["summary"]["targets"] == 2


def test_the_summary_file_of_a_ci_is_appended_to(urls: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary"
    summary.write_text("an earlier step\n")

    allup("check", urls, "--report", f"lines={summary}", variables={"GITHUB_STEP_SUMMARY": str(summary)})

    assert summary.read_text().startswith("an earlier step\nok\t200\t")


def test_a_report_may_go_to_stderr(urls: Path) -> None:
    outcome = shell('$allup check "$urls" --quiet --report jsonl=/dev/stderr', urls=str(urls))

    assert outcome.stdout == ""
    assert [record["status"] for record in records(outcome.stderr)] == [200, 404]


@pytest.mark.parametrize("format_", ReportFormat)
def test_a_full_device_fails_its_report_and_nothing_else(urls: Path, tmp_path: Path, format_: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    whole = tmp_path / "whole.jsonl"

    outcome = allup("check", urls, "--report", f"{format_}=/dev/full", "--report", f"jsonl={whole}")

    assert outcome.code == 2
    assert f"cannot write /dev/full: {os.strerror(28)}" in outcome.stderr
    assert len(outcome.fields) == 2
    assert len(records(whole.read_text())) == 2


def test_a_report_that_cannot_take_its_place_is_told(
    urls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", refuse)

    outcome = allup("check", urls, "--report", f"json={tmp_path / 'a.json'}")

    assert outcome.code == 2
    assert f"cannot write {tmp_path / 'a.json'}: Permission denied" in outcome.stderr
    assert left_behind(tmp_path) == []
