"""How many at once, how long, in which order, and what is done once only."""

from pathlib import Path

import pytest

from allup.lab.behaviour import Server
from allup.lab.catalogue import named
from allup.lab.server import Lab
from cli.driving import allup


def many(lab: Lab, count: int, path: str) -> str:
    return "".join(f"{lab.base_url}{path}?{number}\n" for number in range(count))


@pytest.mark.parametrize("option", ["-c", "--concurrency"])
@pytest.mark.parametrize("cap", [1, 3, 7])
def test_so_many_are_in_flight_and_no_more(lab: Lab, listed: Path, option: str, cap: int) -> None:
    listed.write_text(many(lab, 3 * cap, "/latency/50ms"))

    outcome = allup("check", listed, option, str(cap), "-f", "json")

    assert lab.stats.total.peak_in_flight == cap
    assert outcome.document["summary"]["peak_in_flight"] == cap


def test_a_hundred_are_in_flight_by_default(lab: Lab, listed: Path) -> None:
    listed.write_text(many(lab, 120, "/latency/1500ms"))

    outcome = allup("check", listed, "-q", "--per-host", "1000")

    assert outcome.code == 0
    assert lab.stats.total.peak_in_flight == 100


@pytest.mark.parametrize("option", ["-t", "--timeout"])
def test_an_attempt_takes_no_longer_than_the_timeout(lab: Lab, option: str) -> None:
    outcome = allup("check", f"{lab.base_url}/latency/30s", option, "200ms", "-f", "jsonl")

    (record,) = outcome.records
    assert record["failure"]["kind"] == "read_timeout"
    assert "200ms" in record["failure"]["detail"]
    assert 190 <= record["elapsed_ms"] < 10_000


def test_redirects_are_within_the_timeout(lab: Lab) -> None:
    outcome = allup("check", f"{lab.base_url}/loop/a", "--max-redirects", "100", "--timeout", "10ms")

    assert outcome.fields[0][1] in ("read_timeout", "connect_timeout")
    assert "timed out after 10ms" in outcome.fields[0][4]


def test_connecting_has_a_timeout_of_its_own(lab: Lab) -> None:
    outcome = allup("check", lab.url(named("tls-silent")), "--connect-timeout", "200ms", "-f", "jsonl")

    (record,) = outcome.records
    assert record["failure"]["kind"] == "connect_timeout"
    assert record["failure"]["phase"] == "ssl"
    assert "200ms" in record["failure"]["detail"]


def test_the_timeout_for_connecting_leaves_answers_alone(lab: Lab) -> None:
    assert allup("check", f"{lab.base_url}/latency/300ms", "--connect-timeout", "100ms").code == 0


def test_waiting_for_a_turn_counts_in_no_timeout(lab: Lab, listed: Path) -> None:
    listed.write_text(many(lab, 4, "/latency/200ms"))

    outcome = allup("check", listed, "-c", "1", "-t", "600ms", "-f", "jsonl")

    assert [record["verdict"] for record in outcome.records] == ["ok"] * 4
    assert outcome.records[3]["timings_ms"]["blocked"] >= 600
    assert all(record["elapsed_ms"] < 600 for record in outcome.records)


def test_results_come_in_the_order_of_the_list(lab: Lab, listed: Path) -> None:
    urls = [f"{lab.base_url}/latency/{milliseconds}ms" for milliseconds in (200, 100, 50, 5)]
    listed.write_text("\n".join(urls))

    by_default = allup("check", listed)
    as_asked = allup("check", listed, "--order", "list")

    assert [fields[3] for fields in by_default.fields] == urls
    assert [fields[3] for fields in as_asked.fields] == urls


def test_results_come_as_they_complete_where_that_is_asked_for(lab: Lab, listed: Path) -> None:
    urls = [f"{lab.base_url}/latency/{milliseconds}ms" for milliseconds in (900, 500, 200, 5)]
    listed.write_text("\n".join(urls))

    outcome = allup("check", listed, "--order", "completion")

    assert [fields[3] for fields in outcome.fields] == urls[::-1]


def test_a_repeated_target_is_checked_once_and_counted(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n" * 3 + f"{lab.base_url}/ok#part\n{lab.base_url}/ok expect=200\n")

    outcome = allup("check", listed, "-f", "json")

    assert [record["line"] for record in outcome.document["results"]] == [1, 4, 5]
    assert outcome.document["summary"]["repeats"] == 2
    assert lab.stats.of(Server.ONE).requests == 3


def test_repeats_are_checked_every_time_where_that_is_asked_for(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n" * 3)

    outcome = allup("check", listed, "--no-dedupe", "-f", "json")

    assert [record["line"] for record in outcome.document["results"]] == [1, 2, 3]
    assert outcome.document["summary"]["repeats"] == 0
    assert lab.stats.of(Server.ONE).requests == 3
