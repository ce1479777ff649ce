"""The table for people."""

import io
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.failure import FailureKind
from allup.model.result import Result, Verdict
from allup.model.tally import Summary
from allup.report.depth import Depth
from allup.report.format import ReportFormat
from allup.report.look import Look

MakeResult = Callable[..., Result]
MakeSummary = Callable[..., Summary]
ANY_TEXT = st.text(st.characters(codec=None))


def drawn(
    results: list[Result],
    summary: Summary,
    *,
    width: int = 120,
    color: bool = False,
    depth: Depth = Depth.USUAL,
) -> str:
    stream = io.StringIO()
    report = ReportFormat.TABLE.report(stream, width=width, color=color, depth=depth)
    report.start()
    for result in results:
        report.add(result)
    report.finish(summary)
    return stream.getvalue()


def test_every_row_is_shown_up_to_fifty_targets(make_result: MakeResult, make_summary: MakeSummary) -> None:
    results = [make_result(index=index, url=f"https://example.org/{index}/") for index in range(50)]
    text = drawn(results, make_summary(*results))
    assert all(result.url in text for result in results)


def test_beyond_fifty_only_what_needs_a_look_is_shown(make_result: MakeResult, make_summary: MakeSummary) -> None:
    results = [make_result(index=index, url=f"https://fine.example/{index}/") for index in range(60)]
    results += [
        make_result(url="https://flaky.example/", attempts=2),
        make_result(url="https://bad.example/", status=500),
    ]
    text = drawn(results, make_summary(*results))
    assert "fine.example" not in text
    assert "https://flaky.example/" in text
    assert "https://bad.example/" in text


def test_of_a_long_list_that_is_all_ok_a_log_has_one_sentence(
    make_result: MakeResult, make_summary: MakeSummary
) -> None:
    results = [make_result()] * 60
    assert drawn(results, make_summary(*results), depth=Depth.BRIEF) == "60 ok of 60 in 1.3s (at most 10 in flight)\n"


def test_beyond_two_hundred_rows_it_says_how_many_more(make_result: MakeResult, make_summary: MakeSummary) -> None:
    results = [make_result(index=index, url=f"https://b.example/{index}/", status=500) for index in range(210)]
    text = drawn(results, make_summary(*results))
    assert "https://b.example/199/" in text
    assert "https://b.example/200/" not in text
    assert "… and 10 more; --report jsonl=FILE has all" in text


def test_a_verdict_is_a_sign_and_a_word(one_of_each: list[Result], make_summary: MakeSummary) -> None:
    text = drawn(one_of_each, make_summary(*one_of_each))
    assert all(sign in text for sign in ("✓ ok", "~ flaky", "✗ failed", "? unchecked"))
    assert "\x1b" not in text


def test_colour_is_there_when_asked_for(one_of_each: list[Result], make_summary: MakeSummary) -> None:
    assert "\x1b[31m✗ failed" in drawn(one_of_each, make_summary(*one_of_each), color=True)


def test_hint_and_name_are_shown(one_of_each: list[Result], make_summary: MakeSummary) -> None:
    text = drawn(one_of_each, make_summary(*one_of_each))
    assert "→ raise ulimit -n" in text
    assert re.search(r"docs\b", text)


def test_no_detail_at_all_takes_no_column(make_result: MakeResult, make_summary: MakeSummary) -> None:
    assert "detail" not in drawn([make_result()], make_summary(make_result()))


@pytest.mark.parametrize("depth", list(Depth))
@pytest.mark.parametrize("width", [*range(20, 201, 20), 41, 50, 59, 61, 72, 109, 111, 113])
def test_it_fits_any_width_and_loses_nothing(
    width: int, depth: Depth, make_result: MakeResult, make_summary: MakeSummary
) -> None:
    long = make_result(
        url="https://example.org/" + "x" * 150,
        kind=FailureKind.TOO_MANY_REDIRECTS,
        detail=" ".join(f"word{number}" for number in range(30)),
        hint="look " * 20,
        elapsed_s=61.0,
    )
    text = drawn([long, make_result(attempts=2)], make_summary(long), width=width, depth=depth)
    assert max(map(len, text.splitlines())) <= width
    assert all(word in text for word in ("✗ failed", "too_many_redirects", "1m01s", "~ flaky"))
    assert all(f"word{number}" in text for number in range(30))
    assert text.count("x") >= 150


@settings(deadline=None)
@given(url=ANY_TEXT, detail=ANY_TEXT, width=st.integers(40, 200))
def test_no_text_of_others_takes_effect(
    make_result: MakeResult, make_summary: MakeSummary, url: str, detail: str, width: int
) -> None:
    result = make_result(url=url, detail=detail, name=detail, hint=url, kind=FailureKind.RESET)
    text = drawn([result], make_summary(result), width=width)
    assert text.encode()
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None


def test_markup_is_shown_as_it_is_written(make_result: MakeResult, make_summary: MakeSummary) -> None:
    result = make_result(url="https://example.org/[bold]:smile:[/bold]", kind=FailureKind.RESET, detail="[red]x[/nope]")
    text = drawn([result], make_summary(result))
    assert "[bold]:smile:[/bold]" in text
    assert "[red]x[/nope]" in text


def test_ascii_streams_get_ascii_signs(
    one_of_each: list[Result], make_result: MakeResult, make_summary: MakeSummary
) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    report = ReportFormat.TABLE.report(stream)
    results = [*one_of_each, make_result(url="https://grün.example/"), make_result(status=500), make_result(status=500)]
    for result in results:
        report.add(result)
    report.finish(make_summary(*results))
    text = raw.getvalue().decode("ascii")
    assert all(sign in text for sign in ("+ ok", "~ flaky", "x failed", "? unchecked", "-> raise", r"gr\xfcn", "|"))


def test_the_summary_counts_by_verdict_kind_and_host(make_result: MakeResult, make_summary: MakeSummary) -> None:
    results = [make_result(status=404), make_result(status=404), make_result(), make_result(kind=FailureKind.DNS)]
    text = drawn(results, make_summary(*results, repeats=3))
    assert "1 ok, 3 failed of 4 in 1.3s (at most 10 in flight)" in text
    assert re.search(r"by kind +status 2 · dns 1", text)
    assert re.search(r"by host +example.org:443 3", text)
    assert re.search(r"repeats +3 listed again, checked once", text)


def test_hosts_beyond_the_worst_five_are_one_figure(make_result: MakeResult, make_summary: MakeSummary) -> None:
    results = [make_result(host=f"h{index}.example:443", status=404) for index in (0, 0, *range(1, 8))]
    summary = make_summary(*results)
    summary.tally.other_hosts = 4
    assert re.search(r"by host +h0.example:443 2 · .* · others 7", drawn(results, summary))


def test_a_run_of_nothing_still_has_a_sentence(make_summary: MakeSummary) -> None:
    assert drawn([], make_summary()) == "0 ok of 0 in 1.3s (at most 10 in flight)\n"


def test_endless_text_is_cut(make_result: MakeResult, make_summary: MakeSummary) -> None:
    text = drawn([make_result(url="https://example.org/" + "x" * 100_000)], make_summary())
    assert len(text) < 5_000
    assert "more characters" in text.replace("\n", "")


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_a_sign_of_its_own(verdict: Verdict) -> None:
    others = {Look.on("ascii").verdict(one).plain[0] for one in Verdict if one is not verdict}
    assert Look.on("ascii").verdict(verdict).plain[0] not in others
