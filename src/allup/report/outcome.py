"""What a result comes down to, in a few words; its foreign text is still raw."""

from allup.model.addresses import disagree, reservation
from allup.model.failure import FailureKind
from allup.model.result import Result, Verdict


def status_or_kind(result: Result) -> str:
    """Return the status where there is no failure or its kind is `status`, else the kind."""
    failure = result.failure
    if failure is not None and failure.kind is not FailureKind.STATUS:
        return failure.kind.value
    return status_text(result)


def status_text(result: Result) -> str:
    """Return the status; empty where there was no answer."""
    return "" if result.attempt is None or result.attempt.status is None else str(result.attempt.status)


def detail(result: Result) -> str:
    """Return why the result is not plainly ok; empty where it is."""
    if result.failure is not None:
        return result.failure.detail
    its = "" if result.attempt is None or result.attempt.addresses is None else reservation(result.attempt.addresses)
    if result.verdict is Verdict.FLAKY:
        return f"as expected at attempt {result.attempts}{its and f', {its}'}"
    return its


def hint(result: Result) -> str:
    """Return what may help; empty where nothing is known to."""
    return "" if result.failure is None or result.failure.hint is None else result.failure.hint


def called(result: Result) -> str:
    """Return the name, where there is one, and the URL."""
    return result.url if result.name is None else f"{result.name} ({result.url})"


def needs_a_look(result: Result) -> bool:
    """Say whether people want to see the result; what was merely not reached is said in a number."""
    if result.verdict is Verdict.OK:
        attempt = result.attempt
        return attempt is not None and attempt.addresses is not None and disagree(attempt.addresses)
    # There may be thousands.
    return result.failure is None or result.failure.kind is not FailureKind.NOT_STARTED
