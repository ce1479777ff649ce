"""Which targets are wanted, and how many there have to be: what is missing never looks green."""

import json
from pathlib import Path

import pytest

from allup.lab.server import Lab
from cli.driving import allup


@pytest.fixture
def three(lab: Lab, listed: Path) -> Path:
    listed.write_text("".join(f"{lab.base_url}/ok?{name}\n" for name in ("one", "two", "staging")))
    return listed


@pytest.mark.parametrize(
    ("flags", "left", "excluded"),
    [
        (["--include", "one|two"], ["one", "two"], 1),
        (["--exclude", "staging$"], ["one", "two"], 1),
        (["--include", "one", "--include", "staging", "--exclude", "staging"], ["one"], 2),
        (["--exclude", "no such thing"], ["one", "two", "staging"], 0),
    ],
)
def test_what_is_left_out_is_counted_and_not_asked(
    lab: Lab, three: Path, flags: list[str], left: list[str], excluded: int
) -> None:
    outcome = allup("check", three, *flags, "-f", "json")

    document = outcome.document
    assert outcome.code == 0
    assert [record["url"].partition("?")[2] for record in document["results"]] == left
    assert document["summary"]["excluded"] == excluded
    assert lab.stats.total.requests == len(left)


def test_what_is_left_out_is_in_the_summary_for_people(three: Path) -> None:
    outcome = allup("check", three, "--exclude", "one", "--color", "never", terminal=True)

    assert "excluded  1 by --include and --exclude" in outcome.stdout


@pytest.mark.parametrize("command", ["check", "compare", "list"])
def test_where_nothing_is_left_it_is_a_usage_error(lab: Lab, three: Path, command: str) -> None:
    outcome = allup(command, three, "--exclude", ".")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "--include and --exclude leave out all targets (3)" in outcome.stderr
    assert lab.stats.total.requests == 0


@pytest.mark.parametrize("command", ["check", "compare", "list"])
@pytest.mark.parametrize(("at_least", "code"), [(2, 0), (3, 0), (4, 2)])
def test_fewer_targets_than_there_have_to_be_are_a_usage_error(
    three: Path, command: str, at_least: int, code: int
) -> None:
    outcome = allup(command, three, "--min-targets", str(at_least))

    assert outcome.code == code
    assert ("too few targets: 3 where --min-targets asks for 4" in outcome.stderr) is (code == 2)


def test_too_few_targets_are_reported_all_the_same(three: Path) -> None:
    outcome = allup("check", three, "--min-targets", "9")

    assert [fields[0] for fields in outcome.fields] == ["ok"] * 3


def test_a_line_that_is_no_target_is_not_counted_as_one_and_never_left_out(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\nno-url\n")

    outcome = allup("check", listed, "--min-targets", "2", "--exclude", "no-url")

    assert outcome.code == 2
    assert [fields[0] for fields in outcome.fields] == ["ok", "failed"]


@pytest.mark.parametrize("flag", ["--include", "--exclude"])
def test_what_is_no_expression_is_a_usage_error(three: Path, flag: str) -> None:
    outcome = allup("check", three, flag, "(")

    assert outcome.code == 2
    assert f"{flag}: not a regular expression: missing )" in outcome.complaint


def test_a_list_is_written_with_the_flags_in_force(listed: Path) -> None:
    listed.write_text("h.example expect=404\nhttps://h.example/#x name='a b'\n")

    outcome = allup("list", listed, "-e", "2xx", "--within", "2s", "-H", "X-A: b")

    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout.splitlines() == [
        "https://h.example header='X-A: b' expect=404 within=2s",
        "https://h.example/#x name='a b' header='X-A: b' expect=2xx within=2s",
    ]


def test_a_list_is_written_as_data(listed: Path) -> None:
    listed.write_text("h.example contains=a contains=b\nno-url\n")

    outcome = allup("list", listed, "-f", "json")

    assert json.loads(outcome.stdout) == [{"url": "https://h.example", "contains": ["a", "b"]}, "no-url"]
    assert outcome.code == 1
    assert f"{listed}:2: not a URL" in outcome.stderr
