"""How hard hosts are pressed: so many at once, and so many in a time."""

import time
from pathlib import Path

import pytest

from allup.lab.behaviour import WEB_SERVERS, Behaviour, Server
from allup.lab.server import Lab
from cli.driving import allup


def on(lab: Lab, server: Server, path: str) -> str:
    return lab.url(Behaviour(name="", about="", path=path, server=server))


def many(lab: Lab, count: int, path: str, server: Server = Server.ONE) -> str:
    return "".join(f"{on(lab, server, f'{path}?{number}')}\n" for number in range(count))


@pytest.mark.parametrize("cap", [1, 4])
@pytest.mark.parametrize("command", ["check", "compare"])
def test_a_host_has_so_many_in_flight_and_no_more(lab: Lab, listed: Path, command: str, cap: int) -> None:
    listed.write_text("".join(many(lab, 10, "/latency/20ms", server) for server in WEB_SERVERS))

    outcome = allup(command, listed, "--per-host", str(cap), "-c", "30")

    assert outcome.code == 0
    assert {lab.stats.of(server).peak_in_flight for server in WEB_SERVERS} == {cap}


def test_a_host_has_ten_in_flight_by_default(lab: Lab, listed: Path) -> None:
    listed.write_text(many(lab, 24, "/latency/100ms"))

    allup("check", listed)

    assert lab.stats.of(Server.ONE).peak_in_flight == 10


def test_a_comparison_has_no_limit_for_a_host_unless_asked(lab: Lab, listed: Path) -> None:
    listed.write_text(many(lab, 24, "/latency/100ms"))

    allup("compare", listed, "-c", "20")

    assert 10 < lab.stats.of(Server.ONE).peak_in_flight <= 20


def seconds(*arguments: str | Path) -> float:
    began_at = time.monotonic()
    outcome = allup(*arguments)
    assert outcome.code == 0, outcome
    return time.monotonic() - began_at


@pytest.mark.parametrize("rate", ["10", "10/s", "600/m"])
def test_a_rate_spaces_targets_evenly(lab: Lab, listed: Path, rate: str) -> None:
    listed.write_text(many(lab, 4, "/ok") + many(lab, 3, "/ok", Server.TWO))

    assert 0.6 <= seconds("check", listed, "--rate", rate) < 5
    assert lab.stats.total.peak_in_flight == 1


def test_a_rate_for_each_host_is_for_each_host(lab: Lab, listed: Path) -> None:
    listed.write_text("".join(many(lab, 7, "/ok", server) for server in WEB_SERVERS))

    assert 0.6 <= seconds("check", listed, "--per-host-rate", "10/s") < 2.5


def test_both_rates_hold(lab: Lab, listed: Path) -> None:
    listed.write_text(many(lab, 3, "/ok") + many(lab, 3, "/ok", Server.TWO))

    assert 0.5 <= seconds("check", listed, "--per-host-rate", "1000/s", "--rate", "10/s") < 5


def test_waiting_for_a_rate_is_no_part_of_a_latency(lab: Lab, listed: Path) -> None:
    listed.write_text(many(lab, 5, "/ok"))

    outcome = allup("check", listed, "--rate", "10/s", "--timeout", "250ms", "-f", "jsonl")

    assert [record["verdict"] for record in outcome.records] == ["ok"] * 5
    assert outcome.records[-1]["timings_ms"]["blocked"] >= 350
    assert max(record["elapsed_ms"] for record in outcome.records) < 250


@pytest.mark.parametrize(
    ("option", "value", "wrong"),
    [
        ("--per-host", "0", "1"),
        ("--per-host", "many", "integer"),
        ("--per-host", "10001", "10000"),
        ("--rate", "0", "'0' is not a rate"),
        ("--rate", "fast", "'fast' is not a rate"),
        ("--rate", "5/day", "'5/day' is not a rate"),
        ("--rate", "-1", "'-1' is not a rate"),
        ("--rate", "inf", "'inf' is not a rate"),
        ("--rate", "nan", "'nan' is not a rate"),
        ("--per-host-rate", "5/", "'5/' is not a rate"),
        ("--per-host-rate", "1e9/s", "'1e9/s' is not a rate"),
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
