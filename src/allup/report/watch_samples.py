"""The metrics of one watched target."""

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Final

from allup.model.attempt import Attempt
from allup.model.state import State
from allup.report.exposition import Family, Sample
from allup.run.schedule import Schedule
from allup.run.watched import BUCKETS_S, Watched

Samples = Callable[[Watched, Schedule], Iterable[Sample]]
"""What a family says of a target; labels are those beside the target's own."""

_UPPER: Final = (*(f"{bound:g}" for bound in BUCKETS_S), "+Inf")


def _up(one: Watched, _: Schedule) -> Iterator[Sample]:
    if one.state is not State.UNKNOWN:
        yield "", {}, one.state is State.UP


def _since(one: Watched, _: Schedule) -> Iterator[Sample]:
    if one.since is not None:
        yield "", {}, one.since


def _failure(one: Watched, _: Schedule) -> Iterator[Sample]:
    if one.last is not None and one.last.failure is not None:
        failure = one.last.failure
        yield "", {"kind": failure.kind.value, "certainty": failure.certainty.value}, 1


def _status(one: Watched, _: Schedule) -> Iterator[Sample]:
    attempt = _attempt(one)
    if attempt is not None and attempt.status is not None:
        yield "", {}, attempt.status


def _expiry(one: Watched, _: Schedule) -> Iterator[Sample]:
    attempt = _attempt(one)
    if attempt is not None and attempt.tls is not None and attempt.tls.expires_at is not None:
        yield "", {}, attempt.tls.expires_at


def _polls(one: Watched, _: Schedule) -> Iterator[Sample]:
    return (("_total", {"verdict": verdict.value}, count) for verdict, count in one.polls.items())


def _transitions(one: Watched, _: Schedule) -> Iterator[Sample]:
    return (("_total", {"to": state.value}, count) for state, count in one.transitions.items())


def _skipped(one: Watched, schedule: Schedule) -> Iterator[Sample]:
    if one.index in schedule.skipped:
        yield "_total", {}, schedule.skipped[one.index]


def _latency(one: Watched, _: Schedule) -> Iterator[Sample]:
    counts = list(accumulate(one.histogram))
    yield from (("_bucket", {"le": upper}, count) for upper, count in zip(_UPPER, counts, strict=True))
    yield "_count", {}, counts[-1]
    yield "_sum", {}, one.latency_sum_s


def _attempt(one: Watched) -> Attempt | None:
    return None if one.last is None else one.last.attempt


OF_TARGET: Final[dict[Family, Samples]] = {
    Family("allup_up", "Whether the target is up, confirmed; missing where that is not known."): _up,
    Family("allup_state_since_timestamp_seconds", "Since when it is so, in seconds since the epoch."): _since,
    Family("allup_failure", "1 where the last poll failed or is unchecked, with why."): _failure,
    Family("allup_http_status_code", "Status of the last answer."): _status,
    Family("allup_certificate_expiry_timestamp_seconds", "When the certificate expires, since the epoch."): _expiry,
    Family("allup_polls", "Polls by verdict.", "counter"): _polls,
    Family("allup_transitions", "Confirmed changes of state, by what it is since.", "counter"): _transitions,
    Family("allup_skipped_polls", "Polls left out, since the one before was under way.", "counter"): _skipped,
    Family("allup_poll_duration_seconds", "Duration of polls that were answered.", "histogram"): _latency,
}
