"""Results, summaries and comparisons to be written."""

from collections.abc import Callable

import pytest

from allup.model.attempt import Attempt
from allup.model.comparison import Comparison, Round, Row
from allup.model.failure import Certainty, Failure, FailureKind
from allup.model.result import Result, Verdict, judged
from allup.model.settings import Strategy
from allup.model.tally import Summary, Tally
from allup.model.target import Origin, Target

MakeResult = Callable[..., Result]


def result_of(
    *,
    index: int = 0,
    url: str = "https://example.org/",
    name: str | None = None,
    host: str = "example.org:443",
    status: int | None = 200,
    elapsed_s: float = 0.1234,
    attempts: int = 1,
    kind: FailureKind | None = None,
    detail: str = "no answer",
    hint: str | None = None,
) -> Result:
    failure = None
    if kind is not None:
        failure = Failure(kind=kind, certainty=Certainty.DEFINITE, phase=None, detail=detail, hint=hint)
    target = Target(url=url, href=url, host=host, name=name, origin=Origin(source="urls.txt", line=14))
    attempt = Attempt(started_at=1769860800.0, elapsed_s=elapsed_s, method="GET", status=status, failure=failure)
    return judged(index, target, attempt, attempts=attempts)


def summary_of(*results: Result, repeats: int = 0) -> Summary:
    tally = Tally()
    for result in results:
        tally.add(result)
    return Summary(tally=tally, repeats=repeats, wall_s=1.3, peak_in_flight=10)


def row_of(
    strategy: Strategy = Strategy.TASKGROUP,
    *,
    concurrency: int = 10,
    wall_s: float = 1.0,
    latencies_s: tuple[float, ...] = (0.1,) * 20,
    slowest: str | None = "https://slow.example/",
    failed: int = 0,
) -> Row:
    one = Round(
        wall_s=wall_s,
        latencies_s=latencies_s,
        slowest=slowest,
        peak_in_flight=concurrency,
        ok=len(latencies_s) - failed,
        failed=failed,
    )
    return Row(strategy=strategy, concurrency=concurrency, rounds=(one,))


def comparison_of(*rows: Row) -> Comparison:
    return Comparison(targets=20, rounds=1, rows=rows)


@pytest.fixture(scope="session")
def make_result() -> MakeResult:
    return result_of


@pytest.fixture(scope="session")
def make_summary() -> Callable[..., Summary]:
    return summary_of


@pytest.fixture(scope="session")
def make_row() -> Callable[..., Row]:
    return row_of


@pytest.fixture(scope="session")
def compare() -> Callable[..., Comparison]:
    return comparison_of


@pytest.fixture(scope="session")
def one_of_each(make_result: MakeResult) -> list[Result]:
    results = [
        make_result(),
        make_result(index=1, url="https://flaky.example/", attempts=3),
        make_result(index=2, url="https://gone.example/", status=404, name="docs"),
        make_result(index=3, url="https://late.example/", status=None, kind=FailureKind.LOCAL, hint="raise ulimit -n"),
    ]
    assert [one.verdict for one in results] == list(Verdict)
    return results
