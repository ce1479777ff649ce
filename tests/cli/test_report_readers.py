"""What a real run writes, read by those for whom it is written."""

import csv
import io
import json
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from junitparser import JUnitXml
from prometheus_client.parser import text_string_to_metric_families
from tap.parser import Parser

from allup.lab.catalogue import named
from allup.lab.server import Lab
from allup.report import spool
from allup.report.format import ReportFormat
from allup.report.schema import SchemaName
from cli.driving import Outcome, allup

VERDICTS = ["ok", "failed", "failed", "failed"]


@pytest.fixture
def mixed(lab: Lab, listed: Path) -> Path:
    """A list of one that is fine, one that is not, one that nobody answers, and one that is no target."""
    listed.write_text(f"{lab.base_url}/redirect/1\n{lab.base_url}/status/404\n{lab.url(named('refused'))}\nnothing\n")
    return listed


def check(mixed: Path, format_: str, **variables: str) -> str:
    outcome = allup("check", mixed, "-f", format_, "--retries", "0", variables=variables)
    assert (outcome.code, outcome.stderr) == (1, "")
    return outcome.stdout


def schema(name: str) -> Any:
    outcome = allup("schema", name)
    assert (outcome.code, outcome.stderr) == (0, "")
    return Draft202012Validator(outcome.document, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_csv_is_a_row_a_target(mixed: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(check(mixed, "csv"))))

    assert [row["verdict"] for row in rows] == VERDICTS
    assert (rows[0]["redirects"], rows[0]["status"], rows[1]["kind"]) == ("1", "200", "status")


def test_tap_is_a_point_a_target(mixed: Path) -> None:
    points = [line for line in Parser().parse_text(check(mixed, "tap")) if line.category == "test"]

    assert [point.ok for point in points] == [verdict == "ok" for verdict in VERDICTS]
    assert points[3].yaml_block["kind"] == "invalid_target"


def test_junit_counts_what_it_holds(mixed: Path) -> None:
    (suite,) = JUnitXml.fromstring(check(mixed, "junit").encode())

    assert (suite.tests, suite.failures, suite.errors, suite.name) == (4, 3, 0, str(mixed))
    assert [case.is_passed for case in suite] == [verdict == "ok" for verdict in VERDICTS]


def test_prometheus_knows_what_is_up(mixed: Path) -> None:
    families = {one.name: one for one in text_string_to_metric_families(check(mixed, "prometheus"))}

    assert [one.value for one in families["allup_up"].samples] == [1, 0, 0, 0]
    assert families["allup_targets"].samples[0].value == 1


def test_har_has_the_answer_of_every_target(mixed: Path) -> None:
    entries = json.loads(check(mixed, "har"))["log"]["entries"]

    assert [entry["response"]["status"] for entry in entries] == [200, 404, 0, 0]
    assert entries[0]["_redirects"][0]["status"] == 302


def test_html_has_the_record_of_every_target(mixed: Path) -> None:
    page = check(mixed, "html")
    (block,) = re.findall(r'<script type="application/json" class="records">(.*?)</script>', page, re.DOTALL)

    assert [record["verdict"] for record in json.loads(block)] == VERDICTS


def test_annotations_and_the_summary_of_the_step_are_written(mixed: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    variables = {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_WORKSPACE": str(tmp_path)}

    log = check(mixed, "github", **variables).splitlines()

    assert [line.partition(" title=")[0].partition(",title=")[0] for line in log[1:4]] == [
        f"::error file=urls.txt,line={line}" for line in (2, 3, 4)
    ]
    assert summary.read_text().startswith("before\n### allup: 1 ok, 3 failed of 4 in ")


@pytest.mark.parametrize("options", [("-f", "lines"), ("-f", "github", "--quiet")])
def test_who_asks_for_no_annotations_gets_no_summary(mixed: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    summary = tmp_path / "summary.md"

    allup("check", mixed, "--retries", "0", *options, variables={"GITHUB_STEP_SUMMARY": str(summary)})

    assert not summary.exists()


def test_the_summary_is_written_once_where_it_is_a_report_too(mixed: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"

    twice = ("--report", f"markdown={summary}", "--report", f"github={tmp_path / 'log'}")
    allup("check", mixed, "--retries", "0", *twice, variables={"GITHUB_STEP_SUMMARY": str(summary)})

    assert summary.read_text().count("### allup") == 1


def test_every_format_is_the_same_in_a_file_of_its_own(mixed: Path, tmp_path: Path) -> None:
    reports = [argument for one in ReportFormat for argument in ("--report", f"{one}={tmp_path / one.value}")]

    outcome = allup("check", mixed, "--retries", "0", *reports)

    assert (outcome.code, outcome.stderr) == (1, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*ReportFormat, "urls.txt"])
    for one in ReportFormat:
        text = (tmp_path / one).read_text()
        # A spreadsheet, a reader and a person find the target that is missing in all of them.
        assert "/status/404" in text, one


@pytest.mark.parametrize("format_", ["junit", "prometheus"])
def test_a_machine_without_room_for_temporary_files_is_told_before_the_first_request(
    lab: Lab, mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    def refuse(**_: object) -> None:
        raise FileNotFoundError(2, os.strerror(2))

    monkeypatch.setattr(spool, "tempfile", SimpleNamespace(TemporaryFile=refuse))

    outcome = allup("check", mixed, "--report", f"{format_}={tmp_path / 'report'}")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "cannot write a temporary file" in outcome.stderr
    assert lab.stats.total.requests == 0
    assert [path.name for path in tmp_path.iterdir()] == ["urls.txt"]


def test_the_json_of_a_run_is_what_the_printed_schemas_say(mixed: Path) -> None:
    schema("check").validate(json.loads(check(mixed, "json")))
    for line in check(mixed, "jsonl").splitlines():
        schema("record").validate(json.loads(line))


def test_the_json_of_a_comparison_is_what_the_printed_schema_says(lab: Lab) -> None:
    outcome: Outcome = allup("compare", f"{lab.base_url}/ok", "-f", "json")

    schema("compare").validate(outcome.document)


def test_the_schema_is_that_of_a_check_unless_another_is_named() -> None:
    assert allup("schema").stdout == SchemaName.CHECK.text()
    assert allup("schema", "nothing").code == 2
