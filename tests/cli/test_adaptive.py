"""`-c auto`: as many at once as is good for everybody, and what it says of it."""

from pathlib import Path

import pytest

from allup.lab.behaviour import Server
from allup.lab.server import Lab
from cli.driving import allup
from cli.test_pace_options import many, on

HELD_BACK = {"refused", "latency"}
"""On a busy machine latencies may have the last word."""


def test_an_origin_that_throttles_is_found_out_and_not_driven_to_collapse(lab: Lab, listed: Path) -> None:
    listed.write_text(many(lab, 200, "/throttling/4/20ms"))

    outcome = allup("check", listed, "-c", "auto", "-f", "json", "--order", "completion", "--retries", "5")

    assert outcome.code == 0
    level = outcome.document["summary"]["concurrency"]
    assert level["reason"] == "unused"
    (host,) = level["hosts"]
    assert host["limit"] <= 5
    assert host["reason"] in HELD_BACK
    assert lab.stats.of(Server.ONE).peak_in_flight <= 10


def test_where_nobody_minds_it_asks_more_at_once(lab: Lab, listed: Path) -> None:
    listed.write_text(many(lab, 120, "/latency/50ms"))

    outcome = allup("check", listed, "-c", "auto", "--per-host", "100", "-f", "json")

    assert outcome.code == 0
    assert outcome.document["summary"]["peak_in_flight"] > 10
    assert outcome.document["summary"]["concurrency"]["limit"] >= 100


@pytest.mark.parametrize("command", ["compare", "race", "wait", "watch"])
def test_where_it_is_no_choice_the_message_says_whose_it_is(command: str) -> None:
    outcome = allup(command, "https://example.org/", "-c", "auto")
    assert outcome.code == 2
    assert "auto is for check: here " in outcome.complaint


def test_with_a_number_there_is_nothing_to_tell_of_it(lab: Lab) -> None:
    document = allup("check", on(lab, Server.ONE, "/ok"), "-c", "3", "-f", "json").document
    assert document["summary"]["concurrency"] is None


def test_more_processes_have_one_limit(lab: Lab, listed: Path) -> None:
    listed.write_text(many(lab, 60, "/throttling/4/20ms"))

    outcome = allup("check", listed, "-c", "auto", "--processes", "2", "-f", "json", "--retries", "5")

    assert outcome.code == 0
    assert outcome.document["summary"]["concurrency"]["hosts"][0]["reason"] in HELD_BACK


def test_the_table_says_what_it_came_to_and_what_limited_the_run(lab: Lab) -> None:
    outcome = allup("check", on(lab, Server.ONE, "/latency/50ms"), "-c", "auto", "-f", "table")
    assert "-c auto came to 100 at once: no more were there to be asked." in outcome.stdout
    assert "Limited by the slowest URL" in outcome.stdout
    assert outcome.stderr == ""


def test_a_pipe_is_told_on_standard_error_and_only_if_asked(lab: Lab) -> None:
    url = on(lab, Server.ONE, "/latency/50ms")
    assert allup("check", url).stderr == ""
    assert "Limited by the slowest URL" in allup("check", url, "--verbose").stderr


def test_a_file_may_ask_for_it(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "allup.toml").write_text('[check]\nconcurrency = "auto"\n')
    outcome = allup("check", on(lab, Server.ONE, "/ok"), "-f", "json", directory=tmp_path)
    assert outcome.document["summary"]["concurrency"] is not None


@pytest.mark.parametrize(
    ("command", "value", "said"),
    [
        ("check", "many", "neither auto nor a number from 1 to 10000"),
        ("check", "0", "neither auto nor a number from 1 to 10000"),
        ("compare", "auto", "auto is for check"),
    ],
)
def test_what_cannot_be_is_a_usage_error(lab: Lab, command: str, value: str, said: str) -> None:
    outcome = allup(command, on(lab, Server.ONE, "/ok"), "-c", value)
    assert outcome.code == 2
    assert said in " ".join(outcome.stderr.replace("│", " ").split())
