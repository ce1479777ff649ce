"""An earlier report as a baseline: what allup writes is read, what breaks off is used, and nothing else passes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.failure import FailureKind
from allup.model.past import Known
from allup.model.result import Result, Verdict
from allup.report.earlier import BaselineError, read_baseline
from allup.report.format import ReportFormat
from allup.run.baseline.baseline import Baseline
from unit.report.hostile import RESULTS, written

FORMATS = (ReportFormat.JSON, ReportFormat.JSONL)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports") / "earlier"


def read(path: Path, text: str | bytes) -> tuple[Baseline, str | None]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_baseline(path)


def refused(path: Path, text: str | bytes) -> str:
    with pytest.raises(BaselineError) as caught:
        read(path, text)
    return str(caught.value).replace(str(path), "FILE")


def record(number: int = 1, **more: Any) -> dict[str, Any]:
    url = f"https://{number}.example/"
    return {"url": url, "name": None, "line": number, "verdict": "ok", "failure": None, "elapsed_ms": 12.5} | more


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(one) + "\n" for one in records)


def document(*records: dict[str, Any]) -> str:
    return json.dumps({"schema": "allup.check/1", "results": records, "summary": {"results": [1], "schema": "x"}})


@settings(deadline=None, max_examples=50)
@given(results=RESULTS.filter(bool), form=st.sampled_from(FORMATS))
def test_whatever_was_written_is_read(path: Path, results: list[Result], form: ReportFormat) -> None:
    # A lone surrogate is no text that a list can hold.
    results = [one for one in results if not any("\ud800" <= sign <= "\udfff" for sign in f"{one.url}{one.name}")]
    if not results:
        return
    baseline, cut = read(path, written(form, results))
    assert (baseline.records, cut) == (len(results), None)
    keys = [(one.url, one.name) for one in results]
    for one in results:
        known = baseline.meet(one.url, one.name, one.entry.origin.line)
        assert known is not None
        if keys.count((one.url, one.name)) == 1:
            elapsed_s = None if one.attempt is None else round(one.attempt.elapsed_s * 1000, 1) / 1000
            kind = None if one.failure is None else one.failure.kind
            assert (known.verdict, known.kind) == (one.verdict, kind)
            assert known.elapsed_s == (None if elapsed_s is None else pytest.approx(elapsed_s, abs=1e-6))
    assert baseline.gone() == (0, ())


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("sort_keys", [True, False])
def test_a_document_may_have_been_laid_out_anew(path: Path, *, indent: int | None, sort_keys: bool) -> None:
    failure = {"kind": "dns", "certainty": "definite", "phase": None, "detail": "x", "hint": {"kind": "reset"}}
    told = document(record(verdict="failed", failure=failure, tls={"kind": "reset", "url": "x"}, elapsed_ms=None))
    baseline, cut = read(path, "\ufeff" + json.dumps(json.loads(told), indent=indent, sort_keys=sort_keys))
    assert (baseline.records, cut) == (1, None)
    known = baseline.meet("https://1.example/", None, 1)
    assert known == Known(verdict=Verdict.FAILED, kind=FailureKind.DNS)


@settings(deadline=None)
@given(cut_at=st.integers(0, 400))
def test_lines_that_break_off_anywhere_are_used_as_far_as_they_go(path: Path, cut_at: int) -> None:
    whole = lines(*(record(number) for number in range(3))).encode()
    text = whole[:cut_at]
    count = text.count(b"\n") + (text.endswith(b"}"))
    if not count:
        assert "no record" in refused(path, text) or "no schema" in refused(path, text)
        return
    baseline, cut = read(path, text)
    assert baseline.records == count
    assert (cut is None) is (text.endswith((b"\n", b"}")))
    if cut is not None:
        assert f"earlier:{count + 1}: the baseline breaks off here" in cut


@settings(deadline=None)
@given(cut_at=st.integers(0, 400))
def test_so_is_a_document(path: Path, cut_at: int) -> None:
    whole = document(*(record(number) for number in range(3)))
    text = whole[:cut_at]
    count = text.partition(', "summary')[0].count("}")
    if not count:
        refused(path, text)
        return
    baseline, cut = read(path, text)
    assert baseline.records == count
    assert (cut is None) is (text == whole)
    assert cut is None or f"earlier: behind element {count}: the baseline breaks off here" in cut


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "FILE: no record in it, so nothing to compare with: .*it is empty: .* --report, and not by >"),
        ("https://example.org/\n", "FILE: no report of allup: it is no JSON"),
        ("url,verdict\nx,ok\n", "FILE: no report of allup: it is no JSON"),
        ("[]", "FILE: no schema 'allup.check/1' in it"),
        ("{}\n", "FILE: no schema 'allup.check/1' in it"),
        ('{"schema": "allup.race/1", "results": []}', "FILE: its schema is 'allup.race/1', and not 'allup.check/1'"),
        ('{"schema": "\\u001b[2J", "results": []}', r"FILE: its schema is '.*x1b\[2J', and not"),
        (document(), "FILE: no record in it"),
        (document(record(), 5), "FILE: element 2: no record of a check: an object is expected"),  # type: ignore[arg-type]
        (document(record())[:-1] + ', "results": [{}]}', "FILE: element 2: no record of a check: it has no url"),
        (document(record()).replace("12.5", "12..5"), "FILE: no JSON behind element 0"),
        (document(record()) + "{}", "FILE: no JSON behind element 1"),
        (lines(record()) + "{\n" + lines(record()), "FILE:2: no JSON;"),
        (lines(record(), record(verdict="fine")), "FILE:2: no record of a check: its verdict is none"),
        (lines(record(), record(failure={"kind": "gone"})), "FILE:2: no record of a check: its kind is none"),
        (lines(record(), record(elapsed_ms="1")), "FILE:2: no record of a check: its elapsed_ms is no number"),
        (lines(record(), record(elapsed_ms=10**400)), "FILE:2: no record of a check: its elapsed_ms is no duration"),
        (lines(record(), record(elapsed_ms=float("nan"))), "FILE:2: no record .*its elapsed_ms is no duration"),
        (lines(record(), record(name=5)), "FILE:2: no record of a check: its name or line is none"),
        (lines(record(), {"verdict": "ok"}), "FILE:2: no record of a check: it has no url"),
        (lines(record() | {"at": "now", "from": "up", "to": "down"}), "FILE:1: .*`allup watch` writes of a change"),
        ('{"url": "https://example.org/"}\n', "FILE:1: no record of a check: its verdict is none"),
        (b"\xff\xfe" + lines(record()).encode("utf-16-le"), "FILE: no report of allup: it is no JSON"),
        ("[" * 100_000, "FILE: no report of allup: it is no JSON"),
        ('{"results": ' + "[" * 100_000, "FILE: no report of allup: it is no JSON"),
        ('{"x": "' + "x" * 3_000_000 + '"}', "FILE: 1024 KiB without a record"),
        (lines(record()) + '{"url": "' + "x" * 3_000_000 + '"}\n', "FILE:2: a line of more than 1024 KiB"),
    ],
)
def test_what_is_no_report_of_a_check_is_refused_where_it_is_none(path: Path, text: str | bytes, told: str) -> None:
    message = refused(path, text)
    assert "--baseline takes what `allup check --report json=FILE` (or jsonl=FILE) has written" in message
    assert len(message) < 400
    assert re.match(told, message), message


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match=r"cannot read the baseline .*missing: No such file"):
        read_baseline(tmp_path / "missing")
    with pytest.raises(BaselineError, match=r"cannot read the baseline .*: Is a directory"):
        read_baseline(tmp_path)
