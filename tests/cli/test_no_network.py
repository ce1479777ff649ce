"""A machine whose network goes away, or has never had all of it: a network namespace of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.driving import PATIENCE_S, Outcome, variables

LAB = "http://127.0.0.1:8765"
VANISHING = Path(__file__).with_name("vanishing.py")
APART = ("unshare", "--map-root-user", "--net")


def may_be_apart() -> bool:
    if sys.platform != "linux" or shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    tried = subprocess.run([*APART, "ip", "link", "set", "lo", "up"], capture_output=True, check=False)
    return tried.returncode == 0


pytestmark = pytest.mark.skipif(not may_be_apart(), reason="this machine gives nobody a network of his own")


def vanishing(fate: str, *arguments: str | Path) -> Outcome:
    ended = subprocess.run(
        [*APART, sys.executable, VANISHING, fate, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=2 * PATIENCE_S,
        check=False,
        env=variables(),
        encoding="utf-8",
    )
    return Outcome(code=ended.returncode, stdout=ended.stdout, stderr=ended.stderr)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "urls.txt"
    path.write_text("".join(f"{LAB}/latency/50ms?{number}\n" for number in range(30)))
    return path


@pytest.mark.parametrize("processes", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_a_network_that_comes_back_fails_no_target(listed: Path, processes: str) -> None:
    options = ("--concurrency", "2", "--retries", "0", "--timeout", "1s", "--processes", processes)
    outcome = vanishing("back", "check", listed, *options, "--canary", f"{LAB}/ok timeout=1s")
    assert outcome.stderr.startswith(f"allup: no canary answers ({LAB}/ok: "), outcome
    assert [fields[0] for fields in outcome.fields] == ["ok"] * 30
    assert outcome.code == 0


def test_a_network_that_does_not_come_back_leaves_what_is_not_known_unchecked(listed: Path) -> None:
    options = ("--concurrency", "2", "--retries", "0", "--timeout", "1s", "--canary-patience", "500ms")
    outcome = vanishing("gone", "check", listed, *options, "--canary", f"{LAB}/ok timeout=1s")
    verdicts = [fields[:2] for fields in outcome.fields]
    known = verdicts.index(["unchecked", "local"])
    assert known >= 5
    assert verdicts[known:] == [["unchecked", "local"]] * (30 - known)
    assert all(f"{LAB}/ok" in fields[4] for fields in outcome.fields[known:])
    assert outcome.code == 3


def test_a_version_of_ip_that_this_machine_lacks_fails_no_target() -> None:
    pin = "both.test:8765:127.0.0.1,2001:db8::7"
    arguments = ("check", "http://both.test:8765/ok", "--all-addresses", "--resolve", pin, "--format", "jsonl")
    (record,) = vanishing("stays", *arguments).records
    reached, lacking = record["addresses"]
    assert (record["verdict"], reached["verdict"], lacking["verdict"]) == ("ok", "ok", "unchecked")
    assert lacking["failure"]["detail"] == "this machine has no route by IPv6"
