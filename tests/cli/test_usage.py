"""Help, version, and what is said of a command line that makes no sense."""

from pathlib import Path

import pytest

from allup import __version__
from allup.lab.server import Lab
from cli.driving import allup, process

COMMANDS = ["check", "compare", "config", "demo", "history", "lab", "merge", "race", "wait", "watch"]


def test_the_version_is_told() -> None:
    outcome = process("--version")

    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, f"allup {__version__}\n", "")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_command(option: str) -> None:
    outcome = process(option)

    assert (outcome.code, outcome.stderr) == (0, "")
    for command in COMMANDS:
        assert command in outcome.stdout


def test_no_command_at_all_is_answered_with_help() -> None:
    outcome = process()

    assert outcome.code == 2
    assert "compare" in outcome.stdout + outcome.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    outcome = process(command, "--help", COLUMNS="120")

    assert (outcome.code, outcome.stderr) == (0, "")
    assert f"allup {command}" in outcome.stdout


def test_defaults_are_in_the_help() -> None:
    said = process("check", "--help", COLUMNS="200").stdout

    for default in (
        "[default: 100]",
        "[default: (10s)]",
        "[default: (200-299)]",
        "(GET, or POST with",
        "(as --timeout)",
    ):
        assert default in said


@pytest.mark.parametrize(
    ("arguments", "culprit"),
    [
        (["--concurrency", "0"], "--concurrency"),
        (["-c", "10001"], "--concurrency"),
        (["-c", "many"], "--concurrency"),
        (["--timeout", "soon"], "'soon' is not a duration"),
        (["--timeout", "0"], "--timeout"),
        (["--timeout", "-1s"], "--timeout"),
        (["--connect-timeout", "1d"], "--connect-timeout"),
        (["--method", "GE T"], "--method"),
        (["--header", "no colon"], "--header"),
        (["-H", "X: a\nb"], "--header"),
        (["--expect", "2yy"], "2yy"),
        (["--expect", "1000"], "1000"),
        (["--max-redirects", "-1"], "--max-redirects"),
        (["--max-redirects", "101"], "--max-redirects"),
        (["--format", "yaml"], "yaml"),
        (["--only", "broken"], "broken"),
        (["--order", "random"], "random"),
        (["--color", "sometimes"], "sometimes"),
        (["--report", "json"], "--report"),
        (["--frobnicate"], "--frobnicate"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(lab: Lab, arguments: list[str], culprit: str) -> None:
    outcome = allup("check", f"{lab.base_url}/ok", *arguments)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert culprit in outcome.complaint
    assert lab.stats.total.requests == 0


@pytest.mark.parametrize(
    ("arguments", "culprit"),
    [
        (["-c", "1,x"], "'1,x' is not a list of numbers"),
        (["-c", "0"], "--concurrency"),
        (["-c", ""], "--concurrency"),
        (["-c", "1,,2"], "--concurrency"),
        (["-c", "10001"], "--concurrency"),
        (["-c", "²"], "--concurrency"),
        (["--rounds", "0"], "--rounds"),
        (["--format", "jsonl"], "jsonl"),
    ],
)
def test_a_comparison_names_what_makes_no_sense(lab: Lab, arguments: list[str], culprit: str) -> None:
    outcome = allup("compare", f"{lab.base_url}/ok", *arguments)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert culprit in outcome.complaint
    assert lab.stats.total.requests == 0


def test_levels_count_once_each(lab: Lab) -> None:
    document = allup("compare", f"{lab.base_url}/ok", "-c", "2, 2,3", "-f", "json").document

    assert [row["concurrency"] for row in document["rows"]] == [1, 2, 2, 2, 3, 3, 3]


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    outcome = allup("lab", "--port", port)

    assert outcome.code == 2
    assert "--port" in outcome.complaint


def test_an_unknown_command_is_named() -> None:
    outcome = allup("chekc", "https://example.org/")

    assert outcome.code == 2
    assert "chekc" in outcome.complaint


def test_a_usage_error_shows_no_traceback(tmp_path: Path) -> None:
    outcome = process("check", tmp_path / "urls.txt")

    assert outcome.code == 2
    assert outcome.stderr == f"allup: {tmp_path / 'urls.txt'}: no such file\n"
