"""What is known of a target in the end."""

from allup.model.attempt import Attempt
from allup.model.failure import UNKNOWN_KINDS, Certainty, Failure, FailureKind, Phase, doing
from allup.model.past import Past
from allup.model.stop import Stop
from allup.model.target import Entry, InvalidTarget, Target
from allup.model.value import value
from allup.model.verdict import Verdict as Verdict  # noqa: PLC0414 - a result and its verdict are had from here

_CUT_SHORT = {Stop.DEADLINE: FailureKind.DEADLINE, Stop.OFFLINE: FailureKind.LOCAL}


@value
class Result:
    """The verdict on one entry; `index` counts the entries of the run from 0, in the list's order.

    `past` is what has changed since the baseline; None where the run has none.
    """

    index: int
    entry: Entry
    verdict: Verdict
    failure: Failure | None = None
    attempt: Attempt | None = None
    attempts: int = 0
    past: Past | None = None

    @property
    def url(self) -> str:
        """The URL as listed, or the line that is none; printable, and still the list's text."""
        return self.entry.text if isinstance(self.entry, InvalidTarget) else self.entry.url

    @property
    def name(self) -> str | None:
        """What reports call the target, where the list says so."""
        return None if isinstance(self.entry, InvalidTarget) else self.entry.name

    @property
    def group(self) -> str | None:
        """The equivalents that the target is one of, where the list says so."""
        return None if isinstance(self.entry, InvalidTarget) else self.entry.group

    @property
    def host(self) -> str | None:
        """The normalised host:port of the target; None for a line that is none."""
        return None if isinstance(self.entry, InvalidTarget) else self.entry.host


def judged(index: int, target: Target, attempt: Attempt, *, attempts: int = 1) -> Result:
    """Return the result of `target` after its last `attempt`; `attempts` counts that one too."""
    failure = target.expectation.judge(attempt)
    return Result(
        index=index,
        entry=target,
        verdict=_verdict(failure, attempts),
        failure=failure,
        attempt=attempt,
        attempts=attempts,
    )


def unreadable(index: int, entry: InvalidTarget) -> Result:
    """Return the failed result of a line that is no target."""
    failure = Failure(
        kind=FailureKind.INVALID_TARGET,
        certainty=Certainty.DEFINITE,
        phase=None,
        detail=entry.diagnosis,
        hint=entry.hint,
    )
    return Result(index=index, entry=entry, verdict=Verdict.FAILED, failure=failure)


def cut_short(index: int, target: Target, stop: Stop, phase: Phase, *, attempts: int) -> Result:
    """Return the result of a target that was in flight, in `phase`, when `stop` ended the run."""
    failure = Failure(
        kind=_CUT_SHORT.get(stop, FailureKind.INTERRUPTED),
        certainty=Certainty.LOCAL,
        phase=phase,
        detail=f"{stop.value} while {doing(phase)}",
    )
    return Result(index=index, entry=target, verdict=Verdict.UNCHECKED, failure=failure, attempts=attempts)


def not_started(index: int, entry: Entry, *, detail: str) -> Result:
    """Return the result of an entry that was still waiting when the run was stopped."""
    failure = Failure(kind=FailureKind.NOT_STARTED, certainty=Certainty.LOCAL, phase=None, detail=detail)
    return unasked(index, entry, failure)


def unasked(index: int, entry: Entry, failure: Failure) -> Result:
    """Return the result of an entry that is not asked any more, for a reason that is this machine's own."""
    if isinstance(entry, InvalidTarget):
        return unreadable(index, entry)
    return Result(index=index, entry=entry, verdict=Verdict.UNCHECKED, failure=failure)


def _verdict(failure: Failure | None, attempts: int) -> Verdict:
    if failure is None:
        return Verdict.OK if attempts == 1 else Verdict.FLAKY
    return Verdict.UNCHECKED if failure.kind in UNKNOWN_KINDS else Verdict.FAILED
