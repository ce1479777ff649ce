"""HAR 1.2, held against a schema of it that nobody here wrote."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft6Validator

from allup.model.attempt import Attempt, Hop, Timings
from allup.model.result import Result, judged, unreadable
from allup.model.target import InvalidTarget, Target
from allup.report.format import ReportFormat
from unit.report.hostile import RESULTS, written

SCHEMA = json.loads(Path(__file__).with_name("har_1_2_schema.json").read_text())
VALID = Draft6Validator(SCHEMA, format_checker=Draft6Validator.FORMAT_CHECKER)
TARGET = Target(url="https://example.org/?a=1&b=", href="", host="")


def log(results: list[Result]) -> Any:
    document = json.loads(written(ReportFormat.HAR, results))
    VALID.validate(document)
    return document["log"]


def entry_of(attempt: Attempt) -> Any:
    return log([judged(0, TARGET, attempt)])["entries"][0]


def test_an_entry_is_the_last_request(one_of_each: list[Result]) -> None:
    its = log(one_of_each)
    assert (its["version"], its["creator"]["name"]) == ("1.2", "allup")
    assert [entry["response"]["status"] for entry in its["entries"]] == [200, 200, 404, 0]
    assert its["entries"][2]["response"]["statusText"] == "Not Found"
    assert its["entries"][2]["comment"] == "failed: docs (https://gone.example/): 404 Not Found, expected 200-299"
    assert its["entries"][3]["response"]["_error"] == "no answer"


def test_times_are_those_of_the_specification() -> None:
    timings = Timings(blocked_s=0.5, connect_s=0.02, ssl_s=0.04, send_s=0.001, wait_s=0.1)
    entry = entry_of(Attempt(started_at=1769860800.5, elapsed_s=0.2, method="GET", status=200, timings=timings))
    # TLS counts as connecting, and again as itself; what is not optional is no less than 0.
    expected = {"blocked": 500, "dns": -1, "connect": 60, "ssl": 40, "send": 1, "wait": 100, "receive": 0}
    assert entry["timings"] == expected
    assert entry["time"] == pytest.approx(661)
    assert entry["startedDateTime"] == "2026-01-31T12:00:00.000Z"


def test_a_request_after_redirects_begins_after_them() -> None:
    hops = (Hop(status=301, url="https://example.org/old"),)
    attempt = Attempt(
        started_at=1769860800.0,
        elapsed_s=0.3,
        method="GET",
        status=200,
        redirects=hops,
        final_url="https://example.org/new?x",
        timings=Timings(blocked_s=0.0, wait_s=0.1),
    )
    entry = entry_of(attempt)
    assert entry["startedDateTime"] == "2026-01-31T12:00:00.200Z"
    assert entry["request"]["url"] == "https://example.org/new?x"
    assert entry["request"]["queryString"] == [{"name": "x", "value": ""}]
    assert entry["_redirects"] == [{"status": 301, "url": "https://example.org/old"}]


def test_a_line_that_is_no_target_has_an_entry_too() -> None:
    (entry,) = log([unreadable(0, InvalidTarget(text="no url", reason="not a URL"))])["entries"]
    assert entry["request"]["url"] == "about:invalid#no%20url"
    assert entry["response"]["_error"] == "not a URL"


def test_an_archive_may_be_empty() -> None:
    assert log([])["entries"] == []


def asked_at(result: Result) -> int:
    """At how many addresses."""
    addresses = None if result.attempt is None else result.attempt.addresses
    return len([one for one in addresses or () if one.address is not None])


@given(results=RESULTS)
@settings(max_examples=25, deadline=None)
def test_no_text_of_others_changes_the_archive(results: list[Result]) -> None:
    text = written(ReportFormat.HAR, results)
    assert len(log(results)["entries"]) == sum(max(1, asked_at(result)) for result in results)
    assert len(text.splitlines()) == len(log(results)["entries"]) + 2
    assert "##[" not in text
