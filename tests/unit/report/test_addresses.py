"""What every format says of a target whose addresses disagree."""

import json
from dataclasses import replace
from typing import Any

import pytest

from allup.model.attempt import AddressOutcome, Attempt, Timings
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.result import Result, Verdict, judged
from allup.model.target import Target
from allup.report.format import ReportFormat
from unit.report.hostile import written

TARGET = Target(url="https://shop.example/", href="https://shop.example/", host="shop.example:443")
REFUSED = Failure(
    kind=FailureKind.CONNECT_REFUSED, certainty=Certainty.TRANSIENT, phase=Phase.CONNECT, detail="refused"
)
GOOD = AddressOutcome(
    address="192.0.2.1",
    verdict=Verdict.OK,
    status=200,
    started_at=1769860800.0,
    elapsed_s=0.25,
    timings=Timings(wait_s=0.2),
)
BAD = AddressOutcome(address="192.0.2.2", verdict=Verdict.FAILED, failure=REFUSED, elapsed_s=0.01)
SAID = "not as expected at 1 of 2 addresses: 192.0.2.2 (connect_refused)"
OF_MANY = 60


def result_of(*addresses: AddressOutcome, index: int = 0, attempts: int = 1) -> Result:
    attempt = Attempt(
        started_at=1769860800.0, elapsed_s=0.25, method="GET", status=200, address="192.0.2.1", addresses=addresses
    )
    return judged(index, TARGET, attempt, attempts=attempts)


def plain(index: int) -> Result:
    return replace(result_of(index=index), attempt=Attempt(started_at=0.0, elapsed_s=0.1, method="GET", status=200))


def test_a_record_has_one_entry_an_address() -> None:
    record = json.loads(written(ReportFormat.JSONL, [result_of(GOOD, BAD)]))
    nothing: dict[str, Any] = dict.fromkeys(("blocked", "dns", "connect", "ssl", "send", "wait", "receive"))
    assert record["addresses"] == [
        {
            "address": "192.0.2.1",
            "verdict": "ok",
            "status": 200,
            "failure": None,
            "elapsed_ms": 250.0,
            "timings_ms": nothing | {"wait": 200.0},
        },
        {
            "address": "192.0.2.2",
            "verdict": "failed",
            "status": None,
            "failure": record["addresses"][1]["failure"],
            "elapsed_ms": 10.0,
            "timings_ms": nothing,
        },
    ]
    assert record["addresses"][1]["failure"]["kind"] == "connect_refused"


def test_without_the_option_there_is_none() -> None:
    assert json.loads(written(ReportFormat.JSONL, [plain(0)]))["addresses"] is None


@pytest.mark.parametrize(
    "format_",
    [ReportFormat.LINES, ReportFormat.MARKDOWN, ReportFormat.JUNIT, ReportFormat.GITHUB],
)
def test_what_is_as_expected_says_which_address_is_not(format_: ReportFormat) -> None:
    assert SAID in written(format_, [result_of(GOOD, BAD)])


def test_a_table_of_many_shows_the_one_whose_addresses_disagree() -> None:
    table = written(ReportFormat.TABLE, [*map(plain, range(OF_MANY)), result_of(GOOD, BAD, index=OF_MANY)])
    assert "1 of 2 addresses" in " ".join(table.split())


def test_a_flaky_one_says_both() -> None:
    line = written(ReportFormat.LINES, [result_of(GOOD, BAD, attempts=2)])
    assert f"as expected at attempt 2, {SAID}" in line


def test_a_har_has_an_entry_for_each_address() -> None:
    entries = json.loads(written(ReportFormat.HAR, [result_of(GOOD, BAD), plain(1)]))["log"]["entries"]
    assert [entry.get("serverIPAddress") for entry in entries] == ["192.0.2.1", "192.0.2.2", None]
    assert [entry["response"]["status"] for entry in entries] == [200, 0, 200]
    assert entries[1]["response"]["_error"] == "refused"
