"""The embedded internet: served until it is stopped, and shown to newcomers."""

import re
import signal
import socket
import time
from pathlib import Path

import pytest

from allup.cli import run_demo
from allup.lab.catalogue import BEHAVIOURS
from allup.lab.profiles import compare_list
from allup.lab.server import Lab
from cli.driving import allup, on_terminal, outcome_of, process, started

SHORT_DEMO_SCRIPT = """
from allup.cli import run_demo
from allup.cli.main import run
whole = run_demo.compare_list
run_demo.compare_list = lambda lab: whole(lab)[-4:]
run()
"""
SHORT_DEMO = ("-c", SHORT_DEMO_SCRIPT)
SERVES = re.compile(r"serves at (http://127\.0\.0\.1:([0-9]+));")
ROW = re.compile(r"\w+ +\d+ +[\d.]+m?s")
SIGNALS = [signal.SIGINT, signal.SIGTERM]
CODES = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


def compare_a_few(lab: Lab) -> list[str]:
    return compare_list(lab)[-4:]


@pytest.fixture
def short_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the comparison of a demo in this process a short one."""
    monkeypatch.setattr(run_demo, "compare_list", compare_a_few)


@pytest.mark.parametrize("number", SIGNALS)
def test_the_lab_prints_a_list_that_check_reads_and_ends_well(listed: Path, number: signal.Signals) -> None:
    with started("lab") as lab:
        assert lab.stdout is not None
        assert lab.stderr is not None
        said = SERVES.search(lab.stderr.readline())
        lines = [lab.stdout.readline()]
        while not lines[-1].startswith("http://127.0.0.1:99999"):
            lines.append(lab.stdout.readline())
        listed.write_text("".join(lines))
        summary = allup("check", listed, "-f", "json", "--no-dedupe").document["summary"]
        lab.send_signal(number)
        ended = outcome_of(lab)

    assert said is not None
    assert said[1] in listed.read_text()
    assert summary["targets"] == len(BEHAVIOURS)
    assert summary["failed"] == sum(one.kind is not None for one in BEHAVIOURS)
    assert summary["kinds"]["invalid_target"] == 1
    assert (ended.code, ended.stdout, ended.stderr) == (0, "", "")


def test_the_lab_has_the_port_that_was_asked_for() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]

    with started("lab", "--port", str(port)) as lab:
        assert lab.stderr is not None
        assert f"http://127.0.0.1:{port};" in lab.stderr.readline()
        lab.send_signal(signal.SIGINT)
        assert outcome_of(lab).code == 0


def test_a_port_that_is_taken_is_a_usage_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = allup("lab", "--port", str(taken.getsockname()[1]))

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "the lab cannot be served" in outcome.stderr


def test_the_lab_serves_on_when_its_list_was_read_in_part() -> None:
    with started("lab") as lab:
        assert lab.stdout is not None
        assert lab.stderr is not None
        lab.stdout.close()
        said = SERVES.search(lab.stderr.readline())
        assert said is not None
        outcome = allup("check", f"{said[1]}/ok")
        lab.send_signal(signal.SIGTERM)
        lab.wait(10)

    assert outcome.code == 0
    assert lab.returncode == 0


def test_the_demo_shows_what_concurrency_buys_and_what_can_go_wrong() -> None:
    began_at = time.monotonic()

    outcome = process("demo", COLUMNS="140")

    assert time.monotonic() - began_at < 15
    assert (outcome.code, outcome.stderr) == (0, "")
    assert "\x1b" not in outcome.stdout
    rows = {line.split()[0]: line.split() for line in outcome.stdout.splitlines() if ROW.match(line)}
    assert list(rows) == ["sequential", "gather", "wait", "taskgroup"]
    efficiency, *_ = (int(figure.rstrip("%")) for figure in rows["taskgroup"] if figure.endswith("%"))
    assert efficiency >= 70  # 90 and more on a machine that has nothing else to do
    for word in ("read_timeout", "connect_refused", "dns", "invalid_target", "too_many_redirects", "Next: allup check"):
        assert word in outcome.stdout


@pytest.mark.usefixtures("short_demo")
def test_the_demo_looks_on_a_terminal_as_its_commands_do() -> None:
    outcome = allup("demo", "--color", "never", terminal=True, columns=120)

    assert outcome.code == 0
    assert "7 ok, 1 flaky, 12 failed of 20" in outcome.stdout
    assert "sequential -c 1" in outcome.stderr
    assert "/20" in outcome.stderr


@pytest.mark.usefixtures("short_demo")
def test_the_demo_can_do_without_progress() -> None:
    outcome = allup("demo", "--no-progress", terminal=True)

    assert (outcome.code, outcome.stderr) == (0, "")


@pytest.mark.parametrize(("number", "code"), CODES)
def test_the_demo_can_be_interrupted_while_it_compares(number: signal.Signals, code: int) -> None:
    with on_terminal(["demo"]) as screen:
        screen.read_until("sequential -c 1")
        screen.child.send_signal(number)
        rest = screen.rest()

    assert screen.child.returncode == code
    assert "allup check:" not in rest
    assert "Traceback" not in rest


@pytest.mark.parametrize(("number", "code"), CODES)
def test_the_demo_can_be_interrupted_while_it_checks(number: signal.Signals, code: int) -> None:
    with on_terminal(["demo"], program=SHORT_DEMO) as screen:
        screen.read_until("/20")
        screen.child.send_signal(number)
        rest = screen.rest()

    assert screen.child.returncode == code
    assert "Next:" not in rest
    assert "unchecked" in rest


def test_a_demo_on_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("w") as full, on_terminal(["demo"], stdout=full.fileno(), program=SHORT_DEMO) as screen:
        text = screen.rest()

    assert "Traceback" not in text
    assert "cannot write standard output" in text
    assert screen.child.returncode == 2


def test_a_demo_that_nobody_reads_any_more_is_exit_0() -> None:
    with started("demo", program=SHORT_DEMO) as demo:
        assert demo.stdout is not None
        demo.stdout.readline()
        demo.stdout.close()
        demo.wait(20)

    assert demo.returncode == 0
