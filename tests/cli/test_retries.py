"""What is tried again, how often, and what the user gets to see of it."""

import itertools
import time
from pathlib import Path

import pytest

from allup.lab.behaviour import Server
from allup.lab.catalogue import named
from allup.lab.server import Lab
from allup.run import engine
from allup.run.backoff import Backoff
from cli.driving import allup, process

KEYS = map(str, itertools.count())


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backoff, "wait_s", lambda *_: 0.0)


def flaky(lab: Lab, times: int) -> str:
    """Return a URL that answers 503 so many times, and 200 from then on."""
    return f"{lab.base_url}/flaky/retries-{next(KEYS)}/{times}"


def test_success_after_a_retry_is_flaky_shown_and_exit_0(lab: Lab) -> None:
    outcome = allup("check", flaky(lab, 1), f"{lab.base_url}/ok", "-f", "json")

    assert outcome.code == 0
    first, second = outcome.document["results"]
    assert (first["verdict"], first["attempts"], first["status"], first["failure"]) == ("flaky", 2, 200, None)
    assert (second["verdict"], second["attempts"]) == ("ok", 1)
    assert outcome.document["summary"]["flaky"] == 1


def test_flaky_has_a_line_of_its_own_and_a_place_in_the_table(lab: Lab) -> None:
    assert allup("check", flaky(lab, 1)).fields[0][:2] == ["flaky", "200"]
    assert "1 flaky" in allup("check", flaky(lab, 1), "-f", "table").stdout


def test_flaky_ones_can_be_had_alone(lab: Lab) -> None:
    outcome = allup("check", flaky(lab, 1), f"{lab.base_url}/ok", "--only", "flaky")

    assert [fields[0] for fields in outcome.fields] == ["flaky"]


def test_the_backoff_is_a_wait_that_the_user_can_feel_and_not_a_long_one(lab: Lab) -> None:
    began_at = time.monotonic()
    outcome = process("check", flaky(lab, 2))

    assert outcome.fields[0][0] == "flaky"
    assert time.monotonic() - began_at < 10


@pytest.mark.parametrize(("retries", "verdict", "attempts"), [(0, "failed", 1), (2, "failed", 3), (3, "flaky", 4)])
def test_so_many_further_attempts_and_no_more(lab: Lab, retries: int, verdict: str, attempts: int) -> None:
    outcome = allup("check", flaky(lab, 3), "--retries", str(retries), "-f", "jsonl")

    (record,) = outcome.records
    assert (record["verdict"], record["attempts"]) == (verdict, attempts)
    assert lab.stats.total.requests == attempts


def test_two_further_attempts_by_default(lab: Lab) -> None:
    assert allup("check", flaky(lab, 2)).code == 0
    assert allup("check", flaky(lab, 3)).code == 1


def test_a_line_may_have_its_own_number(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{flaky(lab, 3)} retries=3\n{flaky(lab, 1)} retries=0\n{flaky(lab, 1)}\n")

    outcome = allup("check", listed, "--retries", "1", "-f", "jsonl")

    assert [record["verdict"] for record in outcome.records] == ["flaky", "failed", "flaky"]
    assert [record["attempts"] for record in outcome.records] == [4, 1, 2]


@pytest.mark.parametrize("value", ["-1", "101", "two", "1.5"])
def test_a_line_with_a_bad_number_is_no_target(lab: Lab, listed: Path, value: str) -> None:
    listed.write_text(f"{lab.base_url}/ok retries={value}\n{lab.base_url}/ok\n")

    outcome = allup("check", listed)

    assert outcome.code == 1
    assert [fields[1] for fields in outcome.fields] == ["invalid_target", "200"]
    assert f"retries: {value!r}" in outcome.fields[0][4]


@pytest.mark.parametrize(
    ("listed_kinds", "behaviour", "attempts"),
    [
        ("404", "unexpected-404", 3),
        ("4xx,reset", "unexpected-404", 3),
        ("400-499", "unexpected-404", 3),
        ("500", "unexpected-404", 1),
        ("reset", "unexpected-500", 1),
        ("reset", "reset-later", 3),
        ("500", "reset-later", 1),
        ("connect_refused", "refused", 3),
        ("5xx", "refused", 1),
    ],
)
def test_what_is_tried_again_can_be_chosen(lab: Lab, listed_kinds: str, behaviour: str, attempts: int) -> None:
    outcome = allup("check", lab.url(named(behaviour)), "--retry-on", listed_kinds, "-f", "jsonl")

    assert outcome.records[0]["attempts"] == attempts


@pytest.mark.parametrize(
    "behaviour", ["unexpected-404", "redirect-loop", "redirect-nowhere", "not-http", "not-tls", "no-url"]
)
def test_what_stays_is_not_tried_again(lab: Lab, behaviour: str) -> None:
    outcome = allup("check", lab.line(named(behaviour)).split()[0], "-f", "jsonl")

    assert outcome.records[0]["verdict"] == "failed"
    assert outcome.records[0]["attempts"] <= 1


@pytest.mark.parametrize(
    ("option", "value", "culprit"),
    [
        ("--retries", "-1", "0"),
        ("--retries", "101", "100"),
        ("--retries", "few", "integer"),
        ("--retry-on", "5yy", "5yy"),
        ("--retry-on", "", "''"),
        ("--retry-on", "reset,,500", "''"),
        ("--retry-on", "tls_expired", "tls_expired"),
        ("--retry-on", "99", "99"),
        ("--retry-budget", "long", "long"),
        ("--retry-budget", "-1s", "-1s"),
    ],
)
def test_a_bad_value_is_a_usage_error_that_names_the_option_and_what_is_wrong(
    lab: Lab, option: str, value: str, culprit: str
) -> None:
    outcome = allup("check", f"{lab.base_url}/ok", option, value)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert option in outcome.complaint
    assert culprit in outcome.complaint
    assert lab.stats.total.requests == 0


def test_a_kind_that_is_none_is_answered_with_those_that_are(lab: Lab) -> None:
    outcome = allup("check", f"{lab.base_url}/ok", "--retry-on", "resets")

    assert "connect_refused" in outcome.complaint


class TestConfirming:
    """`--confirm`."""

    @pytest.fixture(autouse=True)
    def cool_down(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engine, "COOL_DOWN_S", 0.1)

    def test_what_is_better_at_the_end_is_flaky(self, lab: Lab, listed: Path, tmp_path: Path) -> None:
        listed.write_text(f"{flaky(lab, 3)}\n{lab.base_url}/ok\n{lab.base_url}/status/404\n")
        report = tmp_path / "report.jsonl"

        outcome = allup("check", listed, "--confirm", "-f", "json", "--report", f"jsonl={report}")

        assert outcome.code == 1
        told = outcome.document["results"]
        assert [record["verdict"] for record in told] == ["flaky", "ok", "failed"]
        assert [record["attempts"] for record in told] == [4, 1, 1]
        assert len(report.read_text().splitlines()) == 3

    def test_without_it_the_same_has_failed(self, lab: Lab) -> None:
        assert allup("check", flaky(lab, 3)).fields[0][0] == "failed"

    def test_what_stays_down_has_failed(self, lab: Lab) -> None:
        outcome = allup("check", lab.url(named("refused")), "--confirm", "-f", "jsonl")

        assert outcome.code == 1
        assert outcome.records[0]["attempts"] == 4

    def test_order_of_completion_has_the_others_first(self, lab: Lab, listed: Path) -> None:
        listed.write_text(f"{flaky(lab, 3)}\n{lab.base_url}/latency/50ms\n")

        outcome = allup("check", listed, "--confirm", "--order", "completion")

        assert [fields[0] for fields in outcome.fields] == ["ok", "flaky"]


def test_a_budget_of_nothing_honours_no_wait_at_all(lab: Lab) -> None:
    outcome = allup("check", flaky(lab, 1), "--retry-budget", "0")

    assert outcome.fields[0][0] == "flaky"  # nobody asked for a wait here
    assert lab.stats.of(Server.ONE).requests == 2
