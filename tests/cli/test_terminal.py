"""What a person sees on a terminal, and that a pipe is spared it."""

import os
import re
from pathlib import Path

import pytest

from allup.lab.behaviour import Server
from allup.lab.catalogue import named
from allup.lab.server import Lab
from cli.driving import allup, on_terminal, process

ESCAPE = "\x1b["
COLOR = re.compile(r"\x1b\[(?:[0-9]+;)*(?:3|4|9|10)[0-7](?:;[0-9]+)*m")
SHOW_CURSOR = "\x1b[?25h"
BAR = re.compile(r"[━─](?:\x1b\[[0-9;]*m)* \d+/\d+")
"""The end of the bar and the counts: bars alone are drawn in tables, too."""


@pytest.fixture
def urls(lab: Lab, listed: Path) -> Path:
    listed.write_text(f"{lab.base_url}/status/404\n{lab.base_url}/latency/500ms\n{lab.base_url}/ok\n")
    return listed


def test_a_terminal_gets_a_bar_failures_as_they_happen_and_a_table(urls: Path) -> None:
    with on_terminal(["check", urls]) as screen:
        text = screen.rest()

    assert screen.child.returncode == 1
    bar = BAR.search(text)
    assert bar is not None
    table = text.index(" of 3 in ")
    assert bar.start() < table
    assert text.index("/status/404") < text.index("/latency/500ms")
    assert text.rindex(SHOW_CURSOR) < table
    assert COLOR.search(text)


def test_the_bar_counts_what_is_known_of_how_many(lab: Lab, urls: Path) -> None:
    silent = lab.url(named("silent"))
    urls.write_text(f"{lab.base_url}/ok\n{silent} timeout=1h\n")

    with on_terminal(["check", urls]) as screen:
        seen = screen.read_until("1/2")
        screen.interrupt()
        rest = screen.rest()

    assert "1 in flight" in seen
    assert screen.child.returncode == 130
    assert "interrupted" in rest
    assert SHOW_CURSOR in rest
    assert lab.stats.of(Server.SILENT).requests == 1


def test_no_progress_leaves_the_table(urls: Path) -> None:
    with on_terminal(["check", urls, "--no-progress"]) as screen:
        text = screen.rest()

    assert not BAR.search(text)
    assert SHOW_CURSOR not in text
    assert " of 3 in " in text


def test_progress_on_stderr_leaves_stdout_to_the_results(urls: Path, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+b") as out:
        with on_terminal(["check", urls], stdout=out.fileno()) as screen:
            shown = screen.rest()
        out.seek(0)
        text = out.read().decode()

    assert [line.split("\t")[0] for line in text.splitlines()] == ["failed", "ok", "ok"]
    assert ESCAPE not in text
    assert BAR.search(shown)


def test_a_pipe_gets_no_escape_codes(urls: Path) -> None:
    for format_ in ("table", "lines"):
        outcome = process("check", urls, "-f", format_)
        assert "\x1b" not in outcome.stdout + outcome.stderr
        assert outcome.stderr == ""


def test_a_table_is_as_wide_as_the_terminal(urls: Path) -> None:
    with on_terminal(["check", urls, "--no-progress", "--color", "never"], columns=60) as screen:
        text = screen.rest()

    assert max(map(len, text.splitlines())) <= 60


def test_a_bar_does_not_get_between_the_lines_of_the_next_program(urls: Path) -> None:
    piped = allup("check", urls, terminal=True, pipe=True)

    assert [fields[0] for fields in piped.fields] == ["failed", "ok", "ok"]
    assert piped.stderr == ""


def test_columns_sets_the_width_of_a_piped_table(lab: Lab) -> None:
    url = f"{lab.base_url}/ok?{'x' * 300}"

    narrow = process("check", url, "-f", "table", COLUMNS="50")
    wide = process("check", url, "-f", "table", COLUMNS="400")

    assert max(map(len, narrow.stdout.splitlines())) <= 50
    assert max(map(len, wide.stdout.splitlines())) > 300


@pytest.mark.parametrize(
    ("options", "variables", "terminal", "colored"),
    [
        ([], {}, True, True),
        ([], {}, False, False),
        (["--color", "always"], {}, False, True),
        (["--color", "always"], {"NO_COLOR": "1"}, False, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, True, False),
        ([], {"NO_COLOR": "1"}, True, False),
        ([], {"NO_COLOR": ""}, True, True),
        ([], {"FORCE_COLOR": "1"}, False, True),
        ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ([], {"TERM": "dumb"}, True, False),
        (["--color", "auto"], {"TERM": "xterm"}, True, True),
    ],
)
@pytest.mark.parametrize("command", ["check", "compare"])
def test_colour_comes_where_it_is_wanted(
    lab: Lab, command: str, options: list[str], variables: dict[str, str], *, terminal: bool, colored: bool
) -> None:
    outcome = allup(
        *(command, f"{lab.base_url}/ok", "-f", "table", "--no-progress", *options),
        variables=variables,
        terminal=terminal,
    )

    assert bool(COLOR.search(outcome.stdout)) == colored


@pytest.mark.parametrize("command", ["check", "compare"])
def test_progress_without_colour_has_none(lab: Lab, command: str) -> None:
    plain = allup(command, f"{lab.base_url}/latency/50ms", terminal=True, variables={"NO_COLOR": "1"})
    colored = allup(command, f"{lab.base_url}/latency/50ms", terminal=True)

    assert BAR.search(plain.stderr)
    assert not COLOR.search(plain.stderr)
    assert COLOR.search(colored.stderr)


def test_a_comparison_shows_which_strategy_runs(lab: Lab) -> None:
    with on_terminal(["compare", f"{lab.base_url}/latency/200ms", "--rounds", "2"]) as screen:
        text = screen.rest()

    assert screen.child.returncode == 0
    assert "sequential -c 1, round 1 of 2" in text
    assert text.rindex(SHOW_CURSOR) < text.rindex("sequential")


def test_a_comparison_can_do_without_progress(lab: Lab) -> None:
    outcome = allup("compare", f"{lab.base_url}/ok", "--no-progress", terminal=True)

    assert outcome.stderr == ""


def test_a_list_may_be_typed() -> None:
    with on_terminal(["check", "-", "-f", "lines"]) as screen:
        os.write(screen.fd, b"http://127.0.0.1:99999/\n\x04")
        text = screen.rest()

    assert "failed\tinvalid_target" in text
    assert screen.child.returncode == 1


def test_ascii_terminals_get_ascii(urls: Path) -> None:
    outcome = process("check", urls, "-f", "table", PYTHONIOENCODING="ascii")

    assert outcome.stdout.isascii()
    assert " of 3 in " in outcome.stdout


def test_a_terminal_is_shown_where_the_time_went_and_what_failed_last(lab: Lab, listed: Path) -> None:
    listed.write_text("".join(f"{lab.base_url}/status/{200 if at else 404}?{at}\n" for at in range(6)))

    text = allup("check", listed, "--no-progress", terminal=True, columns=80, variables={"NO_COLOR": "1"}).stdout

    assert re.search(r"127\.0\.0\.1:\d+ +6 ", text)
    assert re.search(r"━━ wait", text)
    assert text.index("slowest") < text.index("✓ ok ") < text.rindex("✗ failed") < text.index("5 ok, 1 failed of 6 in ")


def test_a_log_has_the_rows_and_the_summary_only(lab: Lab) -> None:
    url = f"{lab.base_url}/ok"

    piped = allup("check", url, "-f", "table")
    asked = allup("check", url, "-f", "table", "--verbose")

    assert "\nslowest" not in f"\n{piped.stdout}"
    assert "\nslowest" in f"\n{asked.stdout}"


def test_verbose_tells_of_hops_timings_and_attempts(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.base_url}/redirect/2\n{lab.base_url}/flaky/verbose/1\n")

    text = allup("check", listed, "-v", terminal=True, variables={"NO_COLOR": "1"}).stdout

    assert f"302 → {lab.base_url}/redirect/1" in text
    assert f"302 → {lab.base_url}/redirect/0" in text
    assert re.search(r"blocked \S+ · .*wait \S+", text)
    assert "2 attempts" in text


def test_verbose_leaves_lines_as_they_are(lab: Lab) -> None:
    outcome = allup("check", f"{lab.base_url}/redirect/2", "--verbose")

    assert [len(fields) for fields in outcome.fields] == [5]


def test_a_report_file_has_the_table_of_a_terminal(lab: Lab, tmp_path: Path) -> None:
    allup("check", f"{lab.base_url}/ok", "--quiet", "--report", f"table={tmp_path / 'table.txt'}")

    assert "slowest" in (tmp_path / "table.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"CI": "true"}])
@pytest.mark.parametrize("command", ["check", "compare"])
def test_a_dumb_terminal_and_a_job_of_ci_get_no_live_view(lab: Lab, command: str, variables: dict[str, str]) -> None:
    outcome = allup(command, f"{lab.base_url}/ok", terminal=True, variables=variables)

    assert outcome.stderr == ""
    assert outcome.stdout


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 120])
def test_a_check_and_a_comparison_fit_the_terminal(lab: Lab, listed: Path, columns: int) -> None:
    listed.write_text(f"{lab.base_url}/status/404\n{lab.base_url}/redirect/3\n")
    for command, *options in (["check"], ["check", "--verbose"], ["compare", "-c", "3"]):
        outcome = allup(command, listed, *options, "--no-progress", "--color", "never", terminal=True, columns=columns)
        assert max(map(len, outcome.stdout.splitlines())) <= columns
