"""`--processes`: all is as with one, but who asks."""

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from allup.cli.options.pace import parse_processes
from allup.lab.behaviour import WEB_SERVERS, Behaviour, Server
from allup.lab.catalogue import BEHAVIOURS, named
from allup.lab.server import Lab
from allup.model.shard import shard_of
from cli.driving import Outcome, allup, eventually, outcome_of, process, records, shell, started

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the workers are found in /proc")

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
TWO = ("--processes", "2")
TELLING = """
import atexit, sys
atexit.register(lambda: print([one for one in sys.modules if "allup.run.processes" in one], file=sys.stderr))
from allup.__main__ import main
main()
"""
_TIMED = ("started_at", "elapsed_ms", "timings_ms")


def workers(child: "Popen[str]") -> dict[str, int]:
    """Return the pids of the workers of `child` by their names."""
    pids = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    return {Path(f"/proc/{pid}/comm").read_text().strip(): int(pid) for pid in pids}


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def two_workers(*arguments: str | Path) -> Iterator[tuple["Popen[str]", list[int]]]:
    """Start a check with two workers, which are over after the block."""
    with started("check", *arguments, *TWO) as child:
        eventually(lambda: set(workers(child)) == {"allup-worker-1", "allup-worker-2"})
        pids = [pid for _, pid in sorted(workers(child).items())]
        try:
            yield child, pids
            eventually(lambda: not any(map(runs, pids)))
        finally:
            for pid in filter(runs, pids):
                os.kill(pid, signal.SIGKILL)


def url(lab: Lab, server: Server, path: str) -> str:
    return lab.url(Behaviour(name="", about="", path=path, server=server))


def silent(lab: Lab, count: int) -> list[str]:
    return [f"{lab.url(named('silent'))}?{number} timeout=1h" for number in range(count)]


def fine(lab: Lab, count: int) -> list[str]:
    return [url(lab, WEB_SERVERS[number % len(WEB_SERVERS)], f"/ok?{number}") for number in range(count)]


def hour_long(lab: Lab, count: int) -> list[str]:
    return [f"{url(lab, Server.ONE, '/latency/1h')}?{number} timeout=1h" for number in range(count)]


def halted(lab: Lab, count: int, server: Server = Server.SILENT) -> None:
    eventually(lambda: lab.stats.of(server).in_flight == count)


def kinds(told: Sequence[dict[str, Any]]) -> list[str | None]:
    return [record["failure"] and record["failure"]["kind"] for record in told]


def lasting(record: dict[str, Any], run: str) -> dict[str, Any]:
    """Return what of `record` is the same in every run."""
    lasting = {key: value for key, value in record.items() if key not in _TIMED}
    if kinds([record]) == ["reset"]:  # that is heard of while connecting, or when it is asked: as it happens
        lasting["failure"] = record["failure"] | {"phase": None, "detail": None}
        lasting["address"] = None
    text = json.dumps(lasting)
    return dict(json.loads(re.sub(r"took [\d.]+m?s", "took a while", text.replace(run, "list"))))


def test_one_list_gives_the_same_records_with_any_number_of_processes(lab: Lab, tmp_path: Path) -> None:
    runs_ = {"first-run": "1", "second-run": "2", "third-run": "3"}
    with ExitStack() as stack:
        children = {}
        for run, count in runs_.items():
            lines = [re.sub(r"(/(?:flaky|limited)/)list\b", rf"\1{run}", lab.line(one)) for one in BEHAVIOURS]
            listed = tmp_path / run
            listed.write_text("\n".join(lines) + "\n")
            children[run] = stack.enter_context(started("check", listed, "-f", "jsonl", "--processes", count))
        outcomes = {run: outcome_of(child) for run, child in children.items()}

    told = [[lasting(record, run) for record in outcome.records] for run, outcome in outcomes.items()]
    assert [record["line"] for record in told[0]] == list(range(1, len(BEHAVIOURS) + 1))
    assert told[1] == told[0]
    assert told[2] == told[0]
    assert {(outcome.code, outcome.stderr) for outcome in outcomes.values()} == {(1, "")}


def test_where_threads_run_already_workers_are_started_afresh(lab: Lab, listed: Path) -> None:
    lines = fine(lab, 40)
    listed.write_text("\n".join([*lines, f"{lab.base_url}/page contains=Welcome matches=v[a-z]+n.[0-9]"]))

    outcome = allup("check", listed, *TWO, "-f", "jsonl")

    assert (outcome.code, outcome.stderr) == (0, "")
    assert [record["url"] for record in outcome.records[:-1]] == lines


class TestWorkersThatDie:
    """What they had in hand is nobody's fault, and the others go on."""

    def test_one_that_is_killed_takes_nothing_along_but_what_it_had_in_hand(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join([*fine(lab, 8), *hour_long(lab, 2), *fine(lab, 40)[8:]]))
        place = shard_of(url(lab, Server.ONE, "").removeprefix("http://").rstrip("/"), 2)

        with two_workers(listed, "-f", "jsonl", "--per-host", "2", "--order", "completion") as (child, pids):
            assert child.stdout is not None
            known = "".join(child.stdout.readline() for _ in range(32))  # all but those of the first server
            os.kill(pids[place], signal.SIGKILL)
            outcome = outcome_of(child)

        assert (outcome.code, outcome.stderr) == (3, "")
        told = sorted([*records(known), *outcome.records], key=lambda record: record["line"])
        assert [record["line"] for record in told] == list(range(1, 43))
        assert kinds(told) == [None] * 8 + ["local"] * 2 + [None] * 32
        failure = told[8]["failure"]
        assert failure["detail"] == "the process that asked it was killed by signal 9"
        assert (failure["certainty"], told[8]["verdict"]) == ("local", "unchecked")
        assert failure["hint"]

    def test_where_none_is_left_the_rest_is_unchecked(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join([*hour_long(lab, 2), *silent(lab, 1), *fine(lab, 40)]))

        with two_workers(listed, "-f", "jsonl", "-c", "3") as (child, pids):
            halted(lab, 2, Server.ONE)
            halted(lab, 1)
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            outcome = outcome_of(child)

        assert (outcome.code, outcome.stderr) == (3, "")
        assert [record["line"] for record in outcome.records] == list(range(1, 44))
        assert kinds(outcome.records) == ["local"] * 43
        assert "no process is left" in outcome.records[-1]["failure"]["detail"]

    def test_what_went_with_one_may_be_asked_by_the_run_that_goes_on(
        self, lab: Lab, listed: Path, tmp_path: Path
    ) -> None:
        listed.write_text("\n".join([*fine(lab, 8), *hour_long(lab, 2)]))
        place = shard_of(url(lab, Server.ONE, "").removeprefix("http://").rstrip("/"), 2)
        journal = tmp_path / "journal"

        with two_workers(listed, "-f", "jsonl", "--resume", journal) as (child, pids):
            halted(lab, 2, Server.ONE)
            eventually(lambda: journal.read_bytes().count(b"\n") == 9)
            os.kill(pids[place], signal.SIGKILL)
            outcome = outcome_of(child)

        keeps = f"allup: {journal} keeps 8 results: the same command goes on from there\n"
        assert (outcome.code, outcome.stderr) == (3, keeps)


class TestEnds:
    """A run ends early as with one process."""

    @pytest.mark.parametrize(("number", "code"), SIGNALS)
    def test_a_signal_to_all_of_them_has_every_target_reported_once(
        self, lab: Lab, listed: Path, number: signal.Signals, code: int
    ) -> None:
        listed.write_text("\n".join([*fine(lab, 12), *silent(lab, 4), *fine(lab, 42)[12:]]))

        with two_workers(listed, "-f", "jsonl", "-c", "4") as (child, pids):
            halted(lab, 4)
            for pid in (*pids, child.pid):  # as Ctrl-C does on a terminal
                os.kill(pid, number)
            outcome = outcome_of(child)

        assert (outcome.code, outcome.stderr) == (code, "")
        assert [record["line"] for record in outcome.records] == list(range(1, 47))
        assert kinds(outcome.records) == [None] * 12 + ["interrupted"] * 4 + ["not_started"] * 30
        assert {record["failure"]["phase"] for record in outcome.records[12:16]} == {"wait"}

    def test_a_second_signal_ends_it_at_once(self, lab: Lab, listed: Path, tmp_path: Path) -> None:
        listed.write_text("\n".join(silent(lab, 4)))

        with two_workers(listed, "--grace", "1h", "--report", f"jsonl={tmp_path / 'report.jsonl'}") as (child, _):
            halted(lab, 4)
            child.send_signal(signal.SIGINT)
            time.sleep(0.1)  # two at once are one
            child.send_signal(signal.SIGINT)
            outcome = outcome_of(child)

        assert (outcome.code, outcome.stderr) == (130, "")
        assert [path.name for path in tmp_path.iterdir()] == ["urls.txt"]

    def test_a_deadline_says_what_was_under_way(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join([*fine(lab, 4), *silent(lab, 2), *fine(lab, 6)[4:]]))

        with two_workers(listed, "-f", "jsonl", "-c", "2", "--deadline", "1s") as (child, _):
            outcome = outcome_of(child)

        assert (outcome.code, outcome.stderr) == (3, "")
        assert kinds(outcome.records) == [None] * 4 + ["deadline"] * 2 + ["not_started"] * 2
        assert outcome.records[4]["failure"]["detail"] == "the deadline came while waiting for an answer"

    def test_the_first_failure_ends_it_where_that_is_wanted(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join([*silent(lab, 3), f"{lab.base_url}/status/404", *silent(lab, 9)[3:]]))

        with two_workers(listed, "-f", "jsonl", "-c", "4", "--fail-fast") as (child, _):
            outcome = outcome_of(child)

        assert (outcome.code, outcome.stderr) == (1, "")
        assert kinds(outcome.records) == ["interrupted"] * 3 + ["status"] + ["not_started"] * 6

    def test_a_reader_that_goes_away_ends_it_quietly(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join([*fine(lab, 400), *silent(lab, 2)]))

        outcome = shell("{ $allup check $list --processes 2; echo $? >&2; } | head -n 1", list=str(listed))

        assert outcome.stderr == "0\n"
        assert outcome.stdout.startswith("ok\t200\t")

    def test_a_parent_that_is_killed_leaves_nobody_behind(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join(silent(lab, 2)))

        with two_workers(listed) as (child, _):
            halted(lab, 2)
            child.kill()
            outcome = outcome_of(child)  # its pipes end with it

        assert outcome.code == -signal.SIGKILL
        halted(lab, 0)


def test_an_inspection_says_what_is_under_way_and_harms_nobody(lab: Lab, listed: Path) -> None:
    listed.write_text("\n".join([*silent(lab, 1), *hour_long(lab, 1)]))

    with two_workers(listed, "--grace", "0") as (child, pids):
        halted(lab, 1)
        halted(lab, 1, Server.ONE)
        assert child.stderr is not None
        turns = [""]
        while not all("waiting for an answer" in turn for turn in turns):
            for pid in (*pids, child.pid):
                os.kill(pid, signal.SIGUSR1)
            assert child.stderr.readline() == "2 in flight\n"
            turns = [child.stderr.readline() for _ in range(2)]
        child.send_signal(signal.SIGINT)
        outcome = outcome_of(child)

    assert outcome.code == 130


def test_what_cannot_be_opened_is_told_once_as_with_one_process(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    arguments = ("check", f"{lab.base_url}/ok", "--ca-file", tmp_path / "ca.pem")

    one, two = process(*arguments), process(*arguments, *TWO)

    assert (two.code, two.stdout, two.stderr) == (2, "", one.stderr)
    assert two.stderr.startswith("allup: cannot use the certificates of")


def test_one_process_knows_nothing_of_others(lab: Lab) -> None:
    with started("check", f"{lab.base_url}/ok", program=("-c", TELLING)) as child:
        outcome = outcome_of(child)

    assert (outcome.code, outcome.stderr) == (0, "[]\n")


@pytest.mark.parametrize("value", ["0", "257", "-1", "many", "1.5", ""])
def test_a_number_of_processes_that_is_none_is_a_usage_error(value: str) -> None:
    outcome: Outcome = allup("check", "https://example.org", "--processes", value)

    assert outcome.code == 2
    assert "is neither auto nor a number from 1 to 256" in outcome.complaint


@pytest.mark.parametrize(("cpus", "expected"), [({0}, 1), ({0, 3, 7}, 3), (set(range(1000)), 256)])
def test_auto_is_one_for_each_cpu_that_may_be_used(
    monkeypatch: pytest.MonkeyPatch, cpus: set[int], expected: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: cpus)

    assert parse_processes("auto") == expected


def test_a_number_of_processes_may_be_configured(tmp_path: Path) -> None:
    (tmp_path / "allup.toml").write_text("[check]\nprocesses = 3\n")

    assert "processes = 3" in allup("config", directory=tmp_path).stdout
