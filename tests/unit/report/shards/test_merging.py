"""Reports of shards, put together: they say what one of the whole list would have said."""

import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from allup.lists.sharding import place_of
from allup.model.result import Result
from allup.model.settings import FailOn
from allup.model.shard import Shard, Share
from allup.model.tally import Summary, Tally
from allup.model.target import Origin
from allup.report.format import ReportFormat
from allup.report.json_text import json_text
from allup.report.record import record
from allup.report.shards.fit import MergeError
from allup.report.shards.junit_merging import JunitMerging
from allup.report.shards.merging import Merging
from allup.report.shards.opening import form_of, opened_shards
from allup.report.shards.result import result_of
from unit.report.hostile import RESULTS

MANY = RESULTS.flatmap(lambda some: st.permutations([*some, *some]))
FINE = [HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much]
FORMS = st.sampled_from([ReportFormat.JSON, ReportFormat.JSONL])


def read_back(result: Result) -> Result:
    return result_of(json.loads(json_text(record(result))), FailOn.ANY)


def has_half_a_pair(result: Result) -> bool:
    return re.search("[\ud800-\udfff]", json.dumps(record(result), ensure_ascii=False)) is not None


def summary(results: Sequence[Result], share: Share | None = None, **more: Any) -> Summary:
    tally = Tally()
    for result in results:
        tally.add(result)
    told = Summary(tally=tally, repeats=0, wall_s=1.25, peak_in_flight=3, share=share)
    return replace(told, **more)


def written(form: ReportFormat, results: Sequence[Result], told: Summary) -> str:
    stream = io.StringIO()
    report = form.report(stream)
    report.start()
    for result in results:
        report.add(result)
    report.finish(told)
    return stream.getvalue()


def numbered(result: Result, index: int | None) -> Result:
    origin = result.entry.origin
    return replace(
        result, entry=replace(result.entry, origin=Origin(source=origin.source, line=origin.line, index=index))
    )


def split(results: Sequence[Result], count: int, form: ReportFormat, place: Path, **more: Any) -> list[Path]:
    """Write the reports of all shards of a list that came to `results`."""
    paths = []
    for index in range(1, count + 1):
        shard = Shard(index=index, count=count)
        mine = [numbered(one, at) for at, one in enumerate(results, 1) if place_of(read_back(one).entry) in shard]
        share = Share(shard=shard, listed=len(results), targets=len(results), digest="d1")
        path = place / f"{index}.{form}"
        path.write_text(written(form, mine, summary(mine, share, **more)), encoding="utf-8")
        paths.append(path)
    return paths


def merged(paths: Sequence[Path], fail_on: FailOn = FailOn.ANY) -> tuple[list[Result], Summary]:
    merging = Merging(opened_shards(paths, [form_of(path) for path in paths], fail_on), fail_on)
    return list(merging), merging.summary


@given(results=RESULTS)
def test_a_record_that_is_read_says_the_same_again(results: list[Result]) -> None:
    for result in results:
        assert json_text(record(read_back(result))) == json_text(record(result))


@given(results=MANY, count=st.integers(1, 4), form=FORMS)
@settings(max_examples=40, suppress_health_check=FINE)
def test_the_shards_of_any_results_are_those_results(
    tmp_path: Path, results: list[Result], count: int, form: ReportFormat
) -> None:
    # The parser of documents puts a question mark in the place of half a pair of surrogates.
    assume(results and (form is ReportFormat.JSONL or not any(map(has_half_a_pair, results))))
    paths = split(results, count, form, tmp_path)
    together, told = merged(paths[::-1])
    assert [record(one) for one in together] == [record(numbered(one, None)) for one in results]
    assert (told.tally.verdicts, told.tally.kinds) == (summary(results).tally.verdicts, summary(results).tally.kinds)
    assert (told.wall_s, told.peak_in_flight, told.share) == (1.25, 3 * count, None)


@given(results=MANY, count=st.integers(1, 4))
@settings(max_examples=40, suppress_health_check=FINE)
def test_the_test_cases_of_the_shards_stay_as_they_are(tmp_path: Path, results: list[Result], count: int) -> None:
    assume(results)
    named = [replace(numbered(one, None), index=at) for at, one in enumerate(results)]
    paths = split(named, count, ReportFormat.JUNIT, tmp_path)
    stream = io.StringIO()
    merging = JunitMerging(paths, FailOn.ANY)
    merging.write(stream)
    whole = written(ReportFormat.JUNIT, named, summary(named))
    assert _bare(stream.getvalue()) == _bare(whole)
    tally = summary([replace(one, past=None) for one in named]).tally
    assert merging.standings.keys() <= {*tally.standings, 1, 3}


def _bare(text: str) -> list[str]:
    # A sum of rounded times is none of exact ones; a name may tell a case by its place in the run.
    return [line for line in text.splitlines() if not line.startswith(("<testsuite ", "<testsuites "))]


@pytest.fixture
def paths(tmp_path: Path, make_results: list[Result]) -> list[Path]:
    return split(make_results, 3, ReportFormat.JSONL, tmp_path)


@pytest.fixture
def make_results(one_of_each: list[Result]) -> list[Result]:
    return [*one_of_each, *one_of_each]


def told(paths: Sequence[Path]) -> str:
    with pytest.raises(MergeError) as error:
        merged(paths)
    return str(error.value)


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_each_shard_is_named_once_and_none_is_missing(paths: list[Path], tmp_path: Path) -> None:
    assert told([paths[0], paths[2]]) == "1 of 3 shards missing: 2"
    copy = tmp_path / "copy.jsonl"
    copy.write_text(paths[1].read_text())
    assert told([*paths, copy]).endswith("copy.jsonl and " + str(paths[1]) + " are both shard 2/3: name each once")


def test_shards_of_another_number_or_list_do_not_fit(paths: list[Path]) -> None:
    edited(paths[1], '"count":3', '"count":4')
    assert "is shard 2/4, and" in told(paths)
    edited(paths[1], '"count":4', '"count":3')
    edited(paths[1], '"digest":"d1"', '"digest":"d2"')
    assert "are not of one list with the same options: 8 entries (d2) in one, 8 entries (d1) in the other" in told(
        paths
    )


def test_what_is_not_all_there_is_refused(paths: list[Path], make_results: list[Result]) -> None:
    fullest = max(paths, key=lambda path: path.stat().st_size)
    lines = fullest.read_text().splitlines(keepends=True)
    fullest.write_text("".join(lines[:-1]))
    assert "it breaks off" in told(paths)
    fullest.write_text("".join(lines)[:-5])
    assert "it breaks off" in told(paths)
    fullest.write_text("".join(lines[1:]))
    assert "the list has 8 entries, and the reports 7, with 0 repeats" in told(paths)
    assert len(make_results) == 8


def test_results_that_overlap_are_refused(paths: list[Path]) -> None:
    fullest = max(paths, key=lambda path: path.stat().st_size)
    lines = fullest.read_text().splitlines(keepends=True)
    fullest.write_text("".join([lines[0], *lines]))
    assert "comes behind" in told(paths)
    other = next(path for path in paths if path != fullest)
    fullest.write_text("".join(lines[1:]))
    other.write_text(lines[0] + other.read_text())
    assert "does not belong to shard" in told(paths) or "comes behind" in told(paths)


def read(path: Path) -> object:
    return JunitMerging([path], FailOn.ANY) if form_of(path) is ReportFormat.JUNIT else merged([path])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it breaks off, or is no JSON"),
        ("nonsense\n", "it breaks off, or is no JSON"),
        ('{"schema": "allup.check/1", "results": [', "it breaks off, or is no JSON"),
        ('{"schema": "allup.check/2", "results": [], "summary": {}}', "its schema is 'allup.check/2'"),
        ('{"results": [], "summary": {}}', "its schema is 'None'"),
        ('{"schema": "allup.check/1", "results": [], "summary": {}}', "of a whole list, not of a shard"),
        ('{"schema": "allup.check/1", "results": [], "summary": 7}', "its summary is no object"),
        ('{"schema": "allup.check/1", "results": [7], "summary": {}}', ": element 1: it is no object"),
        ('{"url": "https://a.example"}\n', ":1: it has no verdict"),
        ('{"url": "https://a.example", "verdict": "fine"}\n', "its verdict is none that this version knows"),
        ('{"url": "https://a.example", "verdict": "ok", "method": "GET"}\n', "a record of no shard: its index is null"),
        ('{"url": "https://a.example", "verdict": "ok", "method": 7}\n', "its method is no text"),
        ('{"url": "a.example", "verdict": "ok", "method": "GET", "attempts": -1}\n', "its attempts is no count"),
        (
            f'{{"url": "a", "verdict": "ok", "method": "GET", "index": 1}}\n{"x" * 2_000_000}\n',
            "a line of more than 1024 KiB",
        ),
        ('{"url": "a"}' * 3 + "\n", "no JSON"),
        ("<testsuites/>", "of a whole list, not of a shard"),
        ("<testsuites>", "it breaks off, or is no XML"),
        ('<testsuites><testsuite name="a"><testcase name="b"/></testsuite></testsuites>', "is of no shard"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><testsuites/>', "it breaks off, or is no XML"),
    ],
)
def test_what_is_no_report_of_a_shard_says_so(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "report"
    path.write_text(text)
    with pytest.raises(MergeError) as error:
        read(path)
    assert str(error.value).startswith(str(path))
    assert said in str(error.value)


def test_a_report_may_have_been_laid_out_anew(paths: list[Path], make_results: list[Result], tmp_path: Path) -> None:
    anew = split(make_results, 3, ReportFormat.JSON, tmp_path)
    for path in anew:
        document = json.loads(path.read_text())
        path.write_text(json.dumps(dict(sorted(document.items(), reverse=True)), indent=4))
    assert [record(one) for one in merged(anew)[0]] == [record(one) for one in merged(paths)[0]]


def test_what_is_new_since_the_baselines_adds_up(make_results: list[Result], tmp_path: Path) -> None:
    from unit.report.hostile import changes_of  # noqa: PLC0415

    changes = changes_of(make_results)
    paths = split(make_results, 2, ReportFormat.JSON, tmp_path, changes=changes)
    found = merged(paths)[1].changes
    assert found is not None
    assert (found.gone, found.slower, found.shift) == (2 * len(make_results), 2 * (len(make_results) + 1), None)
    assert len(found.first_gone) == len(found.slowest) == 2 * len(make_results)
