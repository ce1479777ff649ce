"""The benchmark in its short form: every tool gets every answer. What it takes is not looked at."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer import BadParameter

from bench.origins.origins import Server, site
from bench.tools.allup import Allup
from bench.tools.client import Client
from bench.tools.tool import Invocation, Job
from bench.turns import NotDoneError, in_turns
from bench.works import WORKS, Key

BENCH = Path(__file__).parent


def bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, BENCH, *arguments], capture_output=True, text=True, check=False)


def test_every_tool_gets_every_answer_of_every_work(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    short = ["--rounds", "1", "--scale", "0.003", "--server", "python", "--markdown", "--json", str(figures)]
    tools = ["bare", "allup", *(["curl"] if shutil.which("curl") else [])]
    ran = bench(*short, "--tools", ",".join(tools), "A", "B", "C", "D", "E")
    assert (ran.returncode, ran.stderr) == (0, "")
    samples = json.loads(figures.read_text("utf-8"))
    works = zip("ABCDE", [60, 6, 6, 6, 6], strict=True)
    expected = [(work, tool, urls) for work, urls in works for tool in tools]
    assert [(one["work"], one["tool"], one["urls"]) for one in samples] == expected
    assert ran.stdout.count("| allup |") == 5
    assert ran.stdout.count("| ideal schedule |") == 2


def test_what_is_not_there_is_an_error_before_anything_is_measured(tmp_path: Path) -> None:
    assert "wget: not among bare, raw, allup" in bench("A", "--tools", "bare,wget").stderr
    with pytest.raises(BadParameter, match="no checkout of allup"):
        Allup.of(tmp_path)


def test_another_checkout_and_further_options_are_tools_of_their_own(tmp_path: Path) -> None:
    job = Job(urls=["http://127.0.0.1:1/"], page="", concurrency=7, ca_file=tmp_path / "ca.pem", directory=tmp_path)
    root = BENCH.parent.parent
    assert Allup.of(root).name == f"allup of {root.name}"
    assert Allup.of(root).invocation(job).variables == {"PYTHONPATH": str(root / "src")}
    assert list(Allup.with_options("--retries 0").invocation(job).command)[-3:-1] == ["--retries", "0"]


def test_allup_is_measured_with_what_an_earlier_run_of_its_own_took(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    short = ["--rounds", "2", "--scale", "0.003", "--server", "python", "--json", str(figures)]
    ran = bench(*short, "--tools", "allup", "--slowest-first", "D")
    assert (ran.returncode, ran.stderr) == (0, "")
    names = [one["tool"] for one in json.loads(figures.read_text("utf-8"))]
    assert names.count("slowest first") == names.count("completion") == 2
    assert "ideal, slowest first" in ran.stdout


def test_the_origins_can_be_kept_to_look_at_one_tool_alone(tmp_path: Path) -> None:
    arguments = ["E", "--scale", "0.001", "--server", "python", "--serve", str(tmp_path)]
    with subprocess.Popen([sys.executable, BENCH, *arguments], stderr=subprocess.PIPE, text=True) as kept:
        assert kept.stderr
        assert "Ctrl-C" in kept.stderr.readline()
        asked = Client(name="bare").invocation(
            Job(
                urls=(tmp_path / "urls.txt").read_text("ascii").split(),
                page="",
                concurrency=2,
                ca_file=tmp_path / "ca.pem",
                directory=tmp_path,
            )
        )
        assert subprocess.run(asked.command, capture_output=True, text=True, check=True).stdout == "200 2\n"
        kept.terminate()
    assert kept.returncode == 0


@dataclass(frozen=True, slots=True)
class Flawed:
    """A tool that does something else than what it is asked to."""

    code: str
    claims: int
    name: str = "flawed"
    asks: bool = True

    def invocation(self, job: Job) -> Invocation:
        return Invocation([sys.executable, "-I", "-S", "-c", self.code, job.urls[0]])

    def answers(self, stdout: Path) -> int:
        assert stdout.exists()
        return self.claims


ASKS_ONCE = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()"


@pytest.mark.parametrize(
    ("flaw", "told"),
    [
        (Flawed(ASKS_ONCE, claims=2), "got 2 answers with 200, and the origins gave 1, of 2"),
        (Flawed(ASKS_ONCE, claims=1), "got 1 answers with 200, and the origins gave 1, of 2"),
        (Flawed("raise SystemExit('out of order')", claims=0), "ended with 1, .*out of order"),
    ],
)
def test_a_tool_that_did_not_get_every_answer_ends_the_benchmark(flaw: Flawed, told: str, tmp_path: Path) -> None:
    work = WORKS[Key.A].scaled(0.0001)
    with site(work, Server.PYTHON, tmp_path) as at, pytest.raises(NotDoneError, match=told):
        list(in_turns(work, at, [flaw], rounds=1, concurrency=10, directory=tmp_path))
