"""Where the time went: percentiles by host, and the slowest as a waterfall."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from allup.model.attempt import Hop, Timings
from allup.model.failure import FailureKind
from allup.model.result import Result
from allup.report.depth import Depth
from allup.report.host_latencies import MOST_HOSTS, HostLatencies
from allup.report.longest import MOST, Longest
from allup.report.paper import paper
from allup.report.phases import PARTS, spans
from allup.report.table import TableReport

MakeResult = Callable[..., Result]
WIDTHS = st.integers(20, 200)
TIMINGS = Timings(blocked_s=9.0, dns_s=0.1, connect_s=0.1, ssl_s=0.2, send_s=0.05, wait_s=0.25, receive_s=0.1)


def timed(result: Result, timings: Timings = TIMINGS, **changes: object) -> Result:
    assert result.attempt is not None
    return replace(result, attempt=replace(result.attempt, timings=timings, **changes))  # type: ignore[arg-type]


def drawn(
    results: list[Result], summary: object, *, width: int = 120, depth: Depth = Depth.USUAL, encoding: str = "utf-8"
) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    report = TableReport(paper(stream, width=width, color=False), depth)
    for result in results:
        report.add(result)
    report.finish(summary)  # type: ignore[arg-type]
    stream.flush()
    return raw.getvalue().decode(encoding)


def bars(text: str) -> list[str]:
    return re.findall(r"[╌·─═━╍]{10,}", text.partition("slowest")[2].partition("verdict")[0])[1:]


def test_a_bar_has_a_sign_of_its_own_for_each_phase(
    make_result: MakeResult, make_summary: Callable[..., object]
) -> None:
    text = drawn([timed(make_result(elapsed_s=1.0))], make_summary(make_result()))
    (bar,) = bars(text)
    assert re.fullmatch("╌+·+─+═+━+╍+", bar)
    assert len({part.sign for part in PARTS}) == len({part.plain for part in PARTS}) == len(PARTS)
    assert all(re.search(rf"{part.sign}{part.sign} {part.label}", text) for part in PARTS)


def test_a_bar_is_as_long_as_its_share_of_the_slowest(
    make_result: MakeResult, make_summary: Callable[..., object]
) -> None:
    results = [timed(make_result(elapsed_s=seconds), Timings(wait_s=seconds)) for seconds in (0.25, 1.0, 0.5)]
    lengths = list(map(len, bars(drawn(results, make_summary(*results)))))
    assert lengths[0] > 60
    assert lengths == [lengths[0], round(lengths[0] / 2), round(lengths[0] / 4)]


def test_the_scale_is_that_of_the_slowest(make_result: MakeResult, make_summary: Callable[..., object]) -> None:
    text = drawn([timed(make_result(elapsed_s=0.8))], make_summary(make_result()))
    assert re.search(r"slowest +time +0 +400ms +800ms", text)


def test_the_wait_for_a_turn_is_no_part_of_a_bar(make_result: MakeResult) -> None:
    attempt = timed(make_result(elapsed_s=0.8)).attempt
    assert attempt is not None
    assert sum(seconds for _, seconds in spans(attempt)) == pytest.approx(0.8)


@given(seconds=st.lists(st.floats(0.001, 100), min_size=1, max_size=60))
def test_the_slowest_are_kept_and_no_more(make_result: MakeResult, seconds: list[float]) -> None:
    longest = Longest()
    for number, elapsed_s in enumerate(seconds):
        longest.add(make_result(index=number, elapsed_s=elapsed_s))
    kept = [(one.attempt.elapsed_s, one.index) for one in longest.results if one.attempt]
    assert kept == sorted(((value, at) for at, value in enumerate(seconds)), key=lambda one: (-one[0], one[1]))[:MOST]


def test_percentiles_are_told_of_hosts_that_answered_often(
    make_result: MakeResult, make_summary: Callable[..., object]
) -> None:
    results = [make_result(host="often.example:443", elapsed_s=0.1 * number) for number in range(1, 11)]
    results += [make_result(host="seldom.example:443", elapsed_s=5.0)]
    text = drawn(results, make_summary(*results))
    row = re.search(r"often\.example:443 +10 +(\d+)ms +(\S+) +(\S+) +1s", text)
    assert row is not None
    assert int(row[1]) == pytest.approx(500, rel=0.05)
    assert re.search(r"other hosts +1 ", text)
    assert re.search(r"all +11 ", text)
    assert "seldom.example:443 " not in text.partition("slowest")[0]


def test_silence_is_no_latency(make_result: MakeResult) -> None:
    latencies = HostLatencies()
    latencies.add(make_result(status=None, kind=FailureKind.READ_TIMEOUT, elapsed_s=10.0))
    assert latencies.everything.total == 0


def test_memory_does_not_grow_with_the_hosts(make_result: MakeResult) -> None:
    latencies = HostLatencies()
    for number in range(MOST_HOSTS + 20):
        latencies.add(make_result(host=f"h{number}.example:443"))
    assert len(latencies.hosts) == MOST_HOSTS
    assert latencies.others.total == 20
    assert latencies.everything.total == MOST_HOSTS + 20


def test_at_most_fifty_hosts_are_shown(make_result: MakeResult, make_summary: Callable[..., object]) -> None:
    results = [make_result(host=f"h{number}.example:443") for number in range(80)]
    text = drawn(results, make_summary(*results), depth=Depth.FULL)
    assert text.count(".example:443") == 50
    assert re.search(r"other hosts +30 ", text)


def test_a_log_is_spared_them(make_result: MakeResult, make_summary: Callable[..., object]) -> None:
    results = [timed(make_result())] * 10
    assert "slowest" not in drawn(results, make_summary(*results), depth=Depth.BRIEF)
    assert "p95" not in drawn(results, make_summary(*results), depth=Depth.BRIEF)


def test_so_is_a_narrow_terminal_unless_it_asks_for_them(
    make_result: MakeResult, make_summary: Callable[..., object]
) -> None:
    results = [timed(make_result())] * 10
    assert "slowest" not in drawn(results, make_summary(*results), width=50)
    assert "slowest" in drawn(results, make_summary(*results), width=50, depth=Depth.FULL)


def test_attempts_hops_phases_and_connection_are_told_where_all_is_wanted(
    make_result: MakeResult, make_summary: Callable[..., object]
) -> None:
    hops = (Hop(status=301, url="https://example.org/"), Hop(status=302, url="https://b.example/[red]"))
    result = timed(
        make_result(status=404, attempts=3),
        redirects=hops,
        final_url="https://c.example/",
        address="192.0.2.7",
        http_version="1.1",
    )
    text = drawn([result], make_summary(result), depth=Depth.FULL)
    for told in (
        "3 attempts",
        "301 → https://b.example/[red]",
        "302 → https://c.example/",
        "blocked 9s · dns 100ms · connect 100ms · ssl 200ms · send 50ms · wait 250ms · receive 100ms",
        "192.0.2.7 · HTTP/1.1",
    ):
        assert told in text
        assert told not in drawn([result], make_summary(result))


def test_what_failed_stands_next_to_the_summary(
    one_of_each: list[Result], make_summary: Callable[..., object], make_result: MakeResult
) -> None:
    results = [make_result(url="https://first.example/", status=500), *one_of_each]
    text = drawn(results, make_summary(*results))
    places = [text.index(url) for url in ("flaky.example", "late.example", "first.example", "gone.example", " of 5 in")]
    assert places == sorted(places)
    assert text.endswith("in flight)\n")


def test_ascii_has_letters_for_the_phases(make_result: MakeResult, make_summary: Callable[..., object]) -> None:
    result = timed(make_result(elapsed_s=1.0))
    text = drawn([result] * 5, make_summary(result), encoding="ascii", depth=Depth.FULL)
    assert re.search("-+d+c+s+w+r+", text)
    assert re.search("=+", text)


@settings(deadline=None, max_examples=40)
@given(
    width=WIDTHS,
    depth=st.sampled_from(Depth),
    host=st.text(st.characters(codec="utf-8"), max_size=80),
    url=st.text(st.characters(codec="utf-8"), max_size=300),
    seconds=st.lists(st.floats(0, 5000), min_size=1, max_size=8),
)
def test_no_line_is_longer_than_the_terminal(
    make_result: MakeResult,
    make_summary: Callable[..., object],
    *,
    width: int,
    depth: Depth,
    host: str,
    url: str,
    seconds: list[float],
) -> None:
    results = [
        timed(make_result(host=host, url=url, elapsed_s=elapsed_s, kind=kind, attempts=2, detail=url, hint=host))
        for elapsed_s in seconds
        for kind in (None, FailureKind.TOO_MANY_REDIRECTS)
    ]
    text = drawn(results, make_summary(*results), width=width, depth=depth)
    assert max(map(cell_len, text.split("\n"))) <= width
