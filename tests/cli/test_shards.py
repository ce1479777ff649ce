"""`--shard`: a part of a list each, and no word between those who check them."""

import json
from pathlib import Path
from typing import Any

import pytest

from allup.lab.behaviour import WEB_SERVERS, Behaviour
from allup.lab.server import Lab
from allup.model.shard import shard_of
from cli.driving import Outcome, allup, process

N = 3


def lines(lab: Lab, count: int = 24) -> list[str]:
    """Lines over all of the lab's servers, each of which is a host."""
    urls = [
        lab.url(Behaviour(name="", about="", path=f"/ok?{number}", server=WEB_SERVERS[number % len(WEB_SERVERS)]))
        for number in range(count)
    ]
    return [*urls, "no url", f"{lab.base_url}/status/404", urls[0], f"{urls[1]} nonsense=1"]


def shards(listed: Path, *arguments: str | Path, count: int = N) -> list[Outcome]:
    return [allup("check", listed, "--shard", f"{index}/{count}", *arguments) for index in range(1, count + 1)]


def known(record: dict[str, Any]) -> tuple[object, ...]:
    return (record["line"], record["url"], record["verdict"], record["status"])


def test_the_shards_have_every_target_once(lab: Lab, listed: Path) -> None:
    listed.write_text("\n".join(lines(lab)) + "\n")
    whole = allup("check", listed, "-f", "json").document

    outcomes = shards(listed, "-f", "json")

    documents = [outcome.document for outcome in outcomes]
    told = sorted((one for document in documents for one in document["results"]), key=lambda one: one["index"])
    assert list(map(known, told)) == list(map(known, whole["results"]))
    assert [one["index"] for one in told] == [*range(1, 27), 28]
    assert {one["index"] for one in whole["results"]} == {None}
    assert sum(document["summary"]["repeats"] for document in documents) == 1
    says = [document["summary"]["shard"] for document in documents]
    assert [(one["index"], one["count"], one["listed"], one["targets"]) for one in says] == [
        (index, N, 28, 26) for index in (1, 2, 3)
    ]
    assert len({one["digest"] for one in says}) == 1
    assert whole["summary"]["shard"] is None
    assert all("has nothing to do" in outcome.stderr for outcome in outcomes if outcome.stderr)
    assert max(outcome.code for outcome in outcomes) == 1


def test_a_host_is_asked_by_one_of_them(lab: Lab, listed: Path) -> None:
    listed.write_text("\n".join(lines(lab)) + "\n")
    places = [{one["url"].split("?")[0] for one in outcome.records[:-1] if one["status"]} for outcome in shards(
        listed, "-f", "jsonl"
    )]  # fmt: skip
    hosts = [{place.split("/")[2] for place in those} for those in places]
    assert sum(map(len, hosts)) == len(set().union(*hosts))


def test_json_lines_of_a_shard_end_with_what_it_was(lab: Lab, listed: Path) -> None:
    listed.write_text("\n".join(lines(lab)) + "\n")
    *told, end = shards(listed, "-f", "jsonl")[0].records
    assert set(end) == {"schema", "summary"}
    assert (end["schema"], end["summary"]["targets"]) == ("allup.check/1", len(told))
    assert end["summary"]["shard"]["index"] == 1


@pytest.mark.parametrize("option", ["--input-format", "--baseline"])
def test_json_lines_of_a_shard_can_be_read_again(lab: Lab, listed: Path, tmp_path: Path, option: str) -> None:
    listed.write_text(f"{lab.base_url}/ok\n")
    report = tmp_path / "report.jsonl"
    report.write_text(allup("check", listed, "--shard", "1/1", "-f", "jsonl").stdout)
    again = ("check", report) if option == "--input-format" else ("check", listed, "--baseline", report)
    outcome = allup(*again, "-f", "json")
    assert (outcome.code, outcome.stderr, len(outcome.document["results"])) == (0, "", 1)


def test_a_shard_that_has_nothing_to_do_is_no_fault_and_reports_it(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n")
    outcomes = shards(listed, "-f", "json", "--report", f"junit={tmp_path / 'report.xml'}")
    assert [outcome.code for outcome in outcomes] == [0, 0, 0]
    idle = [outcome for outcome in outcomes if outcome.stderr]
    assert len(idle) == N - 1
    for outcome in idle:
        assert "has nothing to do: all of the list (1) is in others" in outcome.stderr
        assert outcome.document["results"] == []
        assert outcome.document["summary"]["shard"]["listed"] == 1


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("# nothing\n", (), "there is no target in it"),
        ("https://example.org\n", ("--exclude", "example"), "nothing is left to check"),
        ("https://example.org\n", ("--min-targets", "2"), "too few targets: 1 where --min-targets asks for 2"),
    ],
)
@pytest.mark.parametrize("command", ["check", "list"])
def test_a_list_that_is_too_short_is_an_error_in_every_shard(
    listed: Path, command: str, text: str, more: tuple[str, ...], said: str
) -> None:
    listed.write_text(text)
    for index in (1, 2):
        outcome = allup(command, listed, "--shard", f"{index}/2", "--retries", "0", "--timeout", "1ms", *more)
        assert outcome.code == 2
        assert said in outcome.stderr


def test_a_list_shows_what_a_shard_would_check(lab: Lab, listed: Path) -> None:
    listed.write_text("\n".join(lines(lab)) + "\n")
    shown = [allup("list", listed, "--shard", f"{index}/2") for index in (1, 2)]
    assert sorted(line for one in shown for line in one.stdout.splitlines()) == sorted(
        allup("list", listed).stdout.splitlines()
    )


def test_a_shard_of_which_there_is_nothing_to_show_says_so() -> None:
    outcomes = [allup("list", "https://example.org", "--shard", f"{index}/2") for index in (1, 2)]
    assert [outcome.code for outcome in outcomes] == [0, 0]
    assert sorted(bool(outcome.stdout) for outcome in outcomes) == [False, True]
    (idle,) = (outcome for outcome in outcomes if not outcome.stdout)
    assert idle.stderr.startswith("allup: shard ")


def test_a_baseline_lacks_nothing_that_other_shards_have(lab: Lab, listed: Path, tmp_path: Path) -> None:
    listed.write_text("\n".join(lines(lab)) + "\nhttps://gone.invalid/ timeout=1ms retries=0\n")
    baseline = tmp_path / "last.json"
    baseline.write_text(allup("check", listed, "-f", "json").stdout)
    listed.write_text("\n".join(lines(lab)) + "\n")

    outcomes = shards(listed, "-f", "json", "--baseline", baseline)

    changes = [outcome.document["summary"]["baseline"] for outcome in outcomes]
    assert sum(one["gone"] for one in changes) == 1
    assert sum(one["new"] for one in changes) == 0


def test_a_group_is_judged_by_what_a_shard_has_of_it(lab: Lab, listed: Path) -> None:
    here, there = lines(lab)[:2]
    listed.write_text(f"{here} group=one expect=404\n{there} group=one\n")
    assert allup("check", listed).code == 0
    hosts = [place.split("/")[2] for place in (here, there)]
    count = next(count for count in range(2, 10_001) if len({shard_of(host, count) for host in hosts}) == 2)
    shards = [f"{shard_of(host, count) + 1}/{count}" for host in hosts]
    assert [allup("check", listed, "--shard", shard).code for shard in shards] == [1, 0]


def test_a_shard_is_split_again_over_processes(lab: Lab, listed: Path) -> None:
    listed.write_text("\n".join(lines(lab)) + "\n")
    outcomes = [process("check", listed, "--shard", f"{index}/2", "--processes", "2", "-f", "json") for index in (1, 2)]
    told = [one["index"] for outcome in outcomes for one in json.loads(outcome.stdout)["results"]]
    assert sorted(told) == [*range(1, 27), 28]


@pytest.mark.parametrize("value", ["", "0/4", "5/4", "1/0", "1/10001", "1-4", "a/b"])
def test_what_is_no_shard_is_a_usage_error(value: str) -> None:
    outcome = allup("check", "https://example.org", "--shard", value)
    assert outcome.code == 2
    assert "is not a shard: K/N, as in 1/4" in outcome.complaint


def test_a_shard_may_be_configured(tmp_path: Path) -> None:
    variables = {"ALLUP_SHARD": "2/4"}
    assert 'shard = "2/4"' in allup("config", directory=tmp_path, variables=variables).stdout
