"""What the README says is true."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from allup.cli.main import app
from allup.lists.options import OPTIONS
from allup.model.comparison import MOST_FLIGHTS
from allup.model.duration import format_duration
from allup.model.failure import Certainty, FailureKind
from allup.model.result import Verdict
from allup.model.retry_on import TRANSIENT
from allup.model.settings import CheckSettings, HttpSettings, RetrySettings
from allup.model.size import format_size
from allup.model.statuses import SUCCESSFUL
from allup.model.target import Request
from allup.report.comparison_format import ComparisonFormat
from allup.report.format import ReportFormat
from allup.report.history.database import prepare
from allup.report.html import MOST_ROWS
from cli.driving import allup
from readme.readme import README, TEXT, blocks, run

TELLS_PEOPLE = re.compile(r"allup (race|wait)")
"""Commands that write to standard error though nothing is wrong."""
SAMPLE = README.with_name("urls.sample.txt")


def commands() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines() if line.strip()]


@pytest.fixture
def place(tmp_path: Path, lab_url: str) -> Path:
    """A folder with the lists that the README speaks of; their URLs are the lab's."""
    (tmp_path / "urls.txt").write_text(f"{lab_url}/ok\n{lab_url}/status/404\n{lab_url}/ok?staging\n")
    (tmp_path / "mirrors.txt").write_text(f"{lab_url}/ok?de\n{lab_url}/ok?fr\n")
    (tmp_path / "urls.csv").write_text(f"url,name,owner\n{lab_url}/ok?csv,home,me\n")
    (tmp_path / "README.md").write_text(f"See [the page]({lab_url}/ok?md).\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "urls.json").write_text(json.dumps([f"{lab_url}/ok?json"]))
    (tmp_path / "urls.sample.txt").write_text(SAMPLE.read_text(encoding="utf-8"))
    known = {"url": f"{lab_url}/status/404", "name": None, "verdict": "failed", "failure": {"kind": "status"}}
    (tmp_path / "last.jsonl").write_text(json.dumps(known) + "\n")
    prepare(tmp_path / "urls.db")
    for index in range(1, 5):
        shard = ("--shard", f"{index}/4", "--quiet", "--report", f"json={tmp_path / f'shard-{index}.json'}")
        allup("check", tmp_path / "urls.csv", *shard)
    return tmp_path


def test_there_are_exactly_two_set_up_commands() -> None:
    assert [len(block.splitlines()) for block in blocks("sh setup")] == [1, 1]


def test_the_set_up_commands_run_the_demo_and_the_tests() -> None:
    first, second = blocks("sh setup")
    assert first.endswith("allup demo\n")
    assert "pytest" in second


@pytest.mark.parametrize("command", commands())
def test_a_command_does_what_it_is_there_for(
    command: str, place: Path, shell_environment: dict[str, str], lab_url: str
) -> None:
    here = command.replace("https://example.org", lab_url).replace("PORT", lab_url.rpartition(":")[2])
    ran = run(here, place, shell_environment)
    assert ran.returncode in (0, 1), ran.stderr
    left_out = "allup: 1 left out by --include and --exclude\n"
    if "has nothing to do" in ran.stderr:
        assert "--shard" in command
        return
    if TELLS_PEOPLE.search(command):
        assert ran.returncode == 0, ran.stderr
        assert bool(ran.stdout) is ("race" in command or "echo" in command)
        return
    assert ran.stderr == (left_out if "--exclude" in command else "")
    assert ran.stdout or "--quiet" in command


def test_the_exit_code_takes_the_branch_that_a_script_expects(
    place: Path, shell_environment: dict[str, str], lab_url: str
) -> None:
    (command,) = (line for line in commands() if "||" in line)
    assert run(command, place, shell_environment).stdout == "not all are up\n"
    (place / "urls.txt").write_text(f"{lab_url}/ok\n")
    assert run(command, place, shell_environment).stdout == ""


def test_the_page_holds_as_much_as_is_said() -> None:
    assert f"the page holds {MOST_ROWS:,} targets and as many again" in TEXT
    assert f"(up to {MOST_FLIGHTS:,} targets;" in TEXT


def test_only_what_is_new_makes_a_run_fail_as_shown(
    place: Path, shell_environment: dict[str, str], lab_url: str
) -> None:
    (command,) = (line for line in commands() if "--fail-on new" in line)
    for more, code in (("", 0), (f"{lab_url}/status/404?more\n", 1), ("", 0)):
        with (place / "urls.txt").open("a") as listed:
            listed.write(more)
        assert run(command, place, shell_environment).returncode == code


def test_the_lab_can_be_checked_as_shown(place: Path, shell_environment: dict[str, str]) -> None:
    (block,) = blocks("sh lab")
    ran = run(re.sub(r" --port \d+", "", block), place, shell_environment)
    assert "read_timeout" in ran.stdout
    assert re.search(r"^ok\t200\t[\d.]+\thttp://127\.0\.0\.1:\d+/ok\t$", ran.stdout, re.MULTILINE)


def test_the_library_example_runs(place: Path, shell_environment: dict[str, str], lab_url: str) -> None:
    (example,) = blocks("python")
    (place / "example.py").write_text(example.replace("https://example.org", lab_url))
    ran = run("python3 example.py", place, shell_environment)
    assert ran.stderr == ""
    assert [line.split()[0] for line in ran.stdout.splitlines()[:2]] == ["ok", "ok"]


def test_the_configuration_shown_is_in_force(place: Path) -> None:
    (shown,) = blocks("toml")
    (place / "allup.toml").write_text(shown)
    for command, keys in {"check": 7, "compare": 3, "list": 2}.items():
        ran = allup("config", command, directory=place)
        assert (ran.code, ran.stderr) == (0, "")
        assert len(re.findall(r"^[^#]", ran.stdout, re.MULTILINE)) == keys


def test_the_sample_list_is_understood_line_by_line(place: Path, shell_environment: dict[str, str]) -> None:
    ran = run("allup check urls.sample.txt --format jsonl --timeout 3s", place, shell_environment)
    records = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(records) == sum(bool(re.match(r"[^#\s]", line)) for line in SAMPLE.read_text().splitlines())
    assert all(record["failure"] is None or record["failure"]["kind"] != "invalid_target" for record in records)


def test_the_record_shown_has_the_keys_of_a_real_one(
    place: Path, shell_environment: dict[str, str], lab_url: str
) -> None:
    (shown,) = blocks("json")
    ran = run(f"allup check {lab_url}/ok --format jsonl", place, shell_environment)
    assert list(json.loads(shown)) == list(json.loads(ran.stdout))
    assert list(json.loads(shown)["timings_ms"]) == list(json.loads(ran.stdout)["timings_ms"])


def documented_options(heading: str) -> dict[str, str]:
    table = TEXT.split(f"`{heading}`:\n", 1)[1].split("\n\n", 1)[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| `")]
    return {name: row[2].strip(" `") for row in rows for name in re.findall(r"`(-[^`]+)`", row[1])}


def parameters() -> list[Any]:
    return [one for one in get_command(app).commands["check"].params if one.param_type_name == "option"]  # type: ignore[attr-defined]


def test_every_option_of_check_is_in_the_table_and_the_table_has_no_other() -> None:
    options = {name for one in parameters() for name in (*one.opts, *one.secondary_opts)} - {"--help", "-h"}
    assert set(documented_options("allup check")) == options


def test_the_table_states_the_defaults_that_are_in_force() -> None:
    documented = documented_options("allup check")
    for one in parameters():
        if isinstance(one.default, int) and not isinstance(one.default, bool) and one.show_default is True:
            assert documented[one.opts[0]] == str(one.default)
    assert documented["--timeout"] == format_duration(Request().timeout_s)
    assert documented["--retries"] == str(Request().retries)
    assert documented["--max-body"] == format_size(HttpSettings().max_body)
    assert documented["--expect"] == str(SUCCESSFUL)
    assert documented["--grace"] == format_duration(CheckSettings().grace_s)
    assert documented["--retry-budget"] == format_duration(RetrySettings().budget_s)


def test_the_failures_that_are_tried_again_are_those_that_are() -> None:
    (told,) = re.findall(r"What usually passes is tried again.*?: (.*?) \(`--retry-on`", TEXT)
    assert set(re.findall(r"`(\w+)`", told)) == TRANSIENT.kinds
    assert TRANSIENT.statuses is not None
    assert [int(status) for status in re.findall(r"\d{3}", told)] == [
        status for status in range(100, 600) if status in TRANSIENT.statuses
    ]


def test_every_line_option_format_kind_certainty_and_verdict_is_named() -> None:
    for option in OPTIONS:
        assert f"`{option}=`" in TEXT
    for name in (*ReportFormat, *ComparisonFormat, *FailureKind):
        assert f"`{name}`" in TEXT
    for word in (*Certainty, *Verdict):
        assert f"`{word}`" in TEXT


def test_help_of_every_command_mentions_what_the_readme_calls_it(shell_environment: dict[str, str]) -> None:
    ran = run("allup --help", Path.cwd(), shell_environment)
    commands = (
        "check",
        "compare",
        "race",
        "wait",
        "watch",
        "list",
        "config",
        "demo",
        "history",
        "lab",
        "merge",
        "schema",
    )
    for command in commands:
        assert command in ran.stdout
        assert f"allup {command}" in TEXT


def test_the_version_is_that_of_the_package(shell_environment: dict[str, str]) -> None:
    ran = run("allup --version", Path.cwd(), shell_environment)
    probe = [sys.executable, "-c", "import allup; print('allup', allup.__version__)"]
    assert ran.stdout == subprocess.run(probe, capture_output=True, text=True, check=True).stdout
