"""A result that is read back from a journal is the one that was written, but for what may be a secret."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.model.attempt import AddressOutcome, Attempt, Hop, Timings, Tls
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.result import Result, Verdict
from allup.run.journal.fields import BadField
from allup.run.journal.record import decoded, encoded
from unit.fake_client import target_of

SECONDS = st.floats(0, 4e9)
TEXTS = st.text(st.characters(codec=None), max_size=20)
MAYBE_SECONDS, MAYBE_TEXT, MAYBE_WHOLE = (st.none() | one for one in (SECONDS, TEXTS, st.integers(0, 10**12)))
FAILURES = st.builds(
    Failure,
    kind=st.sampled_from(FailureKind),
    certainty=st.sampled_from(Certainty),
    phase=st.none() | st.sampled_from(Phase),
    detail=TEXTS,
    hint=MAYBE_TEXT,
)
ADDRESSES = st.builds(
    AddressOutcome,
    address=MAYBE_TEXT,
    verdict=st.sampled_from(Verdict),
    status=MAYBE_WHOLE,
    failure=st.none() | FAILURES,
    started_at=MAYBE_SECONDS,
    elapsed_s=MAYBE_SECONDS,
    timings=st.builds(Timings, wait_s=MAYBE_SECONDS),
    counts=st.booleans(),
)
ATTEMPTS = st.builds(
    Attempt,
    started_at=SECONDS,
    elapsed_s=SECONDS,
    method=TEXTS,
    failure=st.none() | FAILURES,
    status=MAYBE_WHOLE,
    final_url=MAYBE_TEXT,
    location=MAYBE_TEXT,
    redirects=st.lists(st.builds(Hop, status=st.integers(100, 599), url=TEXTS), max_size=3).map(tuple),
    timings=st.builds(Timings, **{one.name: MAYBE_SECONDS for one in fields(Timings)}),
    address=MAYBE_TEXT,
    http_version=MAYBE_TEXT,
    content_type=MAYBE_TEXT,
    content_length=MAYBE_WHOLE,
    robot_wall=MAYBE_TEXT,
    retry_after_s=MAYBE_SECONDS,
    tls=st.none() | st.builds(Tls, version=TEXTS, expires_at=MAYBE_SECONDS),
    addresses=st.none() | st.lists(ADDRESSES, max_size=3).map(tuple),
)
RESULTS = st.builds(
    Result,
    index=st.integers(0, 10**6),
    entry=st.just(target_of(1)),
    verdict=st.sampled_from(Verdict),
    failure=st.none() | FAILURES,
    attempt=st.none() | ATTEMPTS,
    attempts=st.integers(0, 9),
)


@given(RESULTS)
def test_a_result_comes_back_as_it_was(result: Result) -> None:
    line = encoded(result)
    assert b"\n" not in line
    assert decoded(line, result.index, target_of(1)) == result


def test_all_of_an_attempt_is_in_the_test_above_but_what_is_left_out() -> None:
    full = Attempt(started_at=1, elapsed_s=2, method="GET", location_href="http://me:s3cr3t@b.example/")
    result = Result(index=0, entry=target_of(1), verdict=Verdict.OK, attempt=full, attempts=1)
    assert b"s3cr3t" not in encoded(result)
    assert {one.name for one in fields(Attempt)} == {
        *("started_at", "elapsed_s", "method", "failure", "status", "final_url", "location", "location_href"),
        *("redirects", "timings", "address", "http_version", "content_type", "content_length", "robot_wall"),
        *("retry_after_s", "tls", "addresses"),
    }, "what is new has to be written and read, too"
    assert {one.name for one in fields(Result)} == {
        *("index", "entry", "verdict", "failure", "attempt", "attempts", "past")
    }, "what is new has to be written and read, too"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(RESULTS, JSON, st.data())
def test_what_somebody_else_has_written_is_a_result_or_refused(result: Result, junk: Any, data: st.DataObject) -> None:
    held = json.loads(encoded(result))
    parts = [held, *(one for one in held.values() if isinstance(one, dict))]
    part = data.draw(st.sampled_from(parts))
    part[data.draw(st.sampled_from([*part, "phase", "tls", "redirects"]))] = junk
    try:
        read = decoded(json.dumps(held).encode(), 0, target_of(1))
    except BadField:
        return
    assert replace(read, index=0) == read
    assert encoded(read)


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b"{", b"\xff", b"[" * 100_000, b'{"verdict":"ok","attempts":true}']
)
def test_what_is_no_result_is_refused(text: bytes) -> None:
    with pytest.raises(BadField):
        decoded(text, 0, target_of(1))
