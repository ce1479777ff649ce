"""A comparison in its formats."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.comparison import Comparison, Flight, Round, Row
from allup.model.harmful import HARMFUL
from allup.model.settings import Strategy
from allup.report.bar import bar
from allup.report.comparison_figures import percent, times
from allup.report.comparison_format import ComparisonFormat
from allup.report.lanes import height
from allup.report.lanes_picture import lanes_picture
from allup.report.limit import limit_sentence
from allup.report.markdown_text import code_span
from allup.report.printable import printable

MakeRow = Callable[..., Row]
Compare = Callable[..., Comparison]
LATENCIES_S = (0.1,) * 18 + (0.15, 0.2)


@pytest.fixture
def comparison(make_row: MakeRow, compare: Compare) -> Comparison:
    sequential = make_row(Strategy.SEQUENTIAL, concurrency=1, wall_s=2.2, latencies_s=LATENCIES_S)
    return compare(sequential, make_row(wall_s=0.2200001, latencies_s=LATENCIES_S, failed=2))


def written(form: ComparisonFormat, comparison: Comparison, *, width: int = 120) -> str:
    stream = io.StringIO()
    form.write(comparison, stream, width=width)
    return stream.getvalue()


def test_the_json_is_that_of_the_contract(comparison: Comparison) -> None:
    document = json.loads(written(ComparisonFormat.JSON, comparison))
    assert list(document) == ["schema", "targets", "rounds", "rows"]
    assert (document["schema"], document["targets"], document["rounds"]) == ("allup.compare/1", 20, 1)
    expected = {
        "strategy": "taskgroup",
        "concurrency": 10,
        "wall_s": 0.22,
        "wall_s_rounds": [0.22],
        "speedup": 10.0,
        "ideal_s": 0.215,
        "efficiency": 0.9773,
        "peak_in_flight": 10,
        "ok": 18,
        "failed": 2,
        "latency_ms": {"p50": 100.0, "p95": 150.0, "p99": 200.0, "max": 200.0},
        "loop_lag_ms": None,
        "timings_suspect": False,
    }
    assert document["rows"][1] == expected
    assert list(document["rows"][1]) == list(expected)


def test_the_json_lists_the_rounds_as_they_ran() -> None:
    rounds = tuple(
        Round(wall_s=wall_s, latencies_s=(0.1,), slowest=None, peak_in_flight=1, ok=1, failed=0)
        for wall_s in (0.3, 0.1, 0.2)
    )
    row = Row(strategy=Strategy.SEQUENTIAL, concurrency=1, rounds=rounds)
    document = json.loads(written(ComparisonFormat.JSON, Comparison(targets=1, rounds=3, rows=(row,))))
    assert document["rows"][0]["wall_s_rounds"] == [0.3, 0.1, 0.2]
    assert document["rows"][0]["wall_s"] == 0.2


def test_the_csv_has_a_head_and_a_line_a_row(comparison: Comparison) -> None:
    rows = list(csv.DictReader(io.StringIO(written(ComparisonFormat.CSV, comparison))))
    assert [row["strategy"] for row in rows] == ["sequential", "taskgroup"]
    assert (rows[0]["wall_s"], rows[1]["speedup"], rows[1]["p95_ms"]) == ("2.2", "9.999995", "150.0")


def test_unknown_latencies_are_null_empty_or_a_dash(make_row: MakeRow, compare: Compare) -> None:
    nothing = compare(make_row(latencies_s=(), slowest=None))
    assert json.loads(written(ComparisonFormat.JSON, nothing))["rows"][0]["latency_ms"]["p50"] is None
    assert written(ComparisonFormat.CSV, nothing).endswith(",,,\n")
    assert "| - | - | - |" in written(ComparisonFormat.MARKDOWN, nothing)


def test_the_csv_holds_no_text_of_others(make_row: MakeRow, compare: Compare) -> None:
    assert "cmd" not in written(ComparisonFormat.CSV, compare(make_row(slowest="=cmd|'/C calc'!A0")))


def test_the_markdown_is_a_table_and_a_sentence(comparison: Comparison) -> None:
    lines = written(ComparisonFormat.MARKDOWN, comparison).splitlines()
    assert {line.count("|") for line in lines[:4]} == {13}
    assert lines[3].startswith("| taskgroup | 10 | 220ms | 10.0x | 215ms | 97% |")
    assert lines[4] == ""
    assert lines[5] == limit_sentence(comparison, code_span)


@given(st.text(st.characters(codec=None)))
def test_a_code_span_is_never_left_early(text: str) -> None:
    span = code_span(text)
    fence = re.match("`+", span)
    assert fence is not None
    assert span.endswith(fence[0])
    inside = span[len(fence[0]) : -len(fence[0])]
    assert len(fence[0]) not in {len(run) for run in re.findall("`+", inside)}
    assert len(span.splitlines()) == 1


@pytest.mark.parametrize("width", [40, 49, 50, 60, 76, 77, 80, 100, 111, 112, 120, 200])
def test_the_table_fits_any_width_and_cuts_nothing(width: int, make_row: MakeRow, compare: Compare) -> None:
    rows = [make_row(strategy, concurrency=1000, wall_s=61.0 + index) for index, strategy in enumerate(Strategy)]
    text = written(ComparisonFormat.TABLE, compare(*rows), width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    assert all(strategy.value in text for strategy in Strategy)


@pytest.mark.parametrize("width", [120, 160])
def test_a_wide_table_has_all_columns(width: int, comparison: Comparison) -> None:
    head = " ".join(written(ComparisonFormat.TABLE, comparison, width=width).split("─")[0].split())
    names = ("strategy", "concurrency", "wall", "speed-up", "ideal", "efficiency", "p50", "p95", "p99")
    assert all(name in head for name in (*names, "peak in", "flight", "ok", "failed"))


def test_the_fastest_row_has_the_longest_bar(comparison: Comparison) -> None:
    bars = [line.count("━") for line in written(ComparisonFormat.TABLE, comparison).splitlines() if "x " in line]
    assert len(bars) == 2
    assert bars[0] * 5 < bars[1]


def test_the_table_says_what_limited_the_run(comparison: Comparison) -> None:
    text = written(ComparisonFormat.TABLE, comparison)
    assert limit_sentence(comparison) in " ".join(text.split())


def test_an_ascii_stream_gets_an_ascii_table(comparison: Comparison) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    ComparisonFormat.TABLE.write(comparison, stream, width=120)
    assert "###" in raw.getvalue().decode("ascii")
    stream.close()


def test_a_run_of_no_time_is_no_division_by_zero(make_row: MakeRow, compare: Compare) -> None:
    assert "0.0x" in written(ComparisonFormat.TABLE, compare(make_row(wall_s=0.0, latencies_s=())))


@given(st.floats(-1, 2), st.integers(0, 40), st.booleans())
def test_a_bar_always_takes_its_width(share: float, width: int, plain: bool) -> None:  # noqa: FBT001
    assert len(bar(share, width, plain=plain)) == width


def test_a_bar_is_as_long_as_its_share() -> None:
    assert bar(0.5, 5, plain=False) == "━━╸  "
    assert bar(1.0, 4, plain=False) == "━━━━"
    assert bar(0.5, 4, plain=True) == "##  "


def test_a_hundred_percent_is_nothing_less() -> None:
    assert [percent(share) for share in (1.0, 0.999, 0.29, 0.0)] == ["100%", "99%", "29%", "0%"]


def test_factors_keep_two_digits_or_more() -> None:
    assert [times(factor) for factor in (1.0, 9.84, 99.94, 99.96, 1234.0)] == ["1.0x", "9.8x", "99.9x", "100x", "1234x"]


def parsed(text: str) -> Any:
    return lxml.html.fromstring(text)


FLIGHTS = (
    Flight(target="https://a.example/?x=1&y=<b>", lane=0, began_s=0.0, ended_s=0.5, as_expected=True),
    Flight(target="b\u202e\x1b", lane=1, began_s=0.25, ended_s=1.0, as_expected=False),
)


@pytest.fixture
def flown(comparison: Comparison) -> Comparison:
    rows = (replace(row, rounds=(replace(row.median, flights=FLIGHTS),)) for row in comparison.rows)
    return replace(comparison, rows=tuple(rows))


def test_the_page_has_the_bars_of_every_strategy_on_one_axis(flown: Comparison) -> None:
    page = parsed(written(ComparisonFormat.HTML, flown))
    drawn = page.xpath("//svg")
    assert [len(svg.xpath("./rect")) for svg in drawn] == [2, 2]
    # The axis is as long as the slowest row, 2.2s, in thousandths.
    assert [(float(rect.get("x")), float(rect.get("width"))) for rect in drawn[1].xpath("./rect")] == [
        pytest.approx((0, 227.3)),
        pytest.approx((113.6, 340.9)),
    ]
    assert [rect.get("class") for rect in drawn[0]] == ["as-expected", "not-as-expected"]
    assert page.xpath("//rect/title/text()")[:2] == [
        "https://a.example/?x=1&y=<b>: from 0.0ms on, 500ms",
        "b\\u202e\\x1b: from 250ms on, 750ms, not as expected",
    ]
    assert page.xpath("string(//h1)") == (
        "20 targets: 2.2s one after the other, 220ms by taskgroup with 10 at once, 10.0x as fast"
    )
    assert page.xpath("//tbody/tr/th/text()") == ["sequential", "taskgroup"]


def test_the_json_of_a_comparison_is_in_its_page(flown: Comparison) -> None:
    page = parsed(written(ComparisonFormat.HTML, flown))
    document = json.loads(page.xpath("string(//script[@id='comparison'])"))
    assert document == json.loads(written(ComparisonFormat.JSON, flown))


@given(target=st.text(st.characters(codec=None)), slowest=st.text(st.characters(codec=None)))
@settings(max_examples=25, deadline=None)
def test_no_text_of_others_is_markup_in_the_page(make_row: MakeRow, target: str, slowest: str) -> None:
    row = make_row(slowest=slowest, latencies_s=(1.0,))
    flights = (replace(FLIGHTS[0], target=target),)
    flown = Comparison(targets=1, rounds=1, rows=(replace(row, rounds=(replace(row.median, flights=flights),)),))
    text = written(ComparisonFormat.HTML, flown)
    page = parsed(text)
    assert len(list(page.iter())) == len(list(parsed(written(ComparisonFormat.HTML, PLAIN)).iter()))
    assert page.xpath("string(//rect/title)").startswith(printable(target) + ": from")
    ET.fromstring(lanes_picture(flown))
    assert HARMFUL.search(text.replace("\n", "")) is None


PLAIN = Comparison(
    targets=1,
    rounds=1,
    rows=(
        Row(
            strategy=Strategy.TASKGROUP,
            concurrency=10,
            rounds=(
                Round(
                    wall_s=1.0,
                    latencies_s=(1.0,),
                    slowest="x",
                    peak_in_flight=1,
                    ok=1,
                    failed=0,
                    flights=FLIGHTS[:1],
                ),
            ),
        ),
    ),
)


def test_a_long_list_says_of_how_many_targets_one_is_drawn(flown: Comparison) -> None:
    assert "One target in" not in written(ComparisonFormat.HTML, flown)
    assert "One target in 3 is drawn." in written(ComparisonFormat.HTML, replace(flown, targets=5000))


def test_lanes_get_thinner_the_more_there_are(make_row: MakeRow) -> None:
    def high(lanes: int) -> float:
        flights = tuple(replace(FLIGHTS[0], lane=lane) for lane in range(lanes))
        row = make_row()
        return height(replace(row, rounds=(replace(row.median, flights=flights),)))

    assert [high(lanes) for lanes in (1, 10, 40, 100)] == [14, 140, 160, 200]


def test_a_comparison_of_nothing_is_a_page_too(make_row: MakeRow, compare: Compare) -> None:
    nothing = compare(make_row(wall_s=0.0, latencies_s=(), slowest=None))
    assert parsed(written(ComparisonFormat.HTML, nothing)).xpath("//rect") == []
