"""Results in which every text is anybody's, and what a format makes of them."""

import io
from collections import Counter
from collections.abc import Sequence

from hypothesis import strategies as st

from allup.model.attempt import AddressOutcome, Attempt, Hop, Timings, Tls
from allup.model.canaries import CanaryCount, CanarySummary
from allup.model.changes import Changes, Gone, Slower
from allup.model.failure import UNKNOWN_KINDS, Certainty, Failure, FailureKind, Phase
from allup.model.level import HostLevel, Level, Restraint
from allup.model.limited_by import Bottleneck, LimitedBy
from allup.model.past import FAILED_BEFORE, Change, Known, Past
from allup.model.result import Result, Verdict, unreadable
from allup.model.resumption import Resumption
from allup.model.tally import Summary, Tally
from allup.model.target import InvalidTarget, Origin, Target
from allup.report.format import ReportFormat

HOSTILE = (
    *("\x1b[2J\x1b]0;owned\x07", "\x9b31mred", "a\u202egnp.exe", "tab\there", "two\nlines", "\r\n", "\ufffe", "\ud800"),
    *("[bold]x[/] [link=https://evil.example]here[/link]", "=HYPERLINK(0)", "a;=1+1", '",=1+1', "-1", "\uff1d1"),
    *("::error::x", "  ::add-mask::x", "##[error]x", "\n::stop-commands::t", "%0A::error::x", "a,line=1::b"),
    *("<b>&amp;]]>", "'\"><script>", "| a | b |", "\\|", "`", "``` ` ```", "@someone #12 :+1: https://evil.example"),
    *("ok # SKIP all", "#todo", "\\# skip", "1..0", "Bail out!", "  ...", '} 1\nallup_up{x="y"} 1', "\\", "\u2028", ""),
)
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join),
    st.text(st.characters(codec=None), max_size=30),
)
OPTIONAL = st.none() | TEXT


@st.composite
def _failure(draw: st.DrawFn, verdict: Verdict) -> Failure:
    kinds = UNKNOWN_KINDS if verdict is Verdict.UNCHECKED else set(FailureKind) - UNKNOWN_KINDS
    return Failure(
        kind=draw(st.sampled_from(sorted(kinds))),
        certainty=draw(st.sampled_from(Certainty)),
        phase=draw(st.sampled_from(Phase)),
        detail=draw(TEXT),
        hint=draw(OPTIONAL),
    )


@st.composite
def _address(draw: st.DrawFn) -> AddressOutcome:
    verdict = draw(st.sampled_from((Verdict.OK, Verdict.FAILED, Verdict.UNCHECKED)))
    return AddressOutcome(
        address=draw(st.sampled_from([None, "192.0.2.7", "2001:db8::1"])),
        verdict=verdict,
        status=draw(st.none() | st.integers(100, 999)),
        failure=None if verdict is Verdict.OK else draw(_failure(verdict)),
        started_at=draw(st.none() | st.just(1769860800.0)),
        elapsed_s=draw(st.none() | st.floats(0, 100)),
        timings=Timings(blocked_s=0.1, wait_s=0.02),
        counts=draw(st.booleans()),
    )


@st.composite
def _attempt(draw: st.DrawFn) -> Attempt:
    return Attempt(
        started_at=1769860800.0,
        elapsed_s=draw(st.floats(0, 100)),
        method=draw(TEXT),
        status=draw(st.none() | st.integers(100, 999)),
        final_url=draw(OPTIONAL),
        location=draw(OPTIONAL),
        redirects=tuple(Hop(status=301, url=url) for url in draw(st.lists(TEXT, max_size=2))),
        timings=Timings(blocked_s=0.1, connect_s=0.02, ssl_s=0.03),
        address=draw(st.sampled_from([None, "192.0.2.7", "2001:db8::1"])),
        http_version=draw(OPTIONAL),
        content_type=draw(OPTIONAL),
        content_length=draw(st.none() | st.integers(0, 2**63)),
        tls=draw(st.none() | st.just(Tls(version="TLSv1.3", expires_at=1798761600.0))),
        addresses=draw(st.none() | st.lists(_address(), max_size=3).map(tuple)),
    )


KNOWN = st.builds(
    Known,
    verdict=st.sampled_from(Verdict),
    kind=st.none() | st.sampled_from(FailureKind),
    elapsed_s=st.none() | st.floats(0, 100),
)


@st.composite
def _past(draw: st.DrawFn, verdict: Verdict) -> Past:
    change = draw(st.sampled_from(Change))
    excusable = verdict is Verdict.FAILED and change in FAILED_BEFORE
    return Past(change=change, known=draw(st.none() | KNOWN), excused=excusable and draw(st.booleans()))


@st.composite
def _result(draw: st.DrawFn) -> Result:
    origin = Origin(source=draw(OPTIONAL), line=draw(st.none() | st.integers(1, 10**9)))
    if draw(st.booleans()) and draw(st.booleans()):
        return unreadable(0, InvalidTarget(text=draw(TEXT), reason=draw(TEXT), hint=draw(OPTIONAL), origin=origin))
    target = Target(url=draw(TEXT), href="", host=draw(TEXT), name=draw(OPTIONAL), group=draw(OPTIONAL), origin=origin)
    verdict = draw(st.sampled_from(Verdict))
    return Result(
        index=0,
        entry=target,
        verdict=verdict,
        failure=draw(_failure(verdict)) if verdict in (Verdict.FAILED, Verdict.UNCHECKED) else None,
        attempt=draw(st.none() | _attempt()),
        attempts=draw(st.integers(0, 9)),
        past=draw(st.none() | _past(verdict)),
    )


RESULTS = st.lists(_result(), max_size=4)


def total(results: Sequence[Result], resumed: Resumption | None = None) -> Summary:
    tally = Tally()
    for result in results:
        tally.add(result)
    changes = changes_of(results) if any(result.past for result in results) else None
    # Whatever a list may call a host or a URL is named there, too.
    name = next((result.url for result in results), None)
    canaries = canaries_of(results) if results else None
    return Summary(
        tally=tally,
        repeats=0,
        wall_s=1.3,
        peak_in_flight=10,
        changes=changes,
        canaries=canaries,
        resumed=resumed,
        limited_by=LimitedBy(Bottleneck.SLOWEST, seconds=1.2, share=0.9, name=name),
        level=Level(100, Restraint.UNUSED, () if name is None else (HostLevel(name, 3, Restraint.REFUSED),)),
    )


def canaries_of(results: Sequence[Result]) -> CanarySummary:
    """Canaries that are where the targets are, and fail as they do."""
    counts = [CanaryCount(url=one.url, ok=0, failed=1, failure=one.failure) for one in results]
    return CanarySummary(canaries=counts, outages=1, away_s=1.5, lost=True)


def changes_of(results: Sequence[Result]) -> Changes:
    """Changes that name all targets as slower and as gone."""
    counts = Counter(result.past.change for result in results if result.past)
    return Changes(
        counts=counts,
        new_failed=counts[Change.NEW],
        gone=len(results),
        first_gone=tuple(Gone(url=one.url, name=one.name) for one in results),
        slower=len(results) + 1,
        slowest=tuple(Slower(url=one.url, name=one.name, before_s=0.1, now_s=0.3) for one in results),
        shift=1.1,
    )


def written(form: ReportFormat, results: Sequence[Result], resumed: Resumption | None = None) -> str:
    stream = io.StringIO()
    report = form.report(stream)
    report.start()
    for result in results:
        report.add(result)
    report.finish(total(results, resumed))
    return stream.getvalue()
