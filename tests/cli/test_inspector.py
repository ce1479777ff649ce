"""What is going on right now: told on stderr for a signal, and below the progress bar."""

import fcntl
import re
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path
from typing import IO

import pytest

from allup.lab.behaviour import Server
from allup.lab.catalogue import named
from allup.lab.server import Lab
from cli.driving import PATIENCE_S, eventually, on_terminal, outcome_of, records, started

ASKING = [getattr(signal, name) for name in ("SIGUSR1", "SIGQUIT", "SIGINFO") if hasattr(signal, name)]
TURN = re.compile(
    r"  (?P<task>allup-worker-\d+)  [\d.]+m?s  attempt (?P<attempt>\d+)  (?P<doing>[a-zA-Z ]+)  (?P<url>http\S+)"
)
ERASED = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def waiting_in(pipe: IO[str] | None) -> int:
    """Return how many bytes are in `pipe`, which nobody has read yet."""
    assert pipe is not None
    (count,) = struct.unpack("i", fcntl.ioctl(pipe.fileno(), termios.FIONREAD, bytes(4)))
    return int(count)


def told(child: "subprocess.Popen[str]", number: signal.Signals) -> list[str]:
    """Send the signal and return the lines that it brings about."""
    child.send_signal(number)
    assert child.stderr is not None
    first = child.stderr.readline()
    count = int(first.split()[0])
    return [first.rstrip("\n"), *(child.stderr.readline().rstrip("\n") for _ in range(count))]


@pytest.mark.parametrize("number", ASKING)
def test_a_signal_has_everything_in_flight_told(lab: Lab, listed: Path, number: signal.Signals) -> None:
    silent = lab.url(named("silent"))
    listed.write_text(f"{lab.base_url}/latency/1h timeout=1h\n{silent} timeout=1h\n{lab.base_url}/ok\n")
    with started("check", listed) as child:
        eventually(lambda: lab.stats.total.in_flight == 2)
        eventually(lambda: lab.stats.of(Server.ONE).requests == 2)
        time.sleep(0.2)
        first, *turns = told(child, number)
        child.send_signal(signal.SIGTERM)
        child.send_signal(signal.SIGTERM)
        child.wait(PATIENCE_S)

    assert first == "2 in flight"
    seen = [TURN.fullmatch(line) for line in turns]
    assert [one and one["url"] for one in seen] == [f"{lab.base_url}/latency/1h", silent]
    assert {one and one["doing"] for one in seen} == {"waiting for an answer"}
    assert {one and one["attempt"] for one in seen} == {"1"}
    assert len({one and one["task"] for one in seen}) == 2


@pytest.mark.parametrize("number", ASKING)
def test_it_changes_nothing_else(lab: Lab, listed: Path, tmp_path: Path, number: signal.Signals) -> None:
    listed.write_text("".join(f"{lab.base_url}/latency/50ms?{at}\n" for at in range(100)))
    report = tmp_path / "report.jsonl"
    with started("check", listed, "-f", "jsonl", "-c", "5", "--report", f"jsonl={report}") as child:
        for requests in (5, 20, 60):
            eventually(lambda wanted=requests: lab.stats.total.requests >= wanted)  # type: ignore[misc]
            child.send_signal(number)
        outcome = outcome_of(child)

    assert outcome.code == 0
    assert [record["line"] for record in outcome.records] == list(range(1, 101))
    assert records(report.read_text()) == outcome.records
    assert outcome.stderr.count(" in flight\n") == 3


def test_a_host_that_is_paused_is_told(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.base_url}/limited/{time.time()}/5s\n{lab.base_url}/latency/1h timeout=1h\n")
    with started("check", listed) as child:
        eventually(lambda: lab.stats.total.requests == 2 and lab.stats.total.in_flight == 1)
        time.sleep(0.2)
        lines = told(child, signal.SIGUSR1)
        assert child.stderr is not None
        lines += [child.stderr.readline() for _ in range(2)]
        child.kill()

    assert lines[0] == "1 in flight"
    assert lines[2] == "1 hosts paused\n"
    host = lab.base_url.removeprefix("http://")
    assert re.fullmatch(rf"  {re.escape(host)}  asked to wait, [34](\.\d)?s left\n", lines[3])


def test_the_attempt_is_told(lab: Lab) -> None:
    silent = lab.url(named("silent"))
    with started("check", silent, "--timeout", "300ms", "--retries", "100") as child:
        eventually(lambda: lab.stats.of(Server.SILENT).requests >= 3)
        attempts: list[str] = []
        while not attempts:
            _, *turns = told(child, signal.SIGUSR1)
            attempts += [match["attempt"] for match in map(TURN.fullmatch, turns) if match]
            time.sleep(0.01)
        child.kill()

    assert int(attempts[0]) >= 3


def test_a_password_is_never_told(lab: Lab) -> None:
    url = lab.url(named("silent")).replace("http://", "http://user:hunter2-secret@")
    with started("check", url, "-H", "Authorization: Bearer hunter2-secret", "--timeout", "1h") as child:
        eventually(lambda: lab.stats.of(Server.SILENT).in_flight == 1)
        lines = told(child, signal.SIGUSR1)
        child.send_signal(signal.SIGINT)
        child.send_signal(signal.SIGTERM)
        rest = outcome_of(child)

    assert "127.0.0.1" in lines[1]
    assert "hunter2" not in "".join(lines) + rest.stdout + rest.stderr


def test_what_waits_for_a_pipe_has_nothing_in_flight() -> None:
    with started("check", stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        child.stdin.write("# nothing yet\n")
        child.stdin.flush()
        eventually(lambda: waiting_in(child.stdin) == 0)
        lines = told(child, signal.SIGUSR1)
        child.kill()

    assert lines == ["0 in flight"]


def plain(text: str) -> str:
    return ERASED.sub("", text)


def test_a_terminal_shows_what_takes_longest_below_the_bar(lab: Lab, listed: Path) -> None:
    silent = lab.url(named("silent"))
    listed.write_text("".join(f"{silent}?{at} timeout=1h\n" for at in range(5)))
    with on_terminal(["check", listed]) as screen:
        text = plain(screen.read_until("/?2"))
        screen.interrupt()
        rest = screen.rest()

    frame = text[text.rindex(" in flight") :]
    assert re.search(rf"1(\.\d)?s  waiting for an answer  {re.escape(silent)}\?0\n", frame)
    assert [f"?{at}" in frame for at in range(5)] == [True, True, True, False, False]
    assert "waiting for an answer  " not in plain(rest[rest.rindex("verdict") :])
    assert screen.child.returncode == 130


def test_what_takes_less_than_a_second_is_not_shown(lab: Lab, listed: Path) -> None:
    listed.write_text("".join(f"{lab.base_url}/latency/400ms?{at}\n" for at in range(30)))
    with on_terminal(["check", listed]) as screen:
        text = screen.rest()

    assert screen.child.returncode == 0
    assert "waiting for an answer" not in text


def test_a_long_url_takes_one_line_of_the_terminal(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.url(named('silent'))}?{'x' * 500} timeout=1h\n")
    with on_terminal(["check", listed], columns=60) as screen:
        text = plain(screen.read_until("…"))
        screen.interrupt()
        screen.rest()

    lines = [line for line in text.splitlines() if "waiting" in line and "\u2026" in line]
    assert lines
    assert max(map(len, lines)) <= 60


def test_a_signal_on_a_terminal_is_told_above_the_bar(lab: Lab, listed: Path) -> None:
    silent = lab.url(named("silent"))
    listed.write_text("".join(f"{silent}?{at} timeout=1h\n" for at in range(2)))
    with on_terminal(["check", listed]) as screen:
        screen.read_until("/?1")
        screen.child.send_signal(signal.SIGUSR1)
        text = plain(screen.read_until("allup-worker-2") + screen.read_until("0/2"))
        screen.interrupt()
        rest = screen.rest()

    assert re.search(r"^2 in flight$", text, re.MULTILINE)
    assert len([line for line in text.splitlines() if line.startswith("  allup-worker-")]) == 2
    assert "2 unchecked of 2 in" in plain(rest)
