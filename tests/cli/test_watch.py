"""A watch tells what changes until it is stopped, and leaves a history that can be read whatever ended it."""

import json
import re
import signal
import sqlite3
import subprocess
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from allup.cli.environment import Color, Environment
from allup.cli.options.watch import Address
from allup.cli.watch_output import WatchOutput
from allup.lab.server import Lab
from allup.model.history import History
from allup.model.state import State
from allup.model.usage import UsageError
from allup.report.history.reader import read_history
from allup.report.transition_format import TransitionFormat
from cli.driving import PATIENCE_S, allup, eventually, on_terminal, outcome_of, records, started

FAST = ("--every", "100ms")
FOREVER = 4e9
"""Seconds since the epoch, far from now."""


def said(child: subprocess.Popen[str], lines: int) -> list[list[str]]:
    """The fields of the next lines."""
    assert child.stdout is not None
    return [child.stdout.readline().rstrip("\n").split("\t") for _ in range(lines)]


def kept(path: Path) -> History | None:
    """What the history says by now; None as long as there is none."""
    try:
        return read_history(path, now=FOREVER)
    except UsageError:
        return None


def polls(path: Path) -> int:
    history = kept(path)
    return 0 if history is None else sum(one.ok + one.failed for one in history.targets)


def states(path: Path) -> list[State]:
    history = kept(path)
    return [] if history is None else [one.state for one in history.targets]


def test_records_go_to_standard_output_and_to_the_command_until_the_reader_goes_away(lab: Lab, tmp_path: Path) -> None:
    url = f"{lab.base_url}/flaky/command/2"
    told = tmp_path / "told"

    with started(
        *("watch", url, *FAST, "--confirm-after", "2", "-f", "jsonl"), "--on-change", f"cat >> {told}; exit 7"
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        lines = [json.loads(child.stdout.readline()) for _ in range(2)]
        complaint = child.stderr.readline()
        eventually(lambda: told.exists() and told.read_text().count("\n") == 2)
        child.stdout.close()
        assert child.wait(PATIENCE_S) == 0

    assert [(one["from"], one["to"], one["url"]) for one in lines] == [("unknown", "down", url), ("down", "up", url)]
    assert records(told.read_text()) == lines
    assert complaint == f"allup: --on-change: exit code 7 ({url}, unknown to down)\n"


def test_metrics_health_and_what_is_in_flight_are_told_until_sigterm(lab: Lab) -> None:
    slow = f"{lab.base_url}/latency/30s"
    with started("watch", f"{lab.base_url}/ok", slow, *FAST, "--timeout", "1h", "--metrics", ":0") as child:
        assert child.stderr is not None
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+/metrics", child.stderr.readline())
        said(child, 1)
        metrics = urllib.request.urlopen(url, timeout=PATIENCE_S).read().decode()
        health = urllib.request.urlopen(url.replace("metrics", "healthz"), timeout=PATIENCE_S)
        assert (health.status, health.read()) == (200, b"ok\n")
        with pytest.raises(urllib.error.HTTPError, match="404") as missing:
            urllib.request.urlopen(url.replace("metrics", ""), timeout=PATIENCE_S)
        missing.value.close()
        eventually(lambda: lab.stats.total.in_flight >= 1)
        child.send_signal(signal.SIGUSR1)
        assert child.stderr.readline().endswith(" in flight\n")
        child.send_signal(signal.SIGTERM)
        assert outcome_of(child).code == 0

    assert f'allup_up{{url="{lab.base_url}/ok"}} 1.0\n' in metrics


def test_a_change_is_a_line_and_a_killed_watch_leaves_a_history_that_is_gone_on_from_until_ctrl_c(
    lab: Lab, listed: Path, tmp_path: Path
) -> None:
    file = tmp_path / "history.db"
    mended, down = f"{lab.base_url}/flaky/watch/3", f"{lab.base_url}/status/404"
    listed.write_text(f"{mended}\n{down}\nnot a url\n")
    arguments = ("watch", listed, *FAST, "--confirm-after", "2", "--history", file)

    with started(*arguments) as child:
        changes = said(child, 4)
        eventually(lambda: states(file) == ["up", "down"])
        child.kill()
    before = kept(file)
    with started(*arguments) as child:
        count = polls(file)
        eventually(lambda: polls(file) > count)
        child.send_signal(signal.SIGINT)
        outcome = outcome_of(child)

    assert changes[0][1:5] == ["unknown", "down", "invalid_target", "not a url"]
    assert [fields[1:] for fields in changes if fields[4] == mended] == [
        ["unknown", "down", "503", mended, "503 Service Unavailable, expected 200-299"],
        ["down", "up", "200", mended, ""],
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", fields[0]) for fields in changes)
    after = kept(file)
    assert before is not None
    assert after is not None
    assert [(one.state, one.since) for one in after.targets] == [(one.state, one.since) for one in before.targets]
    assert (outcome.code, len(outcome.fields), outcome.stderr) == (0, 1, "")
    shown = allup("history", file, "--format", "json").document
    assert [(one["url"], one["state"]) for one in shown["targets"]] == [(mended, "up"), (down, "down")]
    assert [len(one["incidents"]) for one in shown["targets"]] == [1, 1]


@pytest.mark.slow
def test_it_can_be_read_whenever_the_watch_is_killed(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    reached = 0
    for moment in range(25):
        with started("watch", f"{lab.base_url}/ok", *FAST, "--history", file) as child:
            # From before the file is made up to a good second after, when the second batch is written.
            try:
                child.wait(timeout=0.1 + moment * 0.07)
            except subprocess.TimeoutExpired:
                child.kill()
        count = polls(file)
        assert count >= reached
        reached = count
        if file.exists() and file.stat().st_size:
            assert allup("history", file, "-f", "csv").code in (0, 2)
    assert reached > 0


def test_a_terminal_gets_a_dashboard_and_the_changes_above_it(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok name=home\n{lab.base_url}/status/404\n")

    with on_terminal(["watch", listed, *FAST]) as screen:
        seen = screen.read_until("1 up · 1 down")
        screen.interrupt()
        rest = screen.rest()

    assert screen.child.returncode == 0
    assert "availability" in seen
    assert "✗ down" in seen
    assert "\x1b[?25h" in rest


@pytest.mark.parametrize(
    ("where", "options", "dashboard", "lines"),
    [
        ({"terminal": True}, {}, True, False),
        ({"terminal": True}, {"progress": False}, False, True),
        ({"terminal": True}, {"format": TransitionFormat.LINES}, False, True),
        ({"terminal": True, "pipe": True}, {}, False, True),
        ({}, {}, False, True),
    ],
)
def test_a_change_is_told_once_wherever_standard_output_leads(
    where: dict[str, bool], options: dict[str, Any], *, dashboard: bool, lines: bool
) -> None:
    nothing = {"format": None, "on_change": None, "metrics": None, "history": None, "progress": True}
    output = WatchOutput(**{"keep_s": 1.0, "color": Color.AUTO, **nothing, **options})
    environment = environment_of(**where)

    assert (output.shows_dashboard(environment), output.writes_lines(environment)) == (dashboard, lines)


def environment_of(*, terminal: bool = False, pipe: bool = False) -> Environment:
    return replace(
        Environment.of_process(),
        stdout_is_terminal=terminal and not pipe,
        stdout_is_pipe=pipe,
        stderr_is_terminal=terminal,
    )


@pytest.mark.parametrize(
    ("arguments", "culprit"),
    [
        (["--every", "1ms"], "too short"),
        (["--every", "soon"], "not a duration"),
        (["--confirm-after", "0"], "--confirm-after"),
        (["--metrics", "here"], "not HOST:PORT"),
        (["--metrics", ":70000"], "not HOST:PORT"),
        (["--keep", "0d"], "out of range"),
        (["--history", "/"], "no history that can be used"),
        (["--history", __file__], "no history that can be used"),
        (["--format", "table"], "table"),
        (["--retries", "3"], "--retries"),
        (["--exclude", "."], "nothing is left"),
    ],
)
def test_what_makes_no_sense_is_named_before_anybody_is_asked(lab: Lab, arguments: list[str], culprit: str) -> None:
    outcome = allup("watch", f"{lab.base_url}/ok", *arguments)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert culprit in outcome.complaint
    assert lab.stats.total.requests == 0


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (":9000", "127.0.0.1:9000"),
        ("9000", "127.0.0.1:9000"),
        ("0.0.0.0:80", "0.0.0.0:80"),
        ("localhost:0", "localhost:0"),
        ("[::1]:9000", "[::1]:9000"),
    ],
)
def test_metrics_are_on_loopback_unless_a_host_is_named(text: str, address: str) -> None:
    assert str(Address.parse(text)) == address


def test_an_address_that_is_taken_is_named(lab: Lab) -> None:
    outcome = allup("watch", f"{lab.base_url}/ok", "--metrics", lab.base_url.removeprefix("http://"))

    assert outcome.code == 2
    assert "cannot serve there" in outcome.stderr


def test_a_list_without_a_target_is_no_watch(listed: Path) -> None:
    listed.write_text("not a url\n")

    assert allup("watch", listed).code == 2


@pytest.mark.slow
def test_a_history_that_cannot_be_written_any_more_is_told_and_the_watch_goes_on(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    with started("watch", f"{lab.base_url}/ok", *FAST, "--history", file) as child:
        eventually(lambda: polls(file) > 0)
        with closing(sqlite3.connect(file, timeout=PATIENCE_S)) as other:
            other.execute("DROP TABLE poll")
        assert child.stderr is not None
        told = child.stderr.readline()
        count = lab.stats.total.requests
        eventually(lambda: lab.stats.total.requests > count + 5)
        child.send_signal(signal.SIGTERM)
        outcome = outcome_of(child)

    assert told == f"allup: cannot write {file}: no such table: poll; the watch goes on\n"
    assert outcome.code == 2
    assert re.fullmatch(
        rf"allup: \d+ polls are missing from {re.escape(str(file))}: no such table: poll\n", outcome.stderr
    )


@pytest.mark.slow
def test_an_interrupt_before_anything_is_watched_is_no_success() -> None:
    with started("watch", stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        child.stdin.write("# nothing yet\n")
        child.stdin.flush()
        assert child.stderr is not None
        eventually(lambda: is_reading(child.pid))
        child.send_signal(signal.SIGTERM)
        assert child.wait(PATIENCE_S) == 143


def is_reading(pid: int) -> bool:
    """Whether the process handles SIGTERM by its event loop, which it does once it reads."""
    return "eventpoll" in " ".join(
        path.readlink().name for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()
    )


def test_a_file_that_is_no_history_is_named(tmp_path: Path) -> None:
    outcome = allup("history", tmp_path / "none.db")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == f"allup: {tmp_path / 'none.db'}: no such file\n"


def test_states_have_names_that_scripts_may_count_on() -> None:
    assert list(State) == ["up", "down", "unknown"]
