"""How a run went, in sentences and as data."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from allup.model.level import HostLevel, Level, Restraint
from allup.model.limited_by import Bottleneck, LimitedBy
from allup.model.loop_lag import LoopLag
from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.course_text import course_sentences
from allup.report.format import ReportFormat
from allup.report.summary_record import summary_record
from unit.report.test_formats import written

LATE = LoopLag(p50_s=0.001, p99_s=0.0421, typical_s=0.1)
SLOW_HOST = HostLevel("slow.example:443", 25, Restraint.REFUSED)


@pytest.fixture
def summary(make_summary: Callable[..., Summary], one_of_each: list[Result]) -> Summary:
    return make_summary(*one_of_each)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (
            LimitedBy(Bottleneck.CAP, seconds=1.2, share=0.92),
            "Limited by the cap, for 1.2s of 1.3s: a higher -c may help.",
        ),
        (
            LimitedBy(Bottleneck.HOST, seconds=1.2, share=0.92, name="example.org:443"),
            (
                "Limited by the cap of one host example.org:443, for 1.2s of 1.3s: "
                "a higher --per-host may help, where that is polite."
            ),
        ),
        (
            LimitedBy(Bottleneck.SLOWEST, seconds=1.2, share=0.92, name="https://example.org/\x1b[31m"),
            r"Limited by the slowest URL https://example.org/\x1b[31m, for 1.2s of 1.3s: more at once cannot help.",
        ),
        (
            LimitedBy(Bottleneck.LIST, seconds=1.2, share=0.92),
            "Limited by the list, which came no faster, for 1.2s of 1.3s.",
        ),
    ],
)
def test_what_limited_a_run_is_a_sentence(summary: Summary, limit: LimitedBy, said: str) -> None:
    assert list(course_sentences(replace(summary, limited_by=limit))) == [said]


@pytest.mark.parametrize("bottleneck", Bottleneck)
def test_every_bottleneck_has_its_sentence(summary: Summary, bottleneck: Bottleneck) -> None:
    limit = LimitedBy(bottleneck, seconds=1.0, share=0.5)
    (said,) = course_sentences(replace(summary, limited_by=limit))
    assert said.startswith("Limited by ")
    assert said.endswith(".")


@pytest.mark.parametrize("restraint", Restraint)
def test_a_level_is_told_with_what_was_in_the_way_of_more(summary: Summary, restraint: Restraint) -> None:
    (said,) = course_sentences(replace(summary, level=Level(400, restraint)))
    assert said.startswith("-c auto came to 400 at once: ")


def test_a_host_that_bore_less_is_named(summary: Summary) -> None:
    (said,) = course_sentences(replace(summary, level=Level(100, Restraint.UNUSED, (SLOW_HOST,))))
    assert said == (
        "-c auto came to 100 at once: no more were there to be asked; "
        "slow.example:443 to 25: more were refused (429 or Retry-After)."
    )


def test_what_auto_held_back_is_not_to_be_raised_by_hand(summary: Summary) -> None:
    level = Level(100, Restraint.GROWING, (SLOW_HOST,))
    cap = LimitedBy(Bottleneck.CAP, seconds=1.0, share=0.8)
    host = LimitedBy(Bottleneck.HOST, seconds=1.0, share=0.8, name=SLOW_HOST.host)
    said = [next(course_sentences(replace(summary, limited_by=one, level=level))) for one in (cap, host)]
    assert said == [
        "Limited by what -c auto allowed, for 1s of 1.3s.",
        "Limited by what -c auto found one host to bear, slow.example:443, for 1s of 1.3s.",
    ]


def test_suspect_timings_are_told_with_what_to_lower(summary: Summary) -> None:
    (said,) = course_sentences(replace(summary, lag=LATE))
    assert said == (
        "Timings are suspect: the event loop was up to 42ms late (p99), where 100ms is a typical latency: "
        "lower -c, or spread the work over --processes."
    )
    assert list(course_sentences(replace(summary, lag=replace(LATE, typical_s=10.0)))) == []


def test_where_one_was_in_flight_there_is_nothing_to_lower(summary: Summary) -> None:
    (said,) = course_sentences(replace(summary, lag=LATE, peak_in_flight=1))
    assert said.endswith("a typical latency: a less busy machine may help.")


@pytest.mark.parametrize("form", [ReportFormat.TABLE, ReportFormat.MARKDOWN])
def test_formats_for_people_have_the_sentences(form: ReportFormat, summary: Summary) -> None:
    limit = LimitedBy(Bottleneck.CAP, seconds=1.2, share=0.92)
    text = written(form, [], replace(summary, limited_by=limit, lag=LATE))
    assert "Limited by the cap" in text
    assert "Timings are suspect" in text


def test_the_summary_has_it_as_data(summary: Summary) -> None:
    limit = LimitedBy(Bottleneck.HOST, seconds=1.23456, share=0.949655, name="example.org:443")
    level = Level(100, Restraint.UNUSED, (SLOW_HOST,))
    whole = summary_record(replace(summary, limited_by=limit, lag=LATE, level=level))
    assert {key: whole[key] for key in ("concurrency", "limited_by", "loop_lag_ms", "timings_suspect")} == {
        "concurrency": {
            "limit": 100,
            "reason": "unused",
            "hosts": [{"host": "slow.example:443", "limit": 25, "reason": "refused"}],
        },
        "limited_by": {"reason": "host", "name": "example.org:443", "seconds": 1.235, "share": 0.9497},
        "loop_lag_ms": {"p50": 1.0, "p99": 42.1},
        "timings_suspect": True,
    }
