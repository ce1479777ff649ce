"""`merge`: shards of a list that are put together are the list."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

from allup.lab.catalogue import BEHAVIOURS
from allup.lab.server import Lab
from cli.driving import Outcome, allup, process, shell
from cli.test_processes import fine, lasting

N = 3


def check(listed: Path, place: Path, *more: str | Path, form: str = "json") -> list[Path]:
    """Check all shards, and return their reports."""
    paths = [place / f"{index}.{form}" for index in range(1, N + 1)]
    for index, path in enumerate(paths, 1):
        allup("check", listed, "--shard", f"{index}/{N}", "-q", "--report", f"{form}={path}", *more)
    return paths


def listing(lab: Lab, listed: Path, run: str) -> Path:
    lines = [re.sub(r"(/(?:flaky|limited)/)list\b", rf"\1{run}", lab.line(one)) for one in BEHAVIOURS]
    listed.write_text("\n".join([*lines, *fine(lab, 8), *fine(lab, 8), "rubbish"]) + "\n")
    return listed


def of_every_run(records: list[dict[str, Any]], run: str) -> list[dict[str, Any]]:
    return [lasting(record, run) for record in records]


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_merged_shards_are_the_report_of_the_whole_list(lab: Lab, listed: Path, tmp_path: Path, form: str) -> None:
    # One of them after the other: the lab's limits are for one run.
    whole = allup("check", listing(lab, listed, f"whole-{form}"), "-f", "json", "--timeout", "1s")
    reports = check(listing(lab, listed, f"parts-{form}"), tmp_path, "--timeout", "1s", form=form)

    together = allup("merge", *reports, "-f", "json")

    assert (together.code, together.stderr) == (whole.code, "")
    told = of_every_run(together.document["results"], f"parts-{form}")
    assert told == of_every_run(whole.document["results"], f"whole-{form}")
    of_one_run = dict.fromkeys(["wall_s", "peak_in_flight", "limited_by", "loop_lag_ms", "timings_suspect"])
    counted = [one.document["summary"] | of_one_run for one in (together, whole)]
    assert counted[0] == counted[1]
    assert counted[0]["repeats"] == 8


def test_without_a_word_the_format_is_that_of_the_reports(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text("\n".join(fine(lab, 9)) + "\n")
    lines = allup("merge", *check(listed, tmp_path, form="jsonl"), terminal=True)
    assert [record["line"] for record in lines.records] == list(range(1, 10))
    assert {record["index"] for record in lines.records} == {None}
    assert allup("merge", *check(listed, tmp_path)).document["summary"]["targets"] == 9
    assert JUnitXml.fromstring(allup("merge", *check(listed, tmp_path, form="junit")).stdout.encode()).tests == 9


def test_every_format_can_be_made_of_json(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text("\n".join([*fine(lab, 3), f"{lab.base_url}/status/404"]) + "\n")
    reports = check(listed, tmp_path, form="jsonl")
    files = [f"--report={form}={tmp_path / form}" for form in ("junit", "html", "csv", "prometheus", "tap")]

    outcome = allup("merge", *reports, "-f", "lines", "--only", "failed", *files)

    assert (outcome.code, outcome.stderr) == (1, "")
    assert [fields[:2] for fields in outcome.fields] == [["failed", "404"]]
    assert JUnitXml.fromfile(str(tmp_path / "junit")).tests == 4
    assert len((tmp_path / "csv").read_text().splitlines()) == 5
    assert "allup_up{" in (tmp_path / "prometheus").read_text()


def test_junit_is_merged_case_by_case(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text("\n".join([*fine(lab, 6), f"{lab.base_url}/status/404 name=one", "rubbish"]) + "\n")
    reports = check(listed, tmp_path, "--order", "completion", form="junit")
    assert all(JUnitXml.fromfile(str(path)) is not None for path in reports)
    path = tmp_path / "all.xml"

    outcome = allup("merge", *reports, "--report", f"junit={path}")

    assert (outcome.code, outcome.stderr, path.read_text()) == (1, "", outcome.stdout)
    (suite,) = JUnitXml.fromstring(outcome.stdout.encode())
    assert [case._elem.get("line") for case in suite] == [str(line) for line in range(1, 9)]
    assert (suite.tests, suite.failures) == (8, 2)
    assert "<?allup" not in outcome.stdout


@pytest.mark.parametrize("form", ["json", "junit"])
def test_groups_are_judged_over_all_shards(lab: Lab, listed: Path, tmp_path: Path, form: str) -> None:
    here, there = fine(lab, 2)
    listed.write_text(f"{here} group='<one?>' expect=404\n{there} group='<one?>'\n")
    assert allup("merge", *check(listed, tmp_path, form=form)).code == 0
    listed.write_text(f"{here} group=one expect=404\n{there} group=one expect=404\n")
    assert allup("merge", *check(listed, tmp_path, form=form)).code == 1


@pytest.mark.parametrize("form", ["jsonl", "junit"])
def test_what_counts_as_a_failure_is_said_again(lab: Lab, listed: Path, tmp_path: Path, form: str) -> None:
    listed.write_text(f"{lab.base_url}/status/503 retries=0\n")
    reports = check(listed, tmp_path, form=form)
    assert allup("merge", *reports).code == 1
    assert allup("merge", *reports, "--fail-on", "definite").code == 0


def test_what_was_known_to_fail_is_no_news_in_the_whole(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text("\n".join([*fine(lab, 6), f"{lab.base_url}/status/404"]) + "\n")
    last = tmp_path / "last.json"
    last.write_text(allup("check", listed, "-f", "json").stdout)
    for form in ("json", "junit"):
        reports = check(listed, tmp_path, "--baseline", last, "--fail-on", "new", form=form)
        assert allup("merge", *reports, "--fail-on", "new").code == 0
    summary = allup("merge", *check(listed, tmp_path, "--baseline", last)).document["summary"]["baseline"]
    assert (summary["still_failed"], summary["gone"], summary["new"]) == (1, 0, 0)


def test_a_shard_that_is_missing_is_an_error_and_writes_nothing(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text("\n".join(fine(lab, 9)) + "\n")
    reports = check(listed, tmp_path)
    outcome = allup("merge", *reports[:2], "--report", f"html={tmp_path / 'all.html'}")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == "allup: 1 of 3 shards missing: 3\n"
    assert not (tmp_path / "all.html").exists()


def test_another_list_does_not_fit(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text("\n".join(fine(lab, 9)) + "\n")
    reports = check(listed, tmp_path)
    allup("check", listed, "--shard", f"3/{N}", "-q", "--report", f"json={reports[2]}", "--expect", "2xx")
    outcome = allup("merge", *reports)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "are not of one list with the same options" in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{tmp}/none.json",), "cannot read {tmp}/none.json: No such file or directory"),
        (("{tmp}",), "cannot read {tmp}: Is a directory"),
        (("{tmp}/1.junit", "{tmp}/1.json"), "junit reports come together as junit alone"),
        (("{tmp}/1.junit", "-f", "json"), "junit reports come together as junit alone"),
        (("{tmp}/1.junit", "--only", "failed"), "junit reports come together as junit alone"),
    ],
)
def test_what_cannot_be_merged_is_a_usage_error(
    lab: Lab, listed: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    listed.write_text(f"{lab.base_url}/ok\n")
    for form in ("json", "junit"):
        check(listed, tmp_path, form=form)
    outcome = allup("merge", *(one.format(tmp=tmp_path) for one in arguments))
    assert (outcome.code, outcome.stdout) == (2, "")
    assert said.format(tmp=tmp_path) in outcome.stderr


def test_a_reader_that_goes_away_is_no_error(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text("\n".join(fine(lab, 300)) + "\n")
    reports = " ".join(map(str, check(listed, tmp_path, form="jsonl")))
    outcome = shell("{ $allup merge $reports; echo $? >&2; } | head -n 1", reports=reports)
    assert outcome.stderr == "0\n"
    assert json.loads(outcome.stdout)["line"] == 1


def test_a_pipe_is_refused_since_it_is_read_twice(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n")
    reports = check(listed, tmp_path)
    outcome = process("merge", "/dev/stdin", *reports[1:], stdin=reports[0].read_text())
    assert outcome.code == 2
    assert "a pipe cannot be read twice: write it to a file" in outcome.stderr


def test_a_report_that_cannot_be_written_is_told(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n")
    outcome: Outcome = allup("merge", *check(listed, tmp_path), "--report", f"csv={tmp_path}/no/such/file")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "No such directory" in outcome.stderr
