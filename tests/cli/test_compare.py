"""What `compare` measures, and the formats it tells it in."""

import csv
import io
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from allup.lab.server import Lab
from cli.driving import allup, shell

ROW_KEYS = [
    *("strategy", "concurrency", "wall_s", "wall_s_rounds", "speedup", "ideal_s", "efficiency", "peak_in_flight"),
    *("ok", "failed", "latency_ms", "loop_lag_ms", "timings_suspect"),
]
WARM_UP = 1
STRATEGIES = ["sequential", "gather", "wait", "taskgroup"]


@pytest.fixture
def urls(lab: Lab, listed: Path) -> Path:
    listed.write_text("".join(f"{lab.base_url}/latency/50ms?{number}\n" for number in range(5)) + "no-url\n")
    return listed


def test_json_has_the_documented_keys_in_order(urls: Path) -> None:
    outcome = allup("compare", urls, "-f", "json", "-c", "5")

    assert outcome.code == 0
    assert outcome.stderr == ""
    document = outcome.document
    assert list(document) == ["schema", "targets", "rounds", "rows"]
    assert (document["schema"], document["targets"], document["rounds"]) == ("allup.compare/1", 6, 1)
    for row in document["rows"]:
        assert list(row) == ROW_KEYS
        assert list(row["latency_ms"]) == ["p50", "p95", "p99", "max"]
        assert (row["ok"], row["failed"]) == (5, 1)


def test_figures_are_those_of_the_list(lab: Lab, urls: Path) -> None:
    document = allup("compare", urls, "-f", "json", "-c", "5").document

    sequential, *concurrent = document["rows"]
    assert sequential["wall_s"] >= 0.25
    assert (sequential["speedup"], sequential["peak_in_flight"]) == (1.0, 1)
    for row in concurrent:
        assert row["peak_in_flight"] == 5
        assert row["wall_s"] < sequential["wall_s"]
        assert row["speedup"] == pytest.approx(sequential["wall_s"] / row["wall_s"], rel=0.01)
        assert row["efficiency"] == pytest.approx(row["ideal_s"] / row["wall_s"], rel=0.01)
        assert 50 <= row["latency_ms"]["p50"] <= row["latency_ms"]["max"]
    assert lab.stats.total.peak_in_flight == 5


@pytest.mark.parametrize("option", ["-c", "--concurrency"])
def test_every_level_has_its_rows(lab: Lab, urls: Path, option: str) -> None:
    document = allup("compare", urls, option, "1,4", "-f", "json").document

    assert [(row["strategy"], row["concurrency"]) for row in document["rows"]] == [
        ("sequential", 1),
        *((strategy, level) for level in (1, 4) for strategy in STRATEGIES[1:]),
    ]
    assert lab.stats.total.peak_in_flight == 4


def test_ten_at_once_and_one_round_are_the_defaults(lab: Lab) -> None:
    document = allup("compare", f"{lab.base_url}/ok", "-f", "json").document

    assert [row["concurrency"] for row in document["rows"]] == [1, 10, 10, 10]
    assert document["rounds"] == 1


def test_rounds_are_kept_and_their_median_is_told(lab: Lab) -> None:
    document = allup("compare", f"{lab.base_url}/latency/5ms", "--rounds", "3", "-f", "json").document

    assert document["rounds"] == 3
    for row in document["rows"]:
        assert len(row["wall_s_rounds"]) == 3
        assert row["wall_s"] == sorted(row["wall_s_rounds"])[1]
    assert lab.stats.total.requests == WARM_UP + 12


def test_failures_are_counted_and_do_not_fail_the_comparison(lab: Lab) -> None:
    outcome = allup("compare", f"{lab.base_url}/status/500", "-f", "json")

    assert outcome.code == 0
    assert {(row["ok"], row["failed"]) for row in outcome.document["rows"]} == {(0, 1)}


def test_a_table_tells_the_figures_and_what_limited_them(urls: Path) -> None:
    outcome = allup("compare", urls, terminal=True, variables={"NO_COLOR": "1"}, columns=140)

    for word in (*STRATEGIES, "speed-up", "efficiency", "ideal", "p99", "limited the fastest run"):
        assert word in outcome.stdout
    assert "━" in outcome.stdout


def test_a_table_is_also_what_a_pipe_gets(urls: Path) -> None:
    outcome = allup("compare", urls)

    assert "taskgroup" in outcome.stdout
    assert "\x1b" not in outcome.stdout


def test_markdown_is_a_table_and_a_sentence(urls: Path) -> None:
    lines = allup("compare", urls, "--format", "markdown").stdout.splitlines()

    head, ruler, *rows, blank, sentence = lines
    assert head.startswith("| strategy | concurrency | wall | speed-up |")
    assert set(ruler) <= set("|-: ")
    assert [row.split("|")[1].strip() for row in rows] == STRATEGIES
    assert {row.count("|") for row in lines[:-2]} == {13}
    assert (blank, sentence.endswith(".")) == ("", True)


def test_csv_has_a_head_and_a_line_a_row(urls: Path) -> None:
    head, *rows = csv.reader(io.StringIO(allup("compare", urls, "-f", "csv").stdout))

    assert head[:3] == ["strategy", "concurrency", "wall_s"]
    assert [row[0] for row in rows] == STRATEGIES
    assert all(float(row[2]) > 0 for row in rows)


def test_html_is_a_page_with_a_bar_for_every_target_of_every_strategy(urls: Path) -> None:
    page: Any = lxml.html.fromstring(allup("compare", urls, "-f", "html", "-c", "5").stdout)

    assert [len(svg.xpath("./rect")) for svg in page.xpath("//svg")] == [5] * len(STRATEGIES)
    assert [heading.split(",")[0] for heading in page.xpath("//section/h2/text()")] == STRATEGIES
    lanes = [len({rect.get("y") for rect in svg.xpath("./rect")}) for svg in page.xpath("//svg")]
    assert lanes == [1, 5, 5, 5]


def test_options_of_a_check_hold_for_a_comparison_too(lab: Lab, urls: Path) -> None:
    urls.write_text(f"{lab.base_url}/status/404\n{lab.base_url}/redirect/2 expect=302\n{lab.base_url}/latency/30s\n")

    document = allup(
        *("compare", urls, "-e", "404", "--no-follow", "-t", "100ms", "--connect-timeout", "90ms"),
        *("-H", "X-A: b", "--user-agent", "me", "-X", "GET", "--max-redirects", "0", "-k", "-f", "json"),
    ).document

    assert {(row["ok"], row["failed"]) for row in document["rows"]} == {(2, 1)}


@pytest.mark.parametrize(("option", "targets"), [("--dedupe", 1), ("--no-dedupe", 3)])
def test_repeats_are_compared_once_unless_asked_otherwise(lab: Lab, urls: Path, option: str, targets: int) -> None:
    urls.write_text(f"{lab.base_url}/ok\n" * 3)

    document = allup("compare", urls, option, "-f", "json").document

    assert document["targets"] == targets
    assert lab.stats.total.requests == WARM_UP + targets * 4


def test_a_list_that_cannot_be_asked_is_nothing_to_compare(urls: Path) -> None:
    urls.write_text("no-url\n")

    outcome = allup("compare", urls, "-f", "json")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "there is no target that could be asked" in outcome.stderr


def test_an_empty_list_beside_another_stops_the_comparison(lab: Lab, urls: Path) -> None:
    urls.write_text("# nothing\n")

    outcome = allup("compare", f"{lab.base_url}/ok", urls)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert f"{urls}: there is no target in it" in outcome.stderr
    assert lab.stats.total.requests == 0


def test_checks_that_could_not_be_made_are_counted_apart(lab: Lab, urls: Path) -> None:
    urls.write_text("".join(f"{lab.base_url}/latency/50ms?{number}\n" for number in range(45)))

    outcome = shell('ulimit -n 40; exec $allup compare "$urls" -c 100 -f json', urls=str(urls))

    assert outcome.code == 3
    assert "taskgroup -c 100" in outcome.stderr
    assert "could not be made" in outcome.stderr


def test_a_list_that_is_too_long_to_compare_is_a_usage_error(lab: Lab, urls: Path) -> None:
    urls.write_text("".join(f"{lab.base_url}/ok?{number}\n" for number in range(100_001)))

    outcome = allup("compare", urls)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "100,000" in outcome.stderr
    assert lab.stats.total.requests == 0


def test_a_list_from_a_pipe_is_compared(lab: Lab) -> None:
    assert allup("compare", "-f", "json", stdin=f"{lab.base_url}/ok\n").document["targets"] == 1
