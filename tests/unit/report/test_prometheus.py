"""Prometheus' text format, as the parser of its client library reads it."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from prometheus_client.parser import text_string_to_metric_families

from allup.model.result import Result, Verdict
from allup.report.format import ReportFormat
from unit.report.hostile import RESULTS, written

MakeResult = Callable[..., Result]
Labels = tuple[tuple[str, str], ...]


def samples(results: list[Result]) -> dict[str, list[tuple[dict[str, str], float]]]:
    """What was written, by metric; each metric is there once, and no sample twice."""
    text = written(ReportFormat.PROMETHEUS, results)
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert len(set(names)) == len(names)
    assert all(family.type == "gauge" and family.documentation for family in families)
    for family in families:
        keys = [(one.name, *sorted(one.labels.items())) for one in family.samples]
        assert len(set(keys)) == len(keys)
        assert {one.name for one in family.samples} == {family.name}
    assert len([line for line in text.splitlines() if line[0] != "#"]) == sum(len(one.samples) for one in families)
    return {family.name: [(one.labels, one.value) for one in family.samples] for family in families}


def test_what_is_not_known_is_neither_up_nor_down(one_of_each: list[Result]) -> None:
    its = samples(one_of_each)
    assert [value for _, value in its["allup_up"]] == [1, 1, 0]
    assert its["allup_up"][2][0] == {"url": "https://gone.example/", "name": "docs", "source": "urls.txt"}
    assert [(labels["kind"], labels["certainty"]) for labels, _ in its["allup_failure"]] == [
        ("status", "definite"),
        ("local", "definite"),
    ]
    assert [value for _, value in its["allup_http_status_code"]] == [200, 200, 404]
    assert [value for _, value in its["allup_duration_seconds"]] == [0.1234] * 4
    assert its["allup_targets"] == [({"verdict": verdict.value}, 1) for verdict in Verdict]
    assert its["allup_run_duration_seconds"] == [({}, 1.3)]
    assert its["allup_run_timestamp_seconds"][0][1] > 1_700_000_000


def test_a_target_that_is_listed_again_has_labels_of_its_own(make_result: MakeResult) -> None:
    up = samples([make_result(index=at) for at in range(3)])["allup_up"]
    assert [labels.get("entry") for labels, _ in up] == [None, "2", "3"]


def test_a_run_without_results_is_valid() -> None:
    assert set(samples([])) == {"allup_targets", "allup_run_duration_seconds", "allup_run_timestamp_seconds"}


@given(results=RESULTS)
@settings(max_examples=25, deadline=None)
def test_no_text_of_others_is_a_sample(results: list[Result]) -> None:
    its = samples([replace(one, index=at) for at, one in enumerate(results)])
    assert len(its.get("allup_up", [])) == sum(one.verdict is not Verdict.UNCHECKED for one in results)
    assert len(its.get("allup_attempts", [])) == len(results)
