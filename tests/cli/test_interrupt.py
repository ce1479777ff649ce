"""Ctrl-C and SIGTERM: what is known is reported, every target once; a second signal ends it at once."""

import fcntl
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
from cli.driving import PATIENCE_S, Outcome, eventually, outcome_of, records, started

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
FINE, HELD, WAITING, CAP = 20, 10, 30, 10


@pytest.fixture
def urls(lab: Lab, listed: Path) -> Path:
    """A list in the middle of which everything comes to a halt."""
    silent = lab.url(named("silent"))
    lines = [f"{lab.base_url}/ok?{number}" for number in range(FINE)]
    lines += [f"{silent}?{number} timeout=1h" for number in range(HELD)]
    lines += [f"{lab.base_url}/ok?later-{number}" for number in range(WAITING)]
    listed.write_text("\n".join(lines) + "\nno url\n")
    return listed


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "urls.txt")


def come_to_a_halt(lab: Lab) -> None:
    eventually(lambda: lab.stats.of(Server.SILENT).in_flight == HELD)


def waiting_in(pipe: IO[str] | None) -> int:
    """Return how many bytes are in `pipe`, which nobody has read yet."""
    assert pipe is not None
    (count,) = struct.unpack("i", fcntl.ioctl(pipe.fileno(), termios.FIONREAD, bytes(4)))
    return int(count)


def stall(child: subprocess.Popen[str]) -> None:
    """Wait until `child` has begun to write to a stdout that nobody reads, and can write no more."""
    levels = [0]

    def stands_still() -> bool:
        time.sleep(0.1)
        levels.append(waiting_in(child.stdout))
        return levels[-1] == levels[-2] > 0

    eventually(stands_still)


def interrupted(lab: Lab, arguments: list[str | Path], *signals: signal.Signals) -> Outcome:
    with started(*arguments) as child:
        come_to_a_halt(lab)
        for number in signals:
            child.send_signal(number)
        return outcome_of(child)


@pytest.mark.parametrize("order", ["list", "completion"])
@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_every_target_is_reported_once_whatever_came_of_it(
    lab: Lab, urls: Path, tmp_path: Path, number: signal.Signals, code: int, *, order: str
) -> None:
    report = tmp_path / "report.jsonl"

    outcome = interrupted(
        lab, ["check", urls, "-c", str(CAP), "-f", "jsonl", "--order", order, "--report", f"jsonl={report}"], number
    )

    assert outcome.code == code
    assert outcome.stderr == ""
    told = records(report.read_text())
    assert told == outcome.records
    assert sorted(record["line"] for record in told) == list(range(1, FINE + HELD + WAITING + 2))
    if order == "list":
        assert [record["line"] for record in told] == sorted(record["line"] for record in told)
    by_line = sorted(told, key=lambda record: record["line"])
    kinds = [record["failure"] and record["failure"]["kind"] for record in by_line]
    assert kinds == [None] * FINE + ["interrupted"] * HELD + ["not_started"] * WAITING + ["invalid_target"]
    assert [record["verdict"] for record in by_line] == (["ok"] * FINE + ["unchecked"] * (HELD + WAITING) + ["failed"])
    assert left_behind(tmp_path) == ["report.jsonl"]


@pytest.mark.parametrize(("format_", "wanted"), [("table", "40 unchecked of 61"), ("json", '"unchecked":40')])
def test_the_summary_of_an_interrupted_run_counts_what_was_left(
    lab: Lab, urls: Path, format_: str, wanted: str
) -> None:
    outcome = interrupted(lab, ["check", urls, "-c", str(CAP), "-f", format_], signal.SIGINT)

    assert outcome.code == 130
    assert wanted in outcome.stdout


def silent_list(lab: Lab, count: int, length: int) -> str:
    """Return lines whose URLs have some `length` and are never answered."""
    silent = lab.url(named("silent"))
    return "".join(f"{silent}?{number}-{'x' * length} timeout=1h\n" for number in range(count))


@pytest.mark.parametrize("more", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_second_signal_ends_it_at_once_and_leaves_no_report(
    lab: Lab, listed: Path, tmp_path: Path, number: signal.Signals, code: int, *, more: signal.Signals
) -> None:
    listed.write_text(silent_list(lab, count=30, length=50_000))  # more than a pipe that nobody reads can take
    with started("check", listed, "-c", str(HELD), "--report", f"jsonl={tmp_path / 'report.jsonl'}") as child:
        come_to_a_halt(lab)
        child.send_signal(number)
        stall(child)
        assert left_behind(tmp_path) != []
        child.send_signal(more)
        child.wait(PATIENCE_S)

    assert child.returncode == code
    assert left_behind(tmp_path) == []


def test_a_second_signal_ends_a_long_list_too(lab: Lab, listed: Path) -> None:
    listed.write_text(silent_list(lab, count=1_000, length=2_000))
    with started("check", listed, "-c", str(HELD)) as child:
        come_to_a_halt(lab)
        child.send_signal(signal.SIGINT)
        stall(child)
        child.send_signal(signal.SIGINT)
        child.wait(PATIENCE_S)

    assert child.returncode == 130


def test_a_reader_that_stalls_at_the_end_does_not_hold_up_an_interrupt(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text(silent_list(lab, count=100, length=2_000))  # more than a pipe takes, less than allup keeps
    report = tmp_path / "report.jsonl"
    with started("check", listed, "-c", str(HELD), "--report", f"jsonl={report}") as child:
        come_to_a_halt(lab)
        child.send_signal(signal.SIGINT)
        child.wait(PATIENCE_S)
        assert child.stderr is not None
        said = child.stderr.read()

    assert child.returncode == 130
    assert said == "allup: cannot write standard output: nobody reads it\n"
    assert len(records(report.read_text())) == 100


def test_a_reader_that_stalls_early_does_not_hold_up_an_interrupt(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text(silent_list(lab, count=1_000, length=2_000))
    report = tmp_path / "report.jsonl"
    with started("check", listed, "-c", str(HELD), "--report", f"jsonl={report}") as child:
        come_to_a_halt(lab)
        child.send_signal(signal.SIGINT)
        child.wait(PATIENCE_S)

    assert child.returncode == 130
    assert len(records(report.read_text())) == 1_000


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_second_signal_at_the_very_end_leaves_no_temporary_file(
    lab: Lab, listed: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    listed.write_text(silent_list(lab, count=100, length=2_000))
    with started("check", listed, "-c", str(HELD), "--report", f"jsonl={tmp_path / 'report.jsonl'}") as child:
        come_to_a_halt(lab)
        child.send_signal(number)
        stall(child)  # all is reported, and the reader gets a second to read it
        child.send_signal(number)
        child.wait(PATIENCE_S)
        assert child.stderr is not None
        said = child.stderr.read()

    assert child.returncode == code
    assert "Traceback" not in said
    assert left_behind(tmp_path) in ([], ["report.jsonl"])


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_an_interrupt_goes_before_failures_and_usage(
    lab: Lab, urls: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()

    outcome = interrupted(lab, ["check", empty, f"{lab.base_url}/status/500", urls, "-c", str(CAP + 1)], number)

    assert outcome.code == code
    assert f"{empty}: there is no target in it" in outcome.stderr


def test_a_pipe_that_is_still_open_does_not_hold_up_an_interrupt(lab: Lab, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    with started("check", "--report", f"jsonl={report}", stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{lab.base_url}/ok\n")
        child.stdin.flush()
        first = child.stdout.readline()
        child.send_signal(signal.SIGINT)
        code = child.wait(PATIENCE_S)

    assert first.startswith("ok\t200\t")
    assert code == 130
    assert [record["verdict"] for record in records(report.read_text())] == ["ok"]


@pytest.mark.parametrize(("number", "code"), SIGNALS)
@pytest.mark.parametrize("command", ["check", "compare"])
def test_an_interrupt_before_the_first_target_reports_nothing(command: str, number: signal.Signals, code: int) -> None:
    with started(command, "-f", "json", stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        child.stdin.write("# nothing yet\n")
        child.stdin.flush()
        eventually(lambda: waiting_in(child.stdin) == 0)
        child.send_signal(number)
        child.wait(PATIENCE_S)
        outcome = outcome_of(child)

    assert (outcome.code, outcome.stdout, outcome.stderr) == (code, "", "")


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_comparison_shows_the_rows_that_it_has(lab: Lab, urls: Path, number: signal.Signals, code: int) -> None:
    urls.write_text("".join(f"{lab.base_url}/latency/60ms?{at}\n" for at in range(10)))
    warm_up_and_two_rows = 21

    with started("compare", urls, "-c", "2", "--rounds", "1000", "-f", "json") as child:
        eventually(lambda: lab.stats.total.requests > warm_up_and_two_rows)
        child.send_signal(number)
        outcome = outcome_of(child)

    assert outcome.code == code
    assert [row["strategy"] for row in outcome.document["rows"]] == ["sequential", "gather"]
    assert [len(row["wall_s_rounds"]) for row in outcome.document["rows"]] == [1, 1]


def test_a_comparison_without_a_row_prints_none(lab: Lab, urls: Path) -> None:
    with started("compare", urls, "-f", "json") as child:
        eventually(lambda: lab.stats.of(Server.SILENT).in_flight == 1)
        child.send_signal(signal.SIGINT)
        outcome = outcome_of(child)

    assert (outcome.code, outcome.stdout, outcome.stderr) == (130, "", "")
