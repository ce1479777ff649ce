"""What the command imports: nothing that it does not use, since imports are what a short run consists of."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from allup.cli.commands import Commands
from allup.lab.server import Lab
from cli.driving import PATIENCE_S, variables

HEAVY: Final = {
    "aiodns",
    "aiohttp",
    "aiohttp.web",
    "defusedxml",
    "distributed",
    "ijson",
    "importlib.metadata",
    "jsonpath_rfc9535",
    "lxml",
    "markdown_it",
    "prometheus_client",
    "pydantic",
    "regex",
    "rich",
    "sqlite3",
    "tomllib",
    "uvloop",
}
"""What is only for those who need it."""
SCRIPT: Final = """
import json, sys
before = {*sys.modules}  # a tool that measures coverage has imports of its own
from allup.cli.main import run

imported = []
for arguments in json.loads(sys.argv[1]):
    sys.argv[1:] = arguments
    try:
        run()
    except SystemExit as end:
        imported.append([end.code or 0, *(sys.modules.keys() - before)])
with open("imported.json", "w", encoding="utf-8") as file:
    json.dump(imported, file)
"""


def imported(directory: Path, *commands: Sequence[str]) -> list[tuple[int, set[str]]]:
    """Run `commands` one after the other in one process: the exit code of each, and all that is imported by then."""
    subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(commands)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=PATIENCE_S,
        env=variables(),
        cwd=directory,
    )
    ends = json.loads((directory / "imported.json").read_text("utf-8"))
    return [(code, set(modules)) for code, *modules in ends]


def test_a_command_imports_nothing_that_it_does_not_use(lab: Lab, tmp_path: Path) -> None:
    url = f"{lab.base_url}/ok"
    course: list[tuple[list[str], int, set[str], set[str]]] = [
        # what is run, how it ends, what of the heavy ones and what of our own it is the first to need
        (["--version"], 0, set(), set()),
        (["schema"], 0, set(), {"schema"}),
        (["list", url], 0, {"uvloop"}, {"list_", "run_list"}),
        (["check", url, "-f", "jsonl"], 0, {"aiohttp", "aiodns"}, {"check", "run_check"}),
        (["check", url, "-c", "5", "-e", "2xx", "--retry-on", "5xx", "-q"], 0, set(), set()),
        (["compare", url, "-f", "json"], 0, set(), {"compare", "run_compare"}),
        (["watch", "nowhere.txt"], 2, set(), {"watch", "run_watch"}),
        (["race", url], 0, {"rich"}, {"race", "run_race"}),
        (["wait", url], 0, set(), {"wait", "run_wait"}),
        (["history", "nowhere.db"], 2, {"sqlite3"}, {"history", "run_history"}),
        (["merge", "nowhere.json"], 2, set(), {"merge", "run_merge"}),
    ]
    ours = {f"allup.cli.{name}" for _, _, _, names in course for name in names}
    needed: set[str] = set()

    ends = imported(tmp_path, *(arguments for arguments, *_ in course))

    for (arguments, code, heavy, own), (ended, modules) in zip(course, ends, strict=True):
        needed |= heavy | {f"allup.cli.{name}" for name in own}
        assert ended == code, arguments
        assert (modules & (HEAVY | ours)) - needed == set(), arguments


def test_only_who_resumes_compares_or_leaves_the_number_open_waits_for_that(lab: Lab, tmp_path: Path) -> None:
    url = f"{lab.base_url}/ok"
    (tmp_path / "last.jsonl").write_text(json.dumps({"url": url, "verdict": "ok"}) + "\n")
    rooms = {"allup.run.journal.journal", "allup.run.baseline.baseline", "allup.run.adaptive.governor"}
    check = ["check", url, "-q"]
    more: list[list[str]] = [[], ["--resume", "journal"], ["--baseline", "last.jsonl"], ["-c", "auto"]]

    ends = imported(tmp_path, *([*check, *one] for one in more))

    assert [(code, len(modules & rooms)) for code, modules in ends] == [(0, 0), (0, 1), (0, 2), (0, 3)]


def test_help_imports_nothing_that_runs(tmp_path: Path) -> None:
    ends = imported(tmp_path, ["--help"], *([name, "-h"] for name in Commands()))

    for code, modules in ends:
        assert code == 0
        assert {name for name in modules if name.startswith("allup.cli.run_")} == set()
        assert modules & HEAVY <= {"rich", "markdown_it"}
