"""--canary as a user sees it: whom it tells what, and what it is told."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from allup.lab.server import Lab
from cli.driving import Outcome, allup, eventually, started
from cli.heard import Heard, listening

BRIEFLY = ("--canary-patience", "100ms")


@pytest.fixture
def heard() -> Iterator[Heard]:
    yield from listening()


@pytest.fixture
def nobody() -> Iterator[str]:
    """A URL at which nobody listens as long as the test runs."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/"


def canaries(outcome: Outcome) -> dict[str, object]:
    summary: dict[str, object] = outcome.document["summary"]["canaries"]
    return summary


def test_what_fails_while_a_canary_answers_has_failed(running_lab: Lab, heard: Heard, nobody: str) -> None:
    outcome = allup(
        "check", f"{running_lab.base_url}/ok", nobody, "--retries", "0", "--canary", heard.url, "--format", "json"
    )
    assert [record["verdict"] for record in outcome.document["results"]] == ["ok", "failed"]
    assert outcome.document["results"][1]["failure"]["kind"] == "connect_refused"
    assert canaries(outcome) == {
        "outages": 0,
        "away_s": 0.0,
        "lost": False,
        "asked": [{"url": heard.url, "ok": 2, "failed": 0, "failure": None}],
    }
    assert (outcome.code, outcome.stderr) == (1, "")


def test_nobody_is_asked_before_a_canary_has_answered(heard: Heard, nobody: str) -> None:
    outcome = allup("check", heard.url, "--canary", nobody, *BRIEFLY, "--format", "json")
    (record,) = outcome.document["results"]
    assert (record["verdict"], record["failure"]["kind"], record["attempts"]) == ("unchecked", "local", 1)
    assert nobody in record["failure"]["detail"]
    assert heard.heads == []
    assert canaries(outcome)["lost"] is True
    assert outcome.code == 3
    assert outcome.stderr == (
        f"allup: no canary answers ({nobody}: connection refused: nothing listens there); waiting for 100ms at most\n"
    )


def test_without_a_canary_the_summary_has_none(running_lab: Lab) -> None:
    outcome = allup("check", f"{running_lab.base_url}/ok", "--format", "json")
    assert outcome.document["summary"]["canaries"] is None


def test_the_table_says_how_they_did(running_lab: Lab, heard: Heard) -> None:
    outcome = allup("check", f"{running_lab.base_url}/ok", "--canary", heard.url, terminal=True)
    assert "answered 1 of 1 times" in outcome.stdout


def test_a_redirect_is_none_that_sings_unless_it_is_to_be_followed(running_lab: Lab) -> None:
    url, canary = f"{running_lab.base_url}/ok", f"{running_lab.base_url}/redirect/1"
    assert allup("check", url, "--canary", canary, *BRIEFLY).code == 3
    assert allup("check", url, "--canary", f"{canary} follow=yes").code == 0


def test_what_is_for_the_targets_is_not_for_canaries(running_lab: Lab, heard: Heard) -> None:
    said = ("--auth", "me:s3cr3t", "--cookie", "a=b", "--header", "X-Key: 1", "--method", "POST", "--expect", "404")
    outcome = allup("check", f"{running_lab.base_url}/status/404", *said, "--canary", heard.url)
    assert outcome.code == 0
    assert heard.head.startswith("GET / HTTP/1.1")
    assert not {"authorization", "cookie", "x-key"} & set(heard.headers)


def test_one_word_of_a_canary_is_enough_for_a_host_that_is_down(heard: Heard, nobody: str) -> None:
    lines = "".join(f"{nobody}?{number}\n" for number in range(30))
    outcome = allup("check", "-", "--retries", "0", "--per-host", "1", "--canary", heard.url, stdin=lines)
    assert [fields[1] for fields in outcome.fields] == ["connect_refused"] * 30
    assert len(heard.heads) == 2


@pytest.mark.parametrize(
    ("canary", "complaint"),
    [
        ("https://u:s3cr3t@[x/", "bad IPv6 address"),
        ("https://u:s3cr3t@example.org/ exepct=1", "did you mean expect?"),
        ("ftp://example.org/", "--canary"),
        ("", "an empty one names nobody"),
        ('https://example.org/ header="Authorization: ${NOT_SET_AT_ALL}"', "NOT_SET_AT_ALL"),
    ],
)
def test_one_that_cannot_be_read_is_a_usage_error(canary: str, complaint: str) -> None:
    outcome = allup("check", "https://example.org/", "--canary", canary)
    assert outcome.code == 2
    assert complaint in outcome.complaint
    assert "s3cr3t" not in outcome.stderr
    assert outcome.stdout == ""


@pytest.mark.parametrize("secret", ["https://u:s3cr3t@a.test/", "https://a.test/ header='Authorization: s3cr3t'"])
def test_a_configuration_keeps_its_secret(secret: str) -> None:
    outcome = allup("config", "check", variables={"ALLUP_CANARY": secret})
    assert 'canary = ["${REDACTED}"]' in outcome.stdout
    assert "s3cr3t" not in outcome.stdout


def test_a_watch_knows_nothing_of_what_fails_while_no_canary_answers(nobody: str, tmp_path: Path) -> None:
    history = tmp_path / "urls.db"
    options = ("--every", "100ms", "--confirm-after", "1", "--history", history, "--canary", f"{nobody}canary")
    with started("watch", nobody, *options) as child:
        eventually(lambda: polls(history).get("unchecked", 0) > 2)
        child.terminate()
        assert child.wait() == 0
        assert child.stdout is not None
        assert child.stdout.read() == ""
    assert polls(history)["failed"] == 0


def polls(history: Path) -> dict[str, int]:
    """What the file has of the one target; nothing as long as it is being made, when to read it is an error."""
    shown = allup("history", history, "--format", "json")
    targets = shown.document["targets"] if shown.code == 0 else []
    its: dict[str, int] = targets[0]["polls"] if targets else {}
    return its
