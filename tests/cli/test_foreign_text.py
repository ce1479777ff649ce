"""What a list says is data in every format, and what is secret in it is said nowhere."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lab.behaviour import Server
from allup.lab.server import Lab
from allup.report.format import ReportFormat
from cli.driving import Outcome, allup, process

FORMATS = list(ReportFormat)
HOSTILE = [
    "\x1b[2J\x1b]0;owned\x07",
    "\x9b31mred",
    "[bold red]markup[/] [link=https://evil.example]here[/link]",
    "=HYPERLINK(0)",
    "::error::a workflow command",
    "a\u202egnp.exe",
    "tab\there",
]
SECRET = "hunter2-secret"


def everything(outcome: Outcome, *reports: Path) -> str:
    return outcome.stdout + outcome.stderr + "".join(report.read_text() for report in reports)


def is_harmless(text: str) -> bool:
    return not any(ord(one) < 0x20 or 0x7F <= ord(one) < 0xA0 or one in "\u202e\u2028" for one in text)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("terminal", [False, True])
def test_control_characters_of_a_list_reach_no_output(
    lab: Lab, listed: Path, tmp_path: Path, format_: str, *, terminal: bool
) -> None:
    listed.write_text(
        "".join(f"{text}\nhttp://[{text}/\n{lab.base_url}/status/404 name='{text}'\n" for text in HOSTILE)
    )
    report = tmp_path / "report"

    outcome = allup(
        *("check", listed, "-f", format_, "--color", "never", "--no-progress", "--report", f"{format_}={report}"),
        terminal=terminal,
    )

    assert outcome.code == 1
    for line in everything(outcome, report).split("\n"):
        assert is_harmless(line.replace("\t", " ") if format_ == "lines" else line), line
    if format_ == "lines":
        assert {len(fields) for fields in outcome.fields} == {5}


@pytest.mark.parametrize("text", [*HOSTILE, "two\n::error::lines", "a\u2028b"])
def test_names_of_files_are_data_in_messages(lab: Lab, tmp_path: Path, text: str) -> None:
    """A list that is not there, is another one, or has no target; and a journal that somebody else has made."""
    name = text.replace("/", "_")
    listed, journal = tmp_path / f"{name}.txt", tmp_path / f"{name}.journal"
    outcomes = [allup("check", listed)]
    listed.write_text("")
    outcomes.append(allup("check", listed))
    for target in ("ok", "ok?2"):
        listed.write_text(f"{lab.base_url}/status/404\n{lab.base_url}/{target}\n")
        outcomes.append(allup("check", listed, "--resume", journal, "--fail-fast", "--concurrency", "1"))
    outcomes.append(allup("check", f"{lab.base_url}/ok", "--resume", journal))

    assert [outcome.code for outcome in outcomes] == [2, 2, 1, 2, 2]
    for line in "".join(outcome.stderr for outcome in outcomes).splitlines():
        assert is_harmless(line), line
        assert line.startswith("allup: "), line


def test_names_come_back_from_json_as_they_went_in(lab: Lab, listed: Path) -> None:
    listed.write_text("".join(f"{lab.base_url}/ok?{at} name='{text}'\n" for at, text in enumerate(HOSTILE)))

    assert [record["name"] for record in allup("check", listed, "-f", "jsonl").records] == HOSTILE


def test_markup_is_shown_as_it_is_written(lab: Lab, listed: Path) -> None:
    text = "[bold]x[/bold][/]:smile:"
    listed.write_text(f"{lab.base_url}/ok name='{text}'\n")

    assert text in allup("check", listed, "-f", "table").stdout


@given(
    text=st.text(st.characters(exclude_characters="\n\r\x85\u2028\u2029\v\f\x1c\x1d\x1e", codec="utf-8"), max_size=40)
)
@settings(max_examples=25, deadline=None)
def test_any_line_is_one_line_of_five_fields_or_none(text: str) -> None:
    outcome = allup("check", "-", stdin=f"http://127.0.0.1:99999/{text}\n")

    assert len(outcome.stdout.splitlines()) == 1
    assert outcome.fields[0][:2] == ["failed", "invalid_target"]
    assert len(outcome.fields[0]) == 5


def test_bytes_that_are_not_utf_8_are_a_failed_line(lab: Lab, listed: Path) -> None:
    listed.write_bytes(f"{lab.base_url}/ok\n".encode() + b"http://caf\xe9.invalid/\n")

    outcome = process("check", str(listed), "-f", "json")

    assert outcome.code == 1
    assert [record["verdict"] for record in outcome.document["results"]] == ["ok", "failed"]


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("terminal", [False, True])
def test_passwords_are_never_printed(lab: Lab, listed: Path, tmp_path: Path, format_: str, *, terminal: bool) -> None:
    with_password = lab.base_url.replace("http://", f"http://user:{SECRET}@")
    listed.write_text(
        f"{with_password}/ok\n"
        f"{with_password}/status/404\n"
        f"{with_password}/redirect/1 expect=404\n"
        f"{with_password}/ok nonsense=1\n"
        f"http://user:{SECRET}@127.0.0.1:99999/\n"
        f"user:{SECRET}@example\n"
        f"ftp://user:{SECRET}@example.org/\n"
    )
    report = tmp_path / "report"

    outcome = allup(
        *("check", listed, f"{with_password}/status/500", "-f", format_, "--report", f"{format_}={report}"),
        *("-H", f"Authorization: Basic {SECRET}", "-H", f"Cookie: session={SECRET}", "--retries", "0"),
        terminal=terminal,
    )

    assert outcome.code == 1
    assert SECRET not in everything(outcome, report)
    assert lab.stats.of(Server.ONE).requests >= 4


def test_a_password_is_sent_all_the_same(lab: Lab) -> None:
    url = lab.base_url.replace("http://", "http://user:secret@")

    (record,) = allup("check", f"{url}/ok", "-f", "jsonl").records

    assert record["verdict"] == "ok"
    assert record["url"] == f"{url}/ok".replace(":secret", "")


@pytest.mark.parametrize("command", ["check", "compare"])
@pytest.mark.parametrize("argument", [f"user:{SECRET}@host", f"u:{SECRET}@h.txt", f"http:user:{SECRET}@h"])
def test_an_argument_that_is_refused_keeps_its_password(command: str, argument: str) -> None:
    outcome = allup(command, argument)

    assert outcome.code in (1, 2)
    assert SECRET not in everything(outcome)


def test_a_password_after_two_slashes_is_a_password() -> None:
    outcome = allup("check", f"//user:{SECRET}@host/x.txt", stdin=f"//user:{SECRET}@host/x\n")
    piped = allup("check", "-", stdin=f"//user:{SECRET}@host/x\n")

    assert SECRET not in everything(outcome) + everything(piped)


@pytest.mark.parametrize("arguments", [[f"https://u:{SECRET}@h/"], ["check", "-c", f"https://u:{SECRET}@h/"]])
def test_a_url_in_the_wrong_place_keeps_its_password(arguments: list[str]) -> None:
    outcome = allup(*arguments)

    assert outcome.code == 2
    assert SECRET not in everything(outcome)


def test_a_header_that_is_refused_keeps_its_value(lab: Lab) -> None:
    outcome = allup("check", f"{lab.base_url}/ok", "-H", f"Authorization {SECRET}")

    assert outcome.code == 2
    assert SECRET not in everything(outcome)


@pytest.mark.parametrize("format_", ["table", "json", "markdown", "csv", "html"])
def test_a_comparison_prints_no_password(lab: Lab, format_: str) -> None:
    url = lab.base_url.replace("http://", f"http://user:{SECRET}@")

    outcome = allup("compare", f"{url}/latency/50ms", "-f", format_)

    assert outcome.code == 0
    assert SECRET not in everything(outcome)


def test_json_stays_json_whatever_the_list_holds(listed: Path) -> None:
    listed.write_text("".join(f"http://[{text}\n" for text in HOSTILE))

    document = json.loads(allup("check", listed, "-f", "json").stdout)

    assert len(document["results"]) == len(HOSTILE)
