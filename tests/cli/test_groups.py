"""Equivalents, failures that are let pass, and what both do to the exit code."""

from pathlib import Path

import pytest

from allup.lab.server import Lab
from cli.driving import allup

UP, DOWN, AWAY = "/ok", "/status/404", "/status/503"


def listing(lab: Lab, listed: Path, *lines: str) -> Path:
    """Write a list; each line is a path of the lab, and options."""
    listed.write_text("".join(f"{lab.base_url}{line} retries=0\n" for line in lines))
    return listed


@pytest.mark.parametrize(
    ("lines", "code", "groups"),
    [
        ([f"{DOWN} group=g", f"{UP} group=g"], 0, {"ok": 1, "failed": 0, "unchecked": 0}),
        ([f"{DOWN} group=g", f"{AWAY} group=g"], 1, {"ok": 0, "failed": 1, "unchecked": 0}),
        ([f"{DOWN} group=g", f"{UP} group=g", f"{DOWN} group=h"], 1, {"ok": 1, "failed": 1, "unchecked": 0}),
        ([f"{DOWN} group=g", f"{UP} group=g", DOWN], 1, {"ok": 1, "failed": 0, "unchecked": 0}),
        ([UP, DOWN], 1, {"ok": 0, "failed": 0, "unchecked": 0}),
    ],
)
def test_a_group_is_ok_when_one_of_it_is(
    lab: Lab, listed: Path, lines: list[str], code: int, groups: dict[str, int]
) -> None:
    outcome = allup("check", listing(lab, listed, *lines), "-f", "json")

    assert outcome.code == code
    assert outcome.document["summary"]["groups"] == groups
    assert len(outcome.document["results"]) == len(lines)


def test_every_member_is_shown_with_its_own_verdict(lab: Lab, listed: Path) -> None:
    outcome = allup("check", listing(lab, listed, f"{DOWN} group=g", f"{UP} group=g", UP), "-f", "jsonl")

    assert [(one["verdict"], one["group"]) for one in outcome.records] == [("failed", "g"), ("ok", "g"), ("ok", None)]


def test_the_table_tells_how_the_groups_stand(lab: Lab, listed: Path) -> None:
    lines = [f"{DOWN} group=mirrors name=first", f"{UP} group=mirrors", f"{DOWN} group=others"]
    outcome = allup("check", listing(lab, listed, *lines), "--color", "never", terminal=True, columns=140)

    assert "first in mirrors" in outcome.stdout
    assert "1 ok (mirrors) · 1 failed (others)" in outcome.stdout
    assert "2 failed of 3" in outcome.stdout


def test_a_group_that_is_partly_unknown_is_not_red(lab: Lab, listed: Path) -> None:
    listing(lab, listed, f"{DOWN} group=g", "/latency/30s group=g")

    outcome = allup("check", listed, "--deadline", "300ms", "-f", "json")

    assert outcome.code == 3
    assert outcome.document["summary"]["groups"]["unchecked"] == 1


def test_one_down_in_a_group_does_not_end_a_run_that_ends_with_the_first_failure(lab: Lab, listed: Path) -> None:
    listing(lab, listed, f"{DOWN} group=g", f"{UP} group=g", UP)

    outcome = allup("check", listed, "--fail-fast", "-c", "1")

    assert [fields[0] for fields in outcome.fields] == ["failed", "ok", "ok"]
    assert outcome.code == 0


@pytest.mark.parametrize(
    ("path", "fail_on", "code"),
    [(DOWN, "any", 1), (DOWN, "definite", 1), (AWAY, "any", 1), (AWAY, "definite", 0), (UP, "definite", 0)],
)
def test_what_is_not_definite_can_be_let_pass(lab: Lab, listed: Path, path: str, fail_on: str, code: int) -> None:
    outcome = allup("check", listing(lab, listed, path), "--fail-on", fail_on)

    assert outcome.code == code
    assert outcome.fields[0][0] == ("ok" if path == UP else "failed")


def test_a_group_with_a_failure_that_may_pass_has_not_failed_for_good(lab: Lab, listed: Path) -> None:
    listing(lab, listed, f"{DOWN} group=g", f"{AWAY} group=g")

    assert allup("check", listed, "--fail-on", "definite").code == 0


def test_a_failure_that_is_let_pass_does_not_end_the_run(lab: Lab, listed: Path) -> None:
    listing(lab, listed, AWAY, UP)

    outcome = allup("check", listed, "--fail-on", "definite", "--fail-fast", "-c", "1")

    assert [fields[0] for fields in outcome.fields] == ["failed", "ok"]
    assert outcome.code == 0
