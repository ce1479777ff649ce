"""What `check` says of each target, and the exit code that sums it up."""

import re
from collections import Counter
from pathlib import Path

from allup.lab.behaviour import Server
from allup.lab.catalogue import BEHAVIOURS, named
from allup.lab.server import Lab
from cli.driving import allup, shell

LINE = re.compile(r"(ok|flaky|failed|unchecked)\t[a-z_0-9]*\t([0-9]+\.[0-9])?\t[^\t]+\t[^\t]*")


def everyday_list(lab: Lab) -> str:
    names = ("latency-5ms", "unexpected-404", "refused", "no-such-name", "silent")
    good, missing, refused, unknown, silent = (lab.url(named(name)) for name in names)
    return (
        "# what this list is for\n"
        f"{good}\n"
        f"{missing}\n"
        f"{refused}\n"
        f"{unknown} timeout=5s\n"
        f"{silent} timeout=300ms # never answers\n"
        "\n"
        "http://127.0.0.1:port/\n"
    )


def test_each_line_of_an_everyday_list_gets_its_verdict_and_its_kind(lab: Lab, listed: Path) -> None:
    listed.write_text(everyday_list(lab))

    outcome = allup("check", listed, "--format", "jsonl")

    told = [
        (record["line"], record["verdict"], record["status"], record["failure"] and record["failure"]["kind"])
        for record in outcome.records
    ]
    assert told == [
        (2, "ok", 200, None),
        (3, "failed", 404, "status"),
        (4, "failed", None, "connect_refused"),
        (5, "failed", None, "dns"),
        (6, "failed", None, "read_timeout"),
        (8, "failed", None, "invalid_target"),
    ]
    assert outcome.code == 1
    assert outcome.stderr == ""


def test_lines_have_verdict_status_or_kind_milliseconds_url_and_detail(lab: Lab, listed: Path) -> None:
    listed.write_text(everyday_list(lab))

    outcome = allup("check", listed)

    assert all(LINE.fullmatch(line) for line in outcome.stdout.splitlines())
    assert [fields[:2] for fields in outcome.fields] == [
        ["ok", "200"],
        ["failed", "404"],
        ["failed", "connect_refused"],
        ["failed", "dns"],
        ["failed", "read_timeout"],
        ["failed", "invalid_target"],
    ]
    urls = [line.split()[0] for line in listed.read_text().splitlines() if line and not line.startswith("#")]
    assert [fields[3] for fields in outcome.fields] == urls
    good, missing, *_, invalid = outcome.fields
    assert float(good[2]) >= 5
    assert good[4] == ""
    assert missing[4] == "404 Not Found, expected 200-299"
    assert invalid[2] == ""
    assert "port" in invalid[4]


def test_the_whole_catalogue_is_judged_as_it_says(lab: Lab, listed: Path) -> None:
    listed.write_text("\n".join(lab.targets()))

    outcome = allup("check", listed, "--format", "jsonl", "--no-dedupe")

    told = {
        record["name"] or "no-url": (record["verdict"], record["failure"] and record["failure"]["kind"])
        for record in outcome.records
    }
    flaky = "flaky"  # asked once before by another test, it would be fine
    expected = {one.name: (one.expected.value, one.kind and one.kind.value) for one in BEHAVIOURS}
    assert {name: told[name] for name in told if name != flaky} == {
        name: expected[name] for name in expected if name != flaky
    }


def test_all_ok_is_exit_0(lab: Lab) -> None:
    outcome = allup("check", f"{lab.base_url}/ok", f"{lab.base_url}/status/204")

    assert (outcome.code, [fields[0] for fields in outcome.fields]) == (0, ["ok", "ok"])


def test_one_failure_is_exit_1(lab: Lab) -> None:
    assert allup("check", f"{lab.base_url}/ok", f"{lab.base_url}/status/500").code == 1


def test_a_line_that_cannot_be_read_is_exit_1(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n{lab.base_url}/ok naem=x\n")

    outcome = allup("check", listed)

    assert outcome.code == 1
    assert outcome.fields[1][1] == "invalid_target"
    assert "name" in outcome.fields[1][4]


def test_usage_goes_before_failure(lab: Lab, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("# nothing yet\n")

    outcome = allup("check", f"{lab.base_url}/status/500", empty)

    assert outcome.code == 2
    assert outcome.fields[0][:2] == ["failed", "500"]
    assert "empty.txt" in outcome.stderr


def test_few_descriptors_mean_less_at_once_and_a_message(lab: Lab, listed: Path) -> None:
    listed.write_text("".join(f"{lab.base_url}/latency/50ms?{number}\n" for number in range(100)))

    outcome = shell('ulimit -n 64; exec $allup check "$list" --per-host 100', list=str(listed))

    assert Counter(fields[0] for fields in outcome.fields) == {"ok": 100}
    assert outcome.code == 0
    assert "the limit of open files allows" in outcome.stderr
    assert 1 < lab.stats.total.peak_in_flight < 40


def test_too_few_descriptors_to_begin_with_are_told(listed: Path) -> None:
    listed.write_text("http://127.0.0.1:1/\n")

    outcome = shell('ulimit -n 16; exec $allup check "$list"', list=str(listed))

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "the limit of open files is 16" in outcome.stderr


def test_nothing_of_a_check_reaches_a_server_twice(lab: Lab) -> None:
    allup("check", f"{lab.base_url}/ok")

    assert lab.stats.of(Server.ONE).requests == 1
