"""`--dask`: real schedulers and workers on loopback, which die, and come again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from allup.cli.options.pace import parse_scheduler
from allup.lab.behaviour import WEB_SERVERS, Server
from allup.lab.catalogue import BEHAVIOURS
from allup.lab.server import Lab
from allup.run.dask.cluster import _install
from allup.version import __version__
from cli.driving import Outcome, allup, eventually, outcome_of, process, records, shell, started, variables
from cli.test_processes import fine, halted, hour_long, kinds, lasting, silent, url

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the workers are found in /proc")
slow = pytest.mark.slow
PATIENCE_S = 60
LOCAL = ("--dask", "local:2")


class Cluster:
    """A scheduler and its workers, each a process."""

    def __init__(self, stack: ExitStack, directory: Path) -> None:
        self._stack = stack
        self._directory = directory
        self.scheduler, self.port = self._begin(0)
        self.workers: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def restart(self) -> None:
        """Kill the scheduler, whose workers end with it, and begin again at the same address."""
        self.scheduler.kill()
        self.scheduler.wait(PATIENCE_S)
        for worker in self.workers:
            worker.wait(PATIENCE_S)
        self.scheduler, _ = self._begin(self.port)

    def work(self, count: int) -> None:
        for _ in range(count):
            arguments = ["dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1"]
            self.workers.append(self._run(*arguments, "--no-dashboard"))

    def _begin(self, port: int) -> tuple["subprocess.Popen[bytes]", int]:
        told = self._directory / f"scheduler-{time.monotonic_ns()}.json"
        arguments = ["dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--scheduler-file", str(told)]
        scheduler = self._run(*arguments, "--no-dashboard")
        eventually(lambda: told.exists() and b"tcp://" in told.read_bytes())
        (address,) = [word for word in told.read_text().split('"') if word.startswith("tcp://")][:1]
        return scheduler, int(address.rpartition(":")[2])

    def _run(self, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._directory,
            env=variables({"DASK_TEMPORARY_DIRECTORY": str(self._directory)}),
        )
        self._stack.callback(child.wait)
        self._stack.callback(child.kill)
        return child


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(stack, tmp_path)


def offspring(child: "subprocess.Popen[str]") -> list[int]:
    """Return the processes that `child` has started."""
    found = subprocess.run(["pgrep", "-P", str(child.pid)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def lives(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def rest_of(child: "subprocess.Popen[str]") -> Outcome:
    """Wait for `child`, whose stdout was read from already, and return what it came to since."""
    assert child.stdout is not None
    assert child.stderr is not None
    stdout, stderr = child.stdout.read(), child.stderr.read()
    return Outcome(code=child.wait(PATIENCE_S), stdout=stdout, stderr=stderr)


@contextmanager
def local(*arguments: str | Path) -> Iterator["subprocess.Popen[str]"]:
    """Start a check with local workers, in a group of its own, which are all over after the block."""
    with started("check", *arguments, *LOCAL, "-f", "jsonl") as child:
        pids: list[int] = []
        try:
            yield child
        finally:
            pids = offspring(child)
        eventually(lambda: not any(map(lives, pids)))


def test_a_cluster_gives_the_same_records_as_one_process(lab: Lab, listed: Path) -> None:
    wanted = [one for one in BEHAVIOURS if not {"flaky", "limited"} & set(one.path.split("/"))]
    listed.write_text("\n".join([*map(lab.line, wanted), *fine(lab, 40), "rubbish"]) + "\n")
    whole = allup("check", listed, "-f", "json", "--timeout", "1s")

    spread = process("check", listed, *LOCAL, "-f", "json", "--timeout", "1s", "--per-host", "3")

    assert (spread.code, spread.stderr) == (whole.code, "")
    told = [[lasting(record, "none") for record in one.document["results"]] for one in (spread, whole)]
    assert told[0] == told[1]
    for server in WEB_SERVERS:
        assert lab.stats.of(server).peak_in_flight <= 10  # what one process did


@slow
def test_the_limit_for_a_host_holds_over_all_workers(lab: Lab, listed: Path) -> None:
    lines = [f"{url(lab, server, '/latency/20ms')}?{number}" for number in range(150) for server in WEB_SERVERS]
    listed.write_text("\n".join(lines) + "\n")

    outcome = process("check", listed, *LOCAL, "--per-host", "4", "-q")

    assert (outcome.code, outcome.stderr) == (0, "")
    assert {lab.stats.of(server).peak_in_flight for server in WEB_SERVERS} == {4}


@contextmanager
def spread(cluster: Cluster, listed: Path) -> Iterator["subprocess.Popen[str]"]:
    """Check `listed` over two workers, slowly, as jsonl in the order of completion."""
    cluster.work(2)
    options = ("-f", "jsonl", "--order", "completion", "--per-host", "3", "--dask", cluster.address)
    with started("check", listed, *options) as child:
        yield child


class TestLosses:
    """What is lost is asked again elsewhere, and reported once."""

    @pytest.fixture
    def listed(self, lab: Lab, listed: Path) -> Path:
        lines = [f"{url(lab, server, '/latency/300ms')}?{number}" for number in range(40) for server in WEB_SERVERS]
        listed.write_text("\n".join(lines) + "\n")
        return listed

    def assert_every_target_is_told_once(
        self, child: "subprocess.Popen[str]", listed: Path, loss: Callable[[], object]
    ) -> None:
        """Bring about the `loss` once some are told."""
        assert child.stdout is not None
        known = "".join(child.stdout.readline() for _ in range(20))
        loss()
        outcome = rest_of(child)
        told = [*records(known), *outcome.records]
        assert sorted(record["line"] for record in told) == list(range(1, len(listed.read_text().splitlines()) + 1))
        assert kinds(told) == [None] * len(told)
        assert (outcome.code, outcome.stderr) == (0, "")

    @slow
    def test_a_worker_that_is_killed(self, cluster: Cluster, listed: Path) -> None:
        with spread(cluster, listed) as child:
            self.assert_every_target_is_told_once(child, listed, cluster.workers[0].kill)

    @slow
    def test_all_workers_that_are_killed_and_others_that_come(self, cluster: Cluster, listed: Path) -> None:
        def replace_all() -> None:
            for worker in cluster.workers:
                worker.kill()
            cluster.work(1)

        with spread(cluster, listed) as child:
            self.assert_every_target_is_told_once(child, listed, replace_all)

    @slow
    def test_a_scheduler_that_is_killed_and_begun_again(self, cluster: Cluster, listed: Path) -> None:
        def begin_again() -> None:
            cluster.restart()
            cluster.work(2)

        with spread(cluster, listed) as child:
            self.assert_every_target_is_told_once(child, listed, begin_again)

    @slow
    def test_a_local_worker_that_is_killed(self, listed: Path) -> None:
        with local(listed, "--order", "completion", "--per-host", "3") as child:
            self.assert_every_target_is_told_once(child, listed, lambda: os.kill(offspring(child)[-1], signal.SIGKILL))


class TestEnds:
    """A run ends early as with one process."""

    @slow
    @pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_a_signal_has_every_target_reported_once(
        self, lab: Lab, listed: Path, number: signal.Signals, code: int
    ) -> None:
        listed.write_text("\n".join([*fine(lab, 12), *silent(lab, 4), *fine(lab, 42)[12:]]) + "\n")
        with local(listed, "-c", "4", "--per-host", "4") as child:
            halted(lab, 4)
            for pid in (*(offspring(child) if number == signal.SIGINT else ()), child.pid):  # as on a terminal
                os.kill(pid, number)
            outcome = outcome_of(child)
        assert (outcome.code, outcome.stderr) == (code, "")
        assert [record["line"] for record in outcome.records] == list(range(1, 47))
        assert kinds(outcome.records)[12:16] == ["interrupted"] * 4
        assert {record["failure"]["phase"] for record in outcome.records[12:16]} == {"wait"}

    @slow
    def test_a_deadline_reaches_the_workers(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join([*fine(lab, 4), *silent(lab, 2), *hour_long(lab, 2)]) + "\n")
        with local(listed, "--deadline", "8s") as child:
            outcome = outcome_of(child)
        assert (outcome.code, outcome.stderr) == (3, "")
        assert kinds(outcome.records) == [None] * 4 + ["deadline"] * 4
        assert outcome.records[4]["failure"]["detail"] == "the deadline came while waiting for an answer"
        halted(lab, 0)

    @slow
    def test_a_run_goes_on_where_it_was_cut_off(self, lab: Lab, listed: Path, tmp_path: Path) -> None:
        listed.write_text("\n".join([*fine(lab, 12), *silent(lab, 1)]) + "\n")
        journal = tmp_path / "urls.journal"
        for told in ("", "12 results"):
            with local(listed, "--deadline", "8s", "--resume", journal) as child:
                outcome = outcome_of(child)
            assert outcome.code == 3
            assert told in outcome.stderr
            assert kinds(outcome.records) == [None] * 12 + ["deadline"]
        assert sum(lab.stats.of(server).requests for server in WEB_SERVERS) == 12

    @slow
    def test_the_first_failure_ends_it(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join([*silent(lab, 3), f"{lab.base_url}/status/404"]) + "\n")
        with local(listed, "--fail-fast") as child:
            outcome = outcome_of(child)
        assert (outcome.code, outcome.stderr) == (1, "")
        assert kinds(outcome.records) == ["interrupted"] * 3 + ["status"]

    @slow
    def test_workers_forget_a_run_that_was_killed(self, cluster: Cluster, lab: Lab, listed: Path) -> None:
        cluster.work(1)
        listed.write_text("\n".join(silent(lab, 2)) + "\n")
        with started("check", listed, "--dask", cluster.address) as child:
            halted(lab, 2)
            child.kill()
            outcome_of(child)
        halted(lab, 0)

    @slow
    def test_a_reader_that_goes_away_ends_it_quietly(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join([*fine(lab, 400), *silent(lab, 2)]) + "\n")
        outcome = shell("{ $allup check $list --dask local:2; echo $? >&2; } | head -n 1", list=str(listed))
        assert outcome.stderr == "0\n"
        assert outcome.stdout.startswith("ok\t200\t")


@slow
def test_a_scheduler_that_is_not_there_is_a_usage_error(lab: Lab) -> None:
    address = url(lab, Server.REFUSED, "").removeprefix("http://").rstrip("/")
    outcome = process("check", f"{lab.base_url}/ok", "--dask", address)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"allup: no Dask scheduler at {address}: ")


def test_without_dask_it_is_said_what_to_install(lab: Lab) -> None:
    without = "import sys; sys.modules['distributed'] = None; from allup.__main__ import main; main()"
    with started("check", f"{lab.base_url}/ok", *LOCAL, program=("-c", without)) as child:
        outcome = outcome_of(child)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == "allup: --dask needs Dask: pip install 'allup[dask]'\n"


def test_a_worker_of_another_version_is_not_used() -> None:
    worker = SimpleNamespace(handlers={})
    assert _install("0.0.0", worker) == f"it has allup {__version__}, and this is 0.0.0"
    assert worker.handlers == {}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--dask", "nowhere"), "is not the address of a scheduler"),
        (("--dask", "local:0"), "is not the address of a scheduler"),
        (("--dask", "local:many"), "is not the address of a scheduler"),
        ((*LOCAL, "--processes", "2"), "--dask has workers of its own: leave out --processes"),
        ((*LOCAL, "--rate", "5/s"), "with --dask, say --per-host-rate"),
        ((*LOCAL, "-c", "auto"), "with --dask, name the number for each worker"),
        ((*LOCAL, "--canary", "https://example.org"), "with --dask others ask"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(options: tuple[str, ...], said: str) -> None:
    outcome = allup("check", "https://example.org", *options)
    assert outcome.code == 2
    assert said in outcome.complaint


def test_local_is_a_worker_for_each_cpu_that_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2})
    assert parse_scheduler("local") == "local:3"
    assert parse_scheduler("tls://example.org:8786") == "tls://example.org:8786"
