"""A run that was killed goes on where it was, with the same command: as if nobody had disturbed it."""

import json
import random
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from allup.lab.server import Lab
from cli.driving import PATIENCE_S, Outcome, allup, command, eventually, on_terminal, process, shell, variables

TIMES = {"started_at", "elapsed_ms", "timings_ms"}
RUN = {"wall_s", "peak_in_flight", "limited_by", "loop_lag_ms", "timings_suspect", "resumed"}
COUNT = 2_000


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "run.journal"


def listing(lab: Lab, listed: Path, count: int) -> Path:
    """Write a list in which a target stands for each sort of end that is the same whenever it is asked."""
    base = lab.base_url
    lines = []
    for number in range(count):
        match number % 20:
            case 3:
                lines.append(f"{base}/status/404?{number} name=n{number}")
            case 7:
                lines.append(f"{base}/redirect/2?{number}")
            case 11:
                lines.append(f"{base}/latency/50ms?{number} group=g{number % 3}")
            case 13:
                lines.append("no URL at all")
            case 17:
                lines.append(f"{base}/ok?{number} contains=nowhere")
            case 19:
                lines.append(f"{base}/ok?{number - 1}")
            case _:
                lines.append(f"{base}/ok?{number}")
    listed.write_text("".join(f"{line}\n" for line in lines))
    return listed


def without_times(report: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    document = json.loads(report.read_text("utf-8"))
    records = [{key: value for key, value in one.items() if key not in TIMES} for one in document["results"]]
    return records, {key: value for key, value in document["summary"].items() if key not in RUN}


def answered(lab: Lab) -> int:
    return lab.stats.total.requests


def kill_after(lab: Lab, arguments: Sequence[str | Path], requests: int, pause_s: float) -> bool:
    """Start the command and kill it so long after so many requests; False where it ended before."""
    before = answered(lab)
    child = subprocess.Popen(
        command(*arguments), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        eventually(lambda: answered(lab) - before >= requests or child.poll() is not None)
        time.sleep(pause_s)  # the moment is to be any, and not one that the server decides
    finally:
        child.kill()
        child.wait(PATIENCE_S)
    return child.returncode == -signal.SIGKILL


def killed_and_resumed(
    lab: Lab, tmp_path: Path, count: int, kills: int, *, most_requests: int, options: Sequence[str] = ()
) -> None:
    listed, journal = listing(lab, tmp_path / "urls.txt", count), tmp_path / "run.journal"
    undisturbed, resumed = tmp_path / "undisturbed.json", tmp_path / "resumed.json"
    usual = ["check", str(listed), "--quiet", "--per-host", "100", *options]
    chance = random.Random(count)
    first = process(*usual, "--report", f"json={undisturbed}")

    for _ in range(kills):
        slowly = ["--rate", "150", "--resume", str(journal), "--report", f"json={resumed}"]
        assert kill_after(lab, [*usual, *slowly], chance.randint(0, most_requests), chance.random() * 0.02)
        assert not resumed.exists()
    known, began_at = known_by(journal), began(journal)
    lab.reset_stats()
    last = process(*usual, "--resume", str(journal), "--report", f"json={resumed}")

    assert (first.code, first.stderr, last.code) == (1, "", 1)
    assert last.stderr.startswith(f"allup: going on with {known:,} results of {journal}, which was begun ")
    results, summary = without_times(resumed)
    assert (results, summary) == without_times(undisturbed)
    assert json.loads(undisturbed.read_text("utf-8"))["summary"]["resumed"] is None
    assert json.loads(resumed.read_text("utf-8"))["summary"]["resumed"] == {"results": known, "began_at": began_at}
    assert [one["line"] for one in results if one["source"]] == sorted(one["line"] for one in results)
    assert not journal.exists()
    assert known > 0
    assert answered(lab) <= 3 * (len(results) - known), "what is known is not asked again"


def test_a_run_that_was_killed_five_times_reports_what_one_does_that_was_not(lab: Lab, tmp_path: Path) -> None:
    killed_and_resumed(lab, tmp_path, 200, 5, most_requests=25)


def test_so_do_runs_of_several_processes_in_the_order_of_completion(lab: Lab, tmp_path: Path) -> None:
    listed, journal = listing(lab, tmp_path / "urls.txt", 100), tmp_path / "run.journal"
    usual = ["check", str(listed), "--quiet", "--resume", str(journal)]
    reports = [tmp_path / "one.json", tmp_path / "two.json"]
    assert kill_after(lab, [*usual, "--processes", "2", "--rate", "100"], 40, 0)
    kept = journal.read_bytes()
    for report, more in zip(reports, (["--processes", "2", "--order", "completion"], ["-c", "3"]), strict=True):
        journal.write_bytes(kept)
        assert process(*usual, *more, "--report", f"json={report}").code == 1
        assert not journal.exists()
    (one, counts), (other, same) = map(without_times, reports)
    assert sorted(one, key=lambda record: record["line"]) == other
    assert counts == same


@pytest.mark.slow
def test_a_run_that_was_killed_fifty_times_reports_what_one_does_that_was_not(lab: Lab, tmp_path: Path) -> None:
    killed_and_resumed(lab, tmp_path, COUNT, 50, most_requests=50)


ONCE_AT_A_TIME = ("-c", "1", "--fail-fast")


def cut_off(lab: Lab, listed: Path, journal: Path, *more: str) -> Outcome:
    """Run a list that ends early: its third target is never asked."""
    listed.write_text(f"{lab.base_url}/ok\n{lab.base_url}/status/404\n{lab.base_url}/ok?3\n")
    return allup("check", listed, "--resume", journal, *ONCE_AT_A_TIME, "-f", "jsonl", *more)


def known_by(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") - 1 if journal.exists() else 0


def began(journal: Path) -> str:
    """Return when its run began, as a report says it."""
    found = re.search(rb'"began_at":(\d+)', journal.read_bytes())
    assert found is not None
    return datetime.fromtimestamp(int(found[1]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def killed_when_known(journal: Path, count: int, *arguments: str | Path) -> None:
    """Start the command, and kill it when so much is known that waits for the rest."""
    with subprocess.Popen(command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        eventually(lambda: known_by(journal) == count)
        child.kill()


def test_a_run_that_ended_early_leaves_a_journal_and_says_how_to_go_on(lab: Lab, listed: Path, journal: Path) -> None:
    outcome = cut_off(lab, listed, journal)
    assert [one["verdict"] for one in outcome.records] == ["ok", "failed", "unchecked"]
    assert outcome.code == 1
    assert outcome.stderr == (
        f"allup: {journal} keeps 2 results: the same command with a higher limit of failures goes on from there\n"
    )
    lab.reset_stats()
    quiet = cut_off(lab, listed, journal, "--quiet")
    assert (quiet.stdout, quiet.code, answered(lab)) == ("", 1, 0)
    assert quiet.stderr.startswith(f"allup: going on with 2 results of {journal}, which was begun")
    assert "keeps" not in quiet.stderr
    again = allup("check", listed, "--resume", journal, "-f", "jsonl")
    assert [one["verdict"] for one in again.records] == ["ok", "failed", "ok"]
    assert again.records[:2] == outcome.records[:2]
    assert (answered(lab), journal.exists()) == (1, False)


def test_every_report_for_people_says_what_is_not_of_this_start(lab: Lab, listed: Path, journal: Path) -> None:
    cut_off(lab, listed, journal)
    kept = journal.read_bytes()
    since = f"2 of these are from a run that began at {began(journal)}, the rest took "
    told = {"table": f"2 ok, 1 failed of 3; {since}", "markdown": f"### allup: 2 ok, 1 failed of 3; {since}"}
    for form, said in told.items():
        journal.write_bytes(kept)
        outcome = allup("check", listed, "--resume", journal, "-f", form, columns=200)
        assert said in outcome.stdout
        assert outcome.stdout.count("(at most 1 in flight)") == 1


def test_a_run_that_came_to_its_end_begins_anew_the_next_time(lab: Lab, listed: Path, journal: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n")
    for number in (1, 2):
        outcome = allup("check", listed, "--resume", journal)
        assert (outcome.code, outcome.stderr, journal.exists()) == (0, "", False)
        assert answered(lab) == number


def test_what_is_unchecked_by_a_fault_of_this_machine_keeps_no_journal(lab: Lab, listed: Path, journal: Path) -> None:
    """A target that always is would have each night tell what the first one has found."""
    endless = f"{lab.base_url}/echo data={'a' * 50}! matches='(a|aa)+$'"
    listed.write_text(f"{lab.base_url}/ok\n{endless}\n{lab.base_url}/status/404\n")
    for number in (1, 2):
        outcome = allup("check", listed, "--resume", journal)
        assert [fields[0] for fields in outcome.fields] == ["ok", "unchecked", "failed"]
        assert (outcome.code, outcome.stderr, journal.exists()) == (1, "", False)
        assert answered(lab) == 3 * number


def test_a_reader_that_is_gone_before_the_end_leaves_the_journal(lab: Lab, listed: Path, journal: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n")
    told = {"list": str(listed), "journal": str(journal)}
    outcome = shell('{ sleep 0.1; $allup check "$list" -f json --resume "$journal"; } | true', **told)
    assert outcome.stderr == f"allup: {journal} keeps 1 result: the same command goes on from there\n"
    assert known_by(journal) == 1


def test_a_report_that_cannot_be_written_leaves_the_journal(lab: Lab, listed: Path, journal: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n")
    outcome = allup("check", listed, "--resume", journal, "--report", "jsonl=/dev/full", "-q")
    assert outcome.code == 2
    assert journal.exists()
    lab.reset_stats()
    assert allup("check", listed, "--resume", journal, "-f", "jsonl").records[0]["verdict"] == "ok"
    assert answered(lab) == 0


def test_a_disk_that_is_full_is_told_and_all_is_reported(lab: Lab, listed: Path, journal: Path) -> None:
    listing(lab, listed, 100)
    told = {"list": str(listed), "journal": str(journal)}
    # What measures coverage has a file of its own to write.
    unmeasured = "unset COVERAGE_PROCESS_CONFIG COVERAGE_PROCESS_START"
    outcome = shell(f"{unmeasured}; ulimit -f 8; $allup check $list --resume $journal", **told)
    assert outcome.code == 2
    assert len(outcome.stdout.splitlines()) == 95
    assert outcome.stderr == f"allup: cannot write {journal}: File too large\n"


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (["--expect", "404"], "--expect: not as it was then"),
        (["--timeout", "3", "--retries", "0"], "--timeout, --retries: not as it was then"),
        (["--auth", "me:s3cr3t"], "--auth: not as it was then"),
        (["--include", "x"], "--include: not as it was then"),
        (["http://127.0.0.1/"], "it was begun with"),
    ],
)
def test_other_options_and_lists_are_refused_before_anybody_is_asked(
    lab: Lab, listed: Path, journal: Path, others: list[str], told: str
) -> None:
    cut_off(lab, listed, journal)
    kept = journal.read_bytes()
    lab.reset_stats()
    outcome = allup("check", listed, "--resume", journal, *others)
    assert (outcome.code, outcome.stdout, answered(lab)) == (2, "", 0)
    assert f"{journal} is the journal of another run: " in outcome.stderr
    assert told in outcome.stderr
    assert "s3cr3t" not in outcome.stderr
    listed.write_text(listed.read_text() + f"{lab.base_url}/ok?more\n")
    changed = allup("check", listed, "--resume", journal)
    assert (changed.code, f"{listed} is not what it was then" in changed.stderr) == (2, True)
    assert journal.read_bytes() == kept


def test_pace_format_and_order_may_be_others(lab: Lab, listed: Path, journal: Path) -> None:
    cut_off(lab, listed, journal)
    more = ["-c", "1", "--per-host", "1", "--rate", "9", "--order", "completion", "--fail-on", "definite"]
    outcome = allup("check", listed, "--resume", journal, "--deadline", "9m", "-f", "csv", *more)
    assert outcome.code == 1
    assert not journal.exists()
    assert len(outcome.stdout.splitlines()) == 4


def test_standard_input_is_fed_again_and_is_to_be_the_same(lab: Lab, journal: Path) -> None:
    lines = [f"{lab.base_url}/ok?{number}\n" for number in range(4)]
    whole = "".join([*lines, f"{lab.base_url}/status/404\n", f"{lab.base_url}/ok\n"])
    told = ["check", "--resume", str(journal), *ONCE_AT_A_TIME, "-f", "jsonl"]
    first = allup(*told, stdin=whole)
    lab.reset_stats()
    assert allup(*told, stdin=whole).records == first.records
    other = allup(*told, stdin="".join(lines[::-1]))
    assert other.code == 2
    assert f"allup: {journal} is the journal of another list: -:1 is another target" in other.stderr
    shorter = allup(*told, stdin="".join(lines[:2]))
    assert shorter.code == 2
    assert "the list has ended after 2 targets, and was longer; go on as it was begun" in shorter.stderr
    assert "keeps" not in shorter.stderr
    assert allup(*told, stdin=whole).records == first.records
    assert answered(lab) == 0


def test_a_list_is_not_overwritten(lab: Lab, listed: Path, tmp_path: Path) -> None:
    for text in (f"{lab.base_url}/ok\n", ""):
        listed.write_text(text)
        outcome = allup("check", listed, "--resume", listed)
        assert (outcome.code, listed.read_text()) == (2, text)
        assert "give --resume a file of its own" in outcome.stderr
    report = allup("check", f"{lab.base_url}/ok", "--resume", tmp_path / "x", "--report", f"json={tmp_path / 'x'}")
    assert (report.code, "give --resume a file of its own" in report.stderr) == (2, True)


@pytest.mark.parametrize("redirection", [">", ">>"])
def test_no_journal_is_written_between_the_results(lab: Lab, listed: Path, journal: Path, redirection: str) -> None:
    """Both would be in one file, and that file gone in the end."""
    listed.write_text(f"{lab.base_url}/ok\n")
    names = {"listed": str(listed), "journal": str(journal)}
    outcome = shell(f'$allup check "$listed" --resume "$journal" {redirection} "$journal"', **names)
    assert (outcome.code, journal.read_text(), answered(lab)) == (2, "", 0)
    assert "give --resume a file of its own" in outcome.stderr


def test_two_runs_do_not_share_a_journal_and_ctrl_c_leaves_it(lab: Lab, listed: Path, journal: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n{lab.base_url}/latency/60s timeout=90s\n")
    arguments = command("check", listed, "--resume", journal, "--grace", "0")
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=variables(), encoding="utf-8"
    ) as child:
        eventually(lambda: known_by(journal) == 1)
        outcome = allup("check", listed, "--resume", journal)
        child.send_signal(signal.SIGINT)
        _, stderr = child.communicate(timeout=PATIENCE_S)
    assert outcome.code == 2
    assert outcome.stderr == f"allup: {journal} is in use by another run: wait for its end, or name another file\n"
    assert child.returncode == 130
    assert stderr == f"allup: {journal} keeps 1 result: the same command goes on from there\n"


def test_no_secret_gets_into_a_journal(lab: Lab, journal: Path) -> None:
    base = lab.base_url.replace("//", "//me:s3cr3t@")
    lines = f'{base}/ok header="X-Token: ${{T}}" data=s3cr3t\n{lab.base_url}/status/404\n{lab.base_url}/ok\n'
    told = ["check", "-", "--resume", str(journal), *ONCE_AT_A_TIME, "--auth", "me:s3cr3t", "--cookie", "a=s3cr3t"]
    assert allup(*told, stdin=lines, variables={"T": "s3cr3t"}).code == 1
    assert b"/ok" in journal.read_bytes()
    assert b"s3cr3t" not in journal.read_bytes()
    again = allup(*told, stdin=lines, variables={"T": "other"})
    assert (again.code, "is another target" in again.stderr) == (2, True)


def test_it_may_be_configured(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "allup.toml").write_text('[check]\nresume = "kept"\n')
    listed = tmp_path / "urls.txt"
    listed.write_text(f"{lab.base_url}/status/404\n{lab.base_url}/ok\n")
    allup("check", listed, *ONCE_AT_A_TIME, directory=tmp_path)
    assert (tmp_path / "kept").exists()


def test_the_progress_display_begins_with_what_is_known(lab: Lab, listed: Path, journal: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n{lab.base_url}/ok?2\n{lab.base_url}/latency/60s timeout=90s\n")
    told = ["check", str(listed), "--resume", str(journal), "--grace", "0"]
    killed_when_known(journal, 2, *told)
    with on_terminal(told, columns=140) as screen:
        shown = screen.read_until("2 from the journal")
        screen.interrupt()
        shown += screen.rest()
    assert "2/3" in shown
    assert "keeps 2 results" in shown
