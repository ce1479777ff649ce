"""Runs to be shown in a page."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from allup.model.attempt import Attempt, Hop, Timings
from allup.model.changes import Changes
from allup.model.failure import Certainty, Failure, FailureKind
from allup.model.past import Known
from allup.model.result import Result, Verdict, judged
from allup.model.resumption import Resumption
from allup.model.settings import FailOn
from allup.model.tally import Summary, Tally
from allup.model.target import Origin, Target
from allup.report.format import ReportFormat
from allup.report.only import Only
from allup.run.baseline.baseline import Baseline
from allup.run.baseline.diff import Diff

EPOCH_S = 1769860800.0


def many(count: int, *, at_once: int = 50) -> list[Result]:
    """A run of `count` targets on 40 hosts: every 50th fails, every 70th is flaky, every 90th is redirected."""
    free_s = [0.0] * at_once
    results = []
    for number in range(count):
        slot = min(range(at_once), key=free_s.__getitem__)
        took_s = 0.02 + (number * 7919 % 400) / 1000
        results.append(_one(number, free_s[slot], took_s))
        free_s[slot] += took_s
    return results


def _one(number: int, began_s: float, took_s: float) -> Result:
    host = f"h{number * 31 % 40}.example"
    url = f"https://{host}/page/{number}"
    target = Target(url=url, href=url, host=f"{host}:443", origin=Origin(source="urls.txt", line=number + 1))
    failed, flaky, moved = number % 50 == 49, number % 70 == 69, number % 90 == 89
    attempt = Attempt(
        started_at=EPOCH_S + began_s,
        elapsed_s=took_s,
        method="GET",
        status=404 if failed else 200,
        final_url=url,
        redirects=(Hop(status=301, url=url.replace("https", "http")),) if moved else (),
        timings=_timings(took_s * (0.5 if moved else 1), fresh=number % 3 == 0, blocked_s=min(began_s, 0.4)),
        address="192.0.2.7",
        http_version="1.1",
        content_type="text/html",
        content_length=1256,
    )
    return judged(number, target, attempt, attempts=3 if flaky else 1)


def _timings(took_s: float, *, fresh: bool, blocked_s: float) -> Timings:
    if not fresh:
        return Timings(blocked_s=blocked_s, wait_s=took_s * 0.8, receive_s=took_s * 0.2)
    shares = {"dns_s": 0.08, "connect_s": 0.14, "ssl_s": 0.22, "wait_s": 0.4, "receive_s": 0.16}
    return Timings(blocked_s=blocked_s, **{name: took_s * share for name, share in shares.items()})


def named(url: str, name: str | None, **changes: object) -> Result:
    """One target with texts of anybody's, that failed for a reason of anybody's."""
    failure = Failure(kind=FailureKind.RESET, certainty=Certainty.TRANSIENT, phase=None, detail=name or url, hint=name)
    attempt = Attempt(started_at=EPOCH_S, elapsed_s=0.1, method="GET", failure=failure)
    result = judged(0, Target(url=url, href="", host="", name=name, group=name), attempt)
    return replace(result, **changes)  # type: ignore[arg-type]


def since(results: Sequence[Result]) -> tuple[list[Result], Changes]:
    """Compare the run with one in which the first had failed, the second was slow, a tenth did not exist, all else was.

    A target that is called by markup was there then, and is gone.
    """
    baseline = Baseline()
    for result in results:
        first, second = result.index == 0, result.index == 1
        known = Known(
            verdict=Verdict.FAILED if first else Verdict.OK,
            kind=FailureKind.RESET if first else None,
            elapsed_s=0.001 if second else result.attempt.elapsed_s if result.attempt else None,
        )
        if result.index % 10 != 5:
            baseline.add(result.url, result.name, None, known)
    baseline.add("https://gone.example/<b>", "<img src=x onerror=alert(1)>", None, Known(verdict=Verdict.OK))
    diff = Diff(baseline, FailOn.ANY)
    return [diff.compared(result) for result in results], diff.changes(whole=True)


def resumed(first: Sequence[Result], *, after_s: float) -> list[Result]:
    """Return a run that was cut off when it had come to the end of `first`, and then did all of it again, so late."""
    later = [
        replace(one, index=len(first) + one.index, attempt=replace(attempt, started_at=attempt.started_at + after_s))
        for one in first
        if (attempt := one.attempt) is not None
    ]
    return [*first, *later]


def summary(
    results: Sequence[Result],
    *,
    peak_in_flight: int = 50,
    changes: Changes | None = None,
    resumption: Resumption | None = None,
) -> Summary:
    tally = Tally()
    for result in results:
        tally.add(result)
    return Summary(
        tally=tally, repeats=0, wall_s=1.3, peak_in_flight=peak_in_flight, changes=changes, resumed=resumption
    )


def page(
    path: Path,
    results: Sequence[Result],
    *,
    only: frozenset[Verdict] = frozenset(Verdict),
    changes: Changes | None = None,
    resumption: Resumption | None = None,
) -> Path:
    stream = io.StringIO()
    report = Only(ReportFormat.HTML.report(stream), only)
    report.start()
    for result in results:
        report.add(result)
    report.finish(summary(results, changes=changes, resumption=resumption))
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path
