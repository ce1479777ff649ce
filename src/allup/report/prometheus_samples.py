"""The samples of one result."""

from collections.abc import Iterator
from typing import Final

from allup.model.attempt import Attempt
from allup.model.failure import Phase
from allup.model.result import Result, Verdict
from allup.report.exposition import Family, Labels

_UP: Final = Family("allup_up", "Whether the target is as expected; missing where that is not known.")
_FAILURE: Final = Family("allup_failure", "1 where the target failed or is unchecked, with why.")
_ATTEMPTS: Final = Family("allup_attempts", "Attempts at the target.")
_STATUS: Final = Family("allup_http_status_code", "Status of the last answer.")
_DURATION: Final = Family("allup_duration_seconds", "Duration of the last attempt, redirects included.")
_PHASE: Final = Family("allup_phase_duration_seconds", "Duration of a phase of the last request.")
_EXPIRY: Final = Family("allup_certificate_expiry_timestamp_seconds", "When the certificate expires, since the epoch.")
TARGET_FAMILIES: Final = (_UP, _FAILURE, _ATTEMPTS, _STATUS, _DURATION, _PHASE, _EXPIRY)

Sample = tuple[Family, Labels, float]


def samples(result: Result) -> Iterator[Sample]:
    """Yield what is known of `result`, each with the labels that it has beside those of the target."""
    if result.verdict is not Verdict.UNCHECKED:
        yield _UP, {}, result.verdict is not Verdict.FAILED
    if result.failure is not None:
        kind, certainty = result.failure.kind.value, result.failure.certainty.value
        yield _FAILURE, {"kind": kind, "certainty": certainty}, 1
    yield _ATTEMPTS, {}, result.attempts
    if result.attempt is not None:
        yield from _of_attempt(result.attempt)


def _of_attempt(attempt: Attempt) -> Iterator[Sample]:
    if attempt.status is not None:
        yield _STATUS, {}, attempt.status
    yield _DURATION, {}, attempt.elapsed_s
    for phase in Phase:
        took_s: float | None = getattr(attempt.timings, f"{phase.value}_s")
        if took_s is not None:
            yield _PHASE, {"phase": phase.value}, took_s
    if attempt.tls is not None and attempt.tls.expires_at is not None:
        yield _EXPIRY, {}, attempt.tls.expires_at
