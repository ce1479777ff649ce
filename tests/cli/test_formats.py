"""The formats of `check` on stdout, and what `--only` and `--quiet` leave of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from allup.lab.catalogue import named
from allup.lab.server import Lab
from cli.driving import Outcome, allup

KEYS = [
    *("url", "name", "group", "source", "line", "index", "verdict", "status", "failure", "method"),
    *("final_url", "redirects"),
    *("attempts", "started_at", "elapsed_ms", "timings_ms", "address", "http_version", "content_type"),
    *("content_length", "tls", "addresses", "baseline"),
]
FAILURE_KEYS = ["kind", "certainty", "phase", "detail", "hint"]
TIMING_KEYS = ["blocked", "dns", "connect", "ssl", "send", "wait", "receive"]
SUMMARY_KEYS = [
    *("targets", "ok", "flaky", "failed", "unchecked", "groups", "repeats", "excluded", "kinds", "wall_s"),
    *("peak_in_flight", "concurrency", "limited_by", "loop_lag_ms", "timings_suspect", "canaries", "resumed"),
    "baseline",
    "shard",
]


@pytest.fixture
def mixed(lab: Lab, listed: Path) -> Path:
    """A list of one that is fine, one that is not, one that nobody answers, and one that is no target."""
    listed.write_text(f"{lab.base_url}/redirect/1\n{lab.base_url}/status/404\n{lab.url(named('refused'))}\nnothing\n")
    return listed


def assert_is_a_record(record: dict[str, Any]) -> None:
    assert list(record) == KEYS
    assert list(record["timings_ms"]) == TIMING_KEYS
    assert record["failure"] is None or list(record["failure"]) == FAILURE_KEYS
    assert all(list(hop) == ["status", "url"] for hop in record["redirects"])


def verdicts(outcome: Outcome) -> list[str]:
    return [fields[0] for fields in outcome.fields]


def test_lines_are_the_format_of_a_pipe(mixed: Path) -> None:
    assert verdicts(allup("check", mixed)) == ["ok", "failed", "failed", "failed"]
    assert verdicts(allup("check", mixed, "-f", "lines")) == ["ok", "failed", "failed", "failed"]


def test_jsonl_records_have_every_documented_key_in_order(mixed: Path) -> None:
    outcome = allup("check", mixed, "--format", "jsonl")

    assert len(outcome.records) == 4
    for record in outcome.records:
        assert_is_a_record(record)


def test_json_is_one_document_with_schema_results_and_summary(mixed: Path) -> None:
    document = allup("check", mixed, "--format", "json").document

    assert list(document) == ["schema", "results", "summary"]
    assert document["schema"] == "allup.check/1"
    assert [record["line"] for record in document["results"]] == [1, 2, 3, 4]
    for record in document["results"]:
        assert_is_a_record(record)
    assert list(document["summary"]) == SUMMARY_KEYS
    depends = {"wall_s": 0, "peak_in_flight": 0, "limited_by": {}, "loop_lag_ms": {}, "timings_suspect": False}
    assert document["summary"] | depends == {
        "targets": 4,
        "ok": 1,
        "flaky": 0,
        "failed": 3,
        "unchecked": 0,
        "groups": {"ok": 0, "failed": 0, "unchecked": 0},
        "repeats": 0,
        "excluded": 0,
        "kinds": {"invalid_target": 1, "connect_refused": 1, "status": 1},
        "wall_s": 0,
        "peak_in_flight": 0,
        "concurrency": None,
        "limited_by": {},
        "loop_lag_ms": {},
        "timings_suspect": False,
        "canaries": None,
        "resumed": None,
        "baseline": None,
        "shard": None,
    }


def test_a_record_tells_what_came_back(lab: Lab) -> None:
    (record,) = allup("check", f"{lab.base_url}/redirect/1", "-f", "jsonl").records

    assert record["redirects"] == [{"status": 302, "url": f"{lab.base_url}/redirect/1"}]
    assert record["final_url"] == f"{lab.base_url}/redirect/0"
    assert (record["address"], record["http_version"]) == ("127.0.0.1", "1.1")
    assert (record["content_type"], record["content_length"]) == ("text/plain", 8)
    assert record["attempts"] == 1
    assert record["started_at"].endswith("Z")
    assert record["tls"] is None
    assert record["elapsed_ms"] >= record["timings_ms"]["wait"]


def test_what_is_not_known_is_null(mixed: Path) -> None:
    refused, invalid = allup("check", mixed, "-f", "jsonl").records[2:]

    assert (refused["status"], refused["http_version"], refused["content_type"]) == (None, None, None)
    assert (invalid["method"], invalid["final_url"], invalid["started_at"], invalid["elapsed_ms"]) == (None,) * 4
    assert invalid["attempts"] == 0
    assert set(invalid["timings_ms"].values()) == {None}


def test_a_table_holds_every_row_and_a_summary(mixed: Path) -> None:
    outcome = allup("check", mixed, "--format", "table")

    assert "1 ok, 3 failed of 4 in " in outcome.stdout
    for word in ("/redirect/1", "/status/404", "404", "connect_refused", "nothing", "by kind"):
        assert word in outcome.stdout


def test_a_table_is_the_format_of_a_terminal(mixed: Path) -> None:
    outcome = allup("check", mixed, terminal=True, variables={"NO_COLOR": "1"}, columns=100)

    assert "1 ok, 3 failed of 4 in " in outcome.stdout
    assert max(map(len, outcome.stdout.splitlines())) <= 100


def test_another_format_may_be_chosen_on_a_terminal(mixed: Path) -> None:
    outcome = allup("check", mixed, "-f", "lines", terminal=True)

    assert verdicts(outcome) == ["ok", "failed", "failed", "failed"]
    assert outcome.stderr == ""  # a bar would get between the lines


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--only", "failed"], ["failed"] * 3),
        (["--only", "ok"], ["ok"]),
        (["--only", "ok", "--only", "failed"], ["ok", *["failed"] * 3]),
        (["--only", "unchecked"], []),
    ],
)
def test_only_some_verdicts_are_shown_on_stdout_and_all_in_reports(
    mixed: Path, tmp_path: Path, options: list[str], shown: list[str]
) -> None:
    report = tmp_path / "report.jsonl"

    outcome = allup("check", mixed, *options, "--report", f"jsonl={report}")

    assert verdicts(outcome) == shown
    assert outcome.code == 1
    assert len(report.read_text().splitlines()) == 4


def test_only_leaves_the_summary_whole(mixed: Path) -> None:
    document = allup("check", mixed, "--only", "ok", "-f", "json").document

    assert len(document["results"]) == 1
    assert document["summary"]["targets"] == 4


@pytest.mark.parametrize("option", ["-q", "--quiet"])
@pytest.mark.parametrize("terminal", [False, True])
def test_quiet_leaves_the_exit_code_and_the_reports(
    mixed: Path, tmp_path: Path, option: str, *, terminal: bool
) -> None:
    report = tmp_path / "report.json"

    outcome = allup("check", mixed, option, "--report", f"json={report}", terminal=terminal)

    assert (outcome.code, outcome.stdout, outcome.stderr) == (1, "", "")
    assert json.loads(report.read_text())["summary"]["targets"] == 4


def test_quiet_leaves_errors() -> None:
    outcome = allup("check", "nosuch.txt", "--quiet")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "nosuch.txt" in outcome.stderr
