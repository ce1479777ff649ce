"""A run against an earlier one: what is new decides, and what a user is told of the rest."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from allup.lab.server import Lab
from allup.model.clock import Clock
from cli.driving import Outcome, allup

UP, DOWN, AWAY = "/ok", "/status/404", "/status/503"


def listing(lab: Lab, listed: Path, *paths: str) -> Path:
    """Write a list; each line is a name, a path of the lab, and options."""
    lines = (path.partition(" ") for path in paths)
    listed.write_text("".join(f"{lab.base_url}{path} name={name} retries=0\n" for name, _, path in lines))
    return listed


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    return tmp_path / "earlier.jsonl"


def with_verdicts(lab: Lab, earlier: Path, **verdicts: str) -> None:
    """Write what an earlier run of these names said, in which each had the URL that it has now."""
    paths = {"up": UP, "down": DOWN, "away": AWAY}
    records: list[dict[str, Any]] = []
    for name, told in verdicts.items():
        path, verdict = told.split()
        failure = {"kind": "status"} if verdict == "failed" else {"kind": "local"} if verdict == "unchecked" else None
        records.append({"url": f"{lab.base_url}{paths[path]}", "name": name, "verdict": verdict, "failure": failure})
    earlier.write_text("".join(json.dumps(one) + "\n" for one in records))


def changes(outcome: Outcome) -> dict[str, str]:
    return {one["name"]: one["baseline"]["change"] for one in outcome.records}


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_the_same_run_again_fails_on_nothing_new(lab: Lab, listed: Path, tmp_path: Path, form: str) -> None:
    listing(lab, listed, f"a {UP}", f"b {DOWN}")
    kept = tmp_path / "kept"
    first = allup("check", listed, "-q", "--report", f"{form}={kept}")
    again = allup("check", listed, "-f", "jsonl", "--baseline", kept, "--fail-on", "new", "--report", f"{form}={kept}")
    assert (first.code, again.code, again.stderr) == (1, 0, "")
    assert changes(again) == {"a": "same", "b": "still_failed"}
    assert allup("check", listed, "-q", "--baseline", kept).code == 1
    assert "baseline" in kept.read_text()


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        ({"a": "down failed"}, [f"a {DOWN}"], 0),
        ({"a": "down ok"}, [f"a {DOWN}"], 1),
        ({"a": "down flaky"}, [f"a {DOWN}"], 1),
        ({"a": "down unchecked"}, [f"a {DOWN}"], 1),
        ({"x": "up ok"}, [f"a {DOWN}"], 1),
        ({"x": "up ok"}, [f"a {UP}"], 0),
        ({"a": "up failed"}, [f"a {UP}"], 0),
        ({"a": "down failed", "b": "away ok"}, [f"a {DOWN} group=g", f"b {AWAY} group=g"], 1),
        ({"a": "down failed", "b": "away failed"}, [f"a {DOWN} group=g", f"b {AWAY} group=g"], 0),
        ({"a": "down failed"}, [f"a {DOWN} group=g", f"b {AWAY} group=g"], 0),
        ({"x": "up ok"}, [f"a {DOWN} group=g", f"b {AWAY} group=g"], 1),
        ({"a": "down ok"}, [f"a {DOWN} group=g", f"b {UP} group=g"], 0),
    ],
)
def test_only_what_the_baseline_does_not_have_decides(
    lab: Lab, tmp_path: Path, before: dict[str, str], now: list[str], code: int
) -> None:
    earlier, listed = tmp_path / "earlier.jsonl", tmp_path / "urls.txt"
    with_verdicts(lab, earlier, **before)
    listing(lab, listed, *now)
    assert allup("check", listed, "--baseline", earlier, "--fail-on", "new").code == code
    assert allup("check", listed, "--baseline", earlier, "--fail-on", "new", "--order", "completion").code == code


def test_the_table_and_the_summary_tell_of_it(lab: Lab, listed: Path, earlier: Path) -> None:
    with_verdicts(lab, earlier, a="down ok", b="up failed", c="away failed", left="up ok")
    listing(lab, listed, f"a {DOWN}", f"b {UP}", f"c {AWAY}", f"d {UP}")
    outcome = allup("check", listed, "--baseline", earlier, "-f", "table", "--color", "never", columns=120)
    assert "What changed\n1 broke      a (http" in outcome.stdout
    assert "1 recovered  b (http" in outcome.stdout
    assert "1 gone       left (http" in outcome.stdout
    assert "1 broke, 1 recovered, 1 failed as before, 1 new, 1 gone since the baseline" in outcome.stdout


def test_a_failure_that_is_known_ends_no_run_early(lab: Lab, listed: Path, earlier: Path) -> None:
    with_verdicts(lab, earlier, a="down failed", b="away ok")
    listing(lab, listed, f"a {DOWN}", f"b {AWAY}", *(f"n{number} {UP}" for number in range(5)))
    told = ["--baseline", str(earlier), "--fail-on", "new", "--fail-fast", "-c", "1", "-f", "jsonl"]
    outcome = allup("check", listed, *told)
    assert [one["verdict"] for one in outcome.records] == ["failed", "failed"] + ["unchecked"] * 5
    assert outcome.code == 1


def test_a_baseline_that_breaks_off_is_used_as_far_as_it_goes_and_that_is_told(
    lab: Lab, listed: Path, earlier: Path
) -> None:
    listing(lab, listed, f"a {DOWN}", f"b {DOWN}")
    allup("check", listed, "-q", "--report", f"jsonl={earlier}")
    earlier.write_text(earlier.read_text()[:-100])
    outcome = allup("check", listed, "-f", "jsonl", "--baseline", earlier, "--fail-on", "new")
    assert changes(outcome) == {"a": "still_failed", "b": "new"}
    assert outcome.code == 1
    assert f"{earlier}:2: the baseline breaks off here: compared is with the record before" in outcome.stderr


@pytest.mark.parametrize("text", ["", "no report\n", '{"schema": "allup.compare/1", "results": []}\n'])
def test_what_is_no_report_is_an_error_before_anybody_is_asked(lab: Lab, earlier: Path, text: str) -> None:
    earlier.write_text(text)
    outcome = allup("check", f"{lab.base_url}/ok", "--baseline", earlier)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert f"allup: {earlier}" in outcome.stderr
    assert "--baseline takes what" in outcome.stderr
    assert lab.stats.total.requests == 0
    missing = allup("check", f"{lab.base_url}/ok", "--baseline", earlier.with_name("none"))
    assert (missing.code, "none: No such file" in missing.stderr) == (2, True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (bytes(range(256)) * 9, "no report of allup: it is no JSON;"),
        (b"urls\nand more\n", "no report of allup: it is no JSON;"),
        (b"%PDF-1.7\n", "no report of allup: it is a PDF;"),
        (b"\x1f\x8b\x08\0", "no report of allup: it is packed by gzip, and has to be unpacked;"),
        (b'{"schema": "allup.check/1", "results": [}', "no JSON behind element 0;"),
    ],
)
def test_what_is_no_report_is_told_for_what_it_is(lab: Lab, earlier: Path, content: bytes, told: str) -> None:
    earlier.write_bytes(content)
    outcome = allup("check", f"{lab.base_url}/ok", "--baseline", earlier)
    assert (outcome.code, outcome.stderr.startswith(f"allup: {earlier}: {told} --baseline takes what")) == (2, True)


def test_what_is_left_out_is_not_gone(lab: Lab, listed: Path, earlier: Path) -> None:
    with_verdicts(lab, earlier, a="down ok", b="up failed", left="up ok")
    listing(lab, listed, f"a {DOWN}", f"b {UP}")
    for more, gone in ([], 1), (["--exclude", "/ok"], 0), (["--include", "/ok"], 1):
        outcome = allup("check", listed, "--baseline", earlier, "-f", "json", *more)
        assert outcome.document["summary"]["baseline"]["gone"] == gone


def test_the_deadline_counts_while_the_baseline_is_read(
    lab: Lab, listed: Path, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_verdicts(lab, earlier, a="up ok")
    listing(lab, listed, f"a {UP}")
    really, times = time.monotonic, [0.0]
    monkeypatch.setattr("allup.cli.run_check._read", lambda *_: times.__setitem__(0, 600.0))
    monkeypatch.setattr("allup.cli.run_check.Clock", lambda: Clock(monotonic=lambda: really() + times[0]))
    outcome = allup("check", listed, "--baseline", earlier, "--deadline", "5m", "-f", "jsonl")
    assert [one["failure"]["kind"] for one in outcome.records] in (["deadline"], ["not_started"])


def test_what_is_new_is_not_known_without_a_baseline(lab: Lab, tmp_path: Path) -> None:
    outcome = allup("check", f"{lab.base_url}/ok", "--fail-on", "new")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "--fail-on new compares with an earlier report: name it with --baseline" in outcome.complaint
    (tmp_path / "allup.toml").write_text('[check]\nfail-on = "new"\n')
    configured = allup("check", f"{lab.base_url}/ok", directory=tmp_path)
    assert configured.code == 2
    assert "fail-on is set by" in configured.complaint


def test_both_may_be_configured(lab: Lab, tmp_path: Path, earlier: Path) -> None:
    with_verdicts(lab, earlier, a="down failed")
    (tmp_path / "allup.toml").write_text('[check]\nfail-on = "new"\nbaseline = "earlier.jsonl"\n')
    line = f"{lab.base_url}{DOWN} name=a"
    assert allup("check", "-", stdin=line, directory=tmp_path).code == 0
    assert allup("check", "-", stdin=line, variables={"ALLUP_BASELINE": str(earlier)}).code == 1
    variables = {"ALLUP_BASELINE": str(earlier), "ALLUP_FAIL_ON": "new"}
    assert allup("check", "-", stdin=line, variables=variables).code == 0


def test_a_url_is_compared_as_it_is_printed_without_its_password(lab: Lab, listed: Path, earlier: Path) -> None:
    listed.write_text(f"{lab.base_url.replace('//', '//me:s3cr3t@')}{DOWN}\n")
    allup("check", listed, "-q", "--report", f"jsonl={earlier}")
    outcome = allup("check", listed, "-f", "jsonl", "--baseline", earlier, "--fail-on", "new")
    assert outcome.code == 0
    assert "s3cr3t" not in outcome.stdout + earlier.read_text()


def test_what_a_baseline_says_is_only_text(lab: Lab, earlier: Path) -> None:
    url = "https://x/\x1b[2J::error::\n<b>"
    earlier.write_text(json.dumps({"url": url, "name": "\x1b]0;owned\x07", "verdict": "ok", "failure": None}) + "\n")
    for form in ("table", "markdown", "github", "json", "junit", "prometheus"):
        outcome = allup("check", f"{lab.base_url}/ok", "--baseline", earlier, "-f", form, columns=100)
        assert outcome.code == 0
        assert "\x1b" not in outcome.stdout
        assert not any(line.lstrip().startswith("::error") for line in outcome.stdout.splitlines())
