"""The schemas are those of what is written."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from allup.model.comparison import Comparison, Latencies
from allup.model.failure import Certainty, FailureKind, Phase
from allup.model.history import History, Incident, TargetHistory
from allup.model.race import Finish, RaceOutcome
from allup.model.result import Result, Verdict
from allup.model.resumption import Resumption
from allup.model.settings import Strategy
from allup.model.state import State, Transition
from allup.report.comparison_format import ComparisonFormat
from allup.report.format import ReportFormat
from allup.report.history_format import HistoryFormat
from allup.report.race_format import RaceFormat
from allup.report.schema import SchemaName
from allup.report.transition_format import TransitionFormat
from unit.report.hostile import RESULTS, written

RESUMED = st.none() | st.builds(Resumption, results=st.integers(1, 9), began_at=st.floats(0, 1e11))


def closed(schema: Any) -> Any:
    """The same schema, which takes no key that it does not name: later versions may add some, this one has none."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(one) for name, one in schema.items()}
    return {"additionalProperties": False} | inner if "required" in schema else inner


def validator(name: SchemaName) -> Any:
    schema = json.loads(name.text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(closed(schema), format_checker=Draft202012Validator.FORMAT_CHECKER)


CHECK, RECORD, COMPARE, RACE, TRANSITION, HISTORY = (validator(name) for name in SchemaName)


@given(
    results=RESULTS, resumed=st.none() | st.builds(Resumption, results=st.integers(1, 9), began_at=st.floats(0, 1e11))
)
@settings(max_examples=25, deadline=None)
def test_whatever_is_written_is_what_the_schemas_say(results: list[Result], resumed: Resumption | None) -> None:
    CHECK.validate(json.loads(written(ReportFormat.JSON, results, resumed)))
    for line in written(ReportFormat.JSONL, results).splitlines():
        RECORD.validate(json.loads(line))


@pytest.mark.parametrize("change", [{"verdict": "fine"}, {"line": 0}, {"status": "200"}, {"tls": {}}, {"more": 1}])
def test_a_record_of_another_shape_is_refused(one_of_each: list[Result], change: dict[str, object]) -> None:
    record = json.loads(written(ReportFormat.JSONL, one_of_each[:1]))
    with pytest.raises(ValidationError):
        RECORD.validate(record | change)
    with pytest.raises(ValidationError):
        RECORD.validate({key: value for key, value in record.items() if key != "verdict"})


@given(results=RESULTS, places=st.lists(st.booleans(), min_size=4, max_size=4))
@settings(max_examples=25, deadline=None)
def test_a_race_is_what_its_schema_says(results: list[Result], places: list[bool]) -> None:
    finishes = [
        Finish(result=result, started_s=0.1 if placed else None, ended_s=0.2, place=number if placed else None)
        for number, (result, placed) in enumerate(zip(results, places, strict=False), 1)
    ]
    outcome = RaceOutcome(need=1, finishes=tuple(finishes), wall_s=0.3)
    stream = io.StringIO()
    RaceFormat.JSON.write(outcome, stream)
    RACE.validate(json.loads(stream.getvalue()))


def test_a_comparison_is_what_its_schema_says(make_row: Any, compare: Any) -> None:
    comparison: Comparison = compare(make_row(), make_row(latencies_s=(), slowest=None))
    stream = io.StringIO()
    ComparisonFormat.JSON.write(comparison, stream)
    COMPARE.validate(json.loads(stream.getvalue()))


@given(result=RESULTS.filter(bool).map(lambda results: results[0]), group_state=st.sampled_from([None, *State]))
@settings(max_examples=25, deadline=None)
def test_a_transition_is_what_its_schema_says(result: Result, group_state: State | None) -> None:
    change = Transition(
        at=1.5, since=0.5, before=State.UNKNOWN, after=State.DOWN, result=result, group_state=group_state
    )
    TRANSITION.validate(json.loads(TransitionFormat.JSONL.line(change)))


@pytest.mark.parametrize("empty", [True, False])
def test_a_history_is_what_its_schema_says(*, empty: bool) -> None:
    incident = Incident(since=1.0, until=None, outcome="503", detail="503 Service Unavailable")
    target = TargetHistory(
        url="https://example.org/",
        name=None,
        state=State.UNKNOWN if empty else State.DOWN,
        since=None if empty else 1.0,
        ok=0 if empty else 3,
        failed=0 if empty else 4,
        unchecked=0,
        latencies=Latencies.of(() if empty else (0.1, 0.2)),
        incidents=() if empty else (incident, replace(incident, until=2.0)),
    )
    stream = io.StringIO()
    HistoryFormat.JSON.write(History(began_at=0.0, now=9.0, targets=(target,)), stream)
    HISTORY.validate(json.loads(stream.getvalue()))


def test_the_words_are_those_that_there_are() -> None:
    check = json.loads(SchemaName.CHECK.text())["$defs"]
    failure = check["failure"]["properties"]
    assert check["record"]["properties"]["verdict"]["enum"] == list(Verdict)
    assert failure["kind"]["enum"] == check["summary"]["properties"]["kinds"]["propertyNames"]["enum"]
    assert failure["kind"]["enum"] == list(FailureKind)
    assert failure["certainty"]["enum"] == list(Certainty)
    assert failure["phase"]["enum"] == [*Phase, None]
    row = json.loads(SchemaName.COMPARE.text())["$defs"]["row"]
    assert row["properties"]["strategy"]["enum"] == list(Strategy)
