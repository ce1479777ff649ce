"""A deadline, too many failures, a signal: the run ends then, and tells every target once."""

import json
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from allup.lab.behaviour import WEB_SERVERS, Behaviour, Server
from allup.lab.catalogue import named
from allup.lab.server import Lab
from cli.driving import PATIENCE_S, Outcome, allup, command, eventually, outcome_of, records, started, variables

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


def silent(lab: Lab, count: int) -> list[str]:
    return [f"{lab.url(named('silent'))}?{number} timeout=1h" for number in range(count)]


def fine(lab: Lab, count: int) -> list[str]:
    return [f"{lab.base_url}/ok?{number}" for number in range(count)]


def kinds(told: list[dict[str, Any]]) -> list[str | None]:
    return [record["failure"] and record["failure"]["kind"] for record in told]


def seconds_since(began_at: float) -> float:
    return time.monotonic() - began_at


class TestDeadline:
    """`--deadline`."""

    def test_what_is_not_known_by_then_is_unchecked_and_says_what_it_was_doing(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join([*fine(lab, 3), *silent(lab, 5), *fine(lab, 7)[3:], "no url"]))

        began_at = time.monotonic()
        outcome = allup("check", listed, "--deadline", "500ms", "-c", "2", "-f", "json")

        assert 0.5 <= seconds_since(began_at) < 10
        assert outcome.code == 1  # the line that is none has failed
        told = outcome.document["results"]
        assert [record["line"] for record in told] == list(range(1, 14))
        assert kinds(told) == [None] * 3 + ["deadline"] * 2 + ["not_started"] * 7 + ["invalid_target"]
        assert told[3]["failure"]["detail"] == "the deadline came while waiting for an answer"
        assert told[3]["failure"]["certainty"] == "local"
        assert told[3]["attempts"] == 1
        assert (told[5]["attempts"], told[5]["elapsed_ms"]) == (0, None)

    def test_where_nothing_failed_the_exit_code_is_3(self, lab: Lab) -> None:
        outcome = allup("check", *fine(lab, 1), lab.url(named("silent")), "--deadline", "300ms")

        assert outcome.code == 3
        assert [fields[:2] for fields in outcome.fields] == [["ok", "200"], ["unchecked", "deadline"]]

    def test_what_failed_and_waits_for_another_attempt_has_failed(self, lab: Lab) -> None:
        outcome = allup(*("check", lab.url(named("refused")), "--retries", "100", "--deadline", "3s", "-f", "jsonl"))

        assert outcome.code == 1
        assert kinds(outcome.records) == ["connect_refused"]

    def test_it_comes_too_late_for_a_run_that_is_over(self, lab: Lab) -> None:
        began_at = time.monotonic()
        assert allup("check", *fine(lab, 3), "--deadline", "1m").code == 0
        assert seconds_since(began_at) < 10

    def test_a_pipe_that_stays_open_does_not_hold_it_up(self, lab: Lab, tmp_path: Path) -> None:
        report = tmp_path / "report.jsonl"
        with started("check", "--deadline", "1s", "--report", f"jsonl={report}", stdin=subprocess.PIPE) as child:
            assert child.stdin is not None
            child.stdin.write("\n".join([*fine(lab, 1), *silent(lab, 1)]) + "\n")
            child.stdin.flush()
            eventually(lambda: lab.stats.of(Server.SILENT).in_flight == 1)
            began_at = time.monotonic()
            code = child.wait(PATIENCE_S)

        assert seconds_since(began_at) < 10
        assert code == 3
        assert kinds(records(report.read_text())) == [None, "deadline"]

    def test_a_pipe_in_which_nothing_ever_came_does_not_either(self) -> None:
        with started("check", "--deadline", "300ms", stdin=subprocess.PIPE) as child:
            child.wait(PATIENCE_S)

    def test_a_pause_that_a_host_asked_for_does_not_either(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join(fine(lab, 50)))

        began_at = time.monotonic()
        outcome = allup("check", listed, "--rate", "1/m", "--deadline", "300ms", "-f", "jsonl")

        assert seconds_since(began_at) < 10
        assert outcome.code == 3
        assert kinds(outcome.records) == [None] + ["not_started"] * 49


class TestTooManyFailures:
    """`--fail-fast` and `--max-failures`."""

    def test_the_first_failure_ends_the_run_and_the_rest_is_accounted_for(self, lab: Lab, listed: Path) -> None:
        listed.write_text("\n".join([*silent(lab, 3), f"{lab.base_url}/status/404", *silent(lab, 9)[3:]]))

        began_at = time.monotonic()
        outcome = allup("check", listed, "--fail-fast", "-c", "5", "-f", "json")

        assert seconds_since(began_at) < 10
        assert outcome.code == 1
        told = outcome.document["results"]
        assert [record["line"] for record in told] == list(range(1, 11))
        assert Counter(kinds(told)) == {"interrupted": 4, "status": 1, "not_started": 5} or Counter(kinds(told)) == {
            "interrupted": 3,
            "status": 1,
            "not_started": 6,
        }
        assert told[0]["failure"]["detail"].startswith("stopped after too many failures while")

    def test_a_failure_that_passes_is_none(self, lab: Lab) -> None:
        outcome = allup("check", f"{lab.base_url}/flaky/fail-fast-{time.time()}/1", *fine(lab, 5), "--fail-fast")

        assert outcome.code == 0
        assert Counter(fields[0] for fields in outcome.fields) == {"flaky": 1, "ok": 5}

    def test_without_it_all_is_checked(self, lab: Lab) -> None:
        outcome = allup("check", f"{lab.base_url}/status/404", *fine(lab, 5), "-c", "1")

        assert Counter(fields[0] for fields in outcome.fields) == {"failed": 1, "ok": 5}

    @pytest.mark.parametrize("most", [1, 3])
    def test_so_many_failures_end_the_run(self, lab: Lab, listed: Path, most: int) -> None:
        listed.write_text("\n".join(f"{lab.base_url}/status/404?{number}" for number in range(20)))

        outcome = allup("check", listed, "--max-failures", str(most), "-c", "1", "-f", "jsonl")

        assert outcome.code == 1
        assert kinds(outcome.records) == ["status"] * most + ["not_started"] * (20 - most)
        assert lab.stats.total.requests == most

    def test_fewer_failures_do_not(self, lab: Lab) -> None:
        outcome = allup("check", f"{lab.base_url}/status/404", *fine(lab, 5), "--max-failures", "2", "-c", "1")

        assert [fields[0] for fields in outcome.fields] == ["failed"] + ["ok"] * 5


class TestGrace:
    """`--grace`: what is in flight may take so long yet."""

    @staticmethod
    def interrupted(
        lab: Lab, arguments: list[str | Path], *, requests: int, number: signal.Signals
    ) -> tuple[Outcome, float]:
        """Interrupt the command when so many requests are in flight; return also how long it took from then."""
        with started("check", *arguments, "-f", "jsonl") as child:
            eventually(lambda: lab.stats.total.in_flight == requests)
            child.send_signal(number)
            began_at = time.monotonic()
            return outcome_of(child), seconds_since(began_at)

    @pytest.mark.parametrize(("number", "code"), SIGNALS)
    def test_an_answer_that_comes_within_it_counts(
        self, lab: Lab, listed: Path, number: signal.Signals, code: int
    ) -> None:
        listed.write_text("\n".join([f"{lab.base_url}/latency/1s", *silent(lab, 1), *fine(lab, 5)]))

        outcome, took_s = self.interrupted(lab, [listed, "-c", "2"], requests=2, number=number)

        assert outcome.code == code
        assert 1.9 <= took_s < 10
        assert kinds(outcome.records) == [None, "interrupted"] + ["not_started"] * 5
        assert outcome.records[0]["verdict"] == "ok"

    def test_the_run_is_over_as_soon_as_the_last_answer_is_there(self, lab: Lab) -> None:
        outcome, took_s = self.interrupted(
            lab, [f"{lab.base_url}/latency/500ms", "--grace", "20s"], requests=1, number=signal.SIGINT
        )

        assert took_s < 10
        assert (outcome.code, kinds(outcome.records)) == (130, [None])

    @pytest.mark.parametrize("grace", ["0", "300ms"])
    def test_it_can_be_shorter(self, lab: Lab, grace: str) -> None:
        arguments = [f"{lab.base_url}/latency/10s", "--grace", grace]
        outcome, took_s = self.interrupted(lab, list(arguments), requests=1, number=signal.SIGINT)

        assert took_s < 10
        assert (outcome.code, kinds(outcome.records)) == (130, ["interrupted"])

    def test_a_failure_that_comes_within_it_is_not_tried_again(self, lab: Lab) -> None:
        arguments = [f"{lab.url(named('silent'))} timeout=1s".split()[0], "--timeout", "1s", "--retries", "50"]
        outcome, took_s = self.interrupted(lab, list(arguments), requests=1, number=signal.SIGINT)

        assert took_s < 10
        assert kinds(outcome.records) == ["read_timeout"]
        assert outcome.records[0]["attempts"] == 1

    @pytest.mark.parametrize(("number", "code"), SIGNALS)
    def test_a_second_signal_ends_it_at_once(self, lab: Lab, number: signal.Signals, code: int) -> None:
        with started("check", lab.url(named("silent")), "--timeout", "1h", "--grace", "1h") as child:
            eventually(lambda: lab.stats.total.in_flight == 1)
            child.send_signal(number)
            time.sleep(0.3)
            assert child.poll() is None
            child.send_signal(number)
            began_at = time.monotonic()
            outcome = outcome_of(child)

        assert seconds_since(began_at) < 10
        assert (outcome.code, outcome.stdout, outcome.stderr) == (code, "", "")


TARGETS = 2_000
GRACE_S = 0.2


@contextmanager
def long_run(lab: Lab, folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", Path, Path]]:
    """Start a run over many targets, some of which fail, hang or come back; yield it, its stdout and its report."""
    urls, out, report = folder / "urls.txt", folder / "out", folder / "report.jsonl"
    if not urls.exists():
        urls.write_text("\n".join(_line(lab, number) for number in range(TARGETS)))
    report.unlink(missing_ok=True)
    options = ["-f", "jsonl", "--per-host", "25", "--grace", f"{GRACE_S}s", "--report", f"jsonl={report}"]
    with out.open("wb") as stdout:
        child = subprocess.Popen(
            command("check", urls, *options),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=variables(),
        )
        with child:
            try:
                yield child, out, report
            finally:
                if child.poll() is None:
                    child.kill()


def _line(lab: Lab, number: int) -> str:
    if number % 100 == 50:
        return f"{lab.url(named('silent'))}?{number} timeout=300ms retries=0"
    path = "/status/503" if number % 100 == 70 else "/latency/15ms"
    place = Behaviour(name="", about="", path=f"{path}?{number}", server=WEB_SERVERS[number % len(WEB_SERVERS)])
    return lab.url(place)


def lines_of(path: Path) -> list[int]:
    return [json.loads(line)["line"] for line in path.read_text().splitlines()]


def interrupt_at(lab: Lab, folder: Path, moment_s: float, number: signal.Signals, code: int) -> str:
    """Interrupt a long run and hold it to what it owes to the user; return whether it had begun, or was over."""
    lab.reset_stats()
    with long_run(lab, folder) as (child, out, report):
        time.sleep(moment_s)
        child.send_signal(number)
        began_at = time.monotonic()
        child.wait(PATIENCE_S)
        took_s = seconds_since(began_at)
        assert child.stderr is not None
        said = child.stderr.read().decode()
    assert took_s < GRACE_S + 8, moment_s
    if not out.stat().st_size:
        assert lab.stats.total.requests == 0, moment_s
        assert not report.exists()
        assert child.returncode != 0
        return "not begun"
    assert lines_of(out) == list(range(1, TARGETS + 1)), moment_s
    assert report.read_text() == out.read_text()
    assert {path.name for path in folder.iterdir()} == {"out", "report.jsonl", "urls.txt"}
    assert said == ""
    assert child.returncode in (code, 1), moment_s
    return "interrupted" if child.returncode == code else "over"


def duration_s(lab: Lab, folder: Path) -> float:
    began_at = time.monotonic()
    with long_run(lab, folder) as (child, out, _):
        assert child.wait(PATIENCE_S) == 1
    assert lines_of(out) == list(range(1, TARGETS + 1))
    return seconds_since(began_at)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_at_any_moment_of_a_long_run_a_signal_ends_it_well(
    lab: Lab, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    whole_s = duration_s(lab, tmp_path)
    moments = [random.uniform(0, 1.05 * whole_s) for _ in range(30)]

    ends = Counter(interrupt_at(lab, tmp_path, moment, number, code) for moment in moments)

    assert ends["interrupted"] >= 12


@pytest.mark.parametrize(
    ("option", "value", "wrong"),
    [
        ("--deadline", "0", "'0' is out of range"),
        ("--deadline", "soon", "'soon' is not a duration"),
        ("--deadline", "-1s", "'-1s' is not a duration"),
        ("--deadline", "2y", "'2y' is not a duration"),
        ("--grace", "a while", "'a while' is not a duration"),
        ("--grace", "-1", "'-1' is not a duration"),
        ("--max-failures", "0", "1"),
        ("--max-failures", "some", "integer"),
    ],
)
def test_a_bad_value_is_a_usage_error_that_names_the_option_and_what_is_wrong(
    lab: Lab, option: str, value: str, wrong: str
) -> None:
    outcome = allup("check", f"{lab.base_url}/ok", option, value)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert option in outcome.complaint
    assert wrong in outcome.complaint
    assert lab.stats.total.requests == 0
