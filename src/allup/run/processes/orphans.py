"""What comes of a target whose process has ended: nothing that says anything about it."""

from typing import Final

from allup.model.attempt import Attempt, Timings
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.target import Target

_HINT: Final = "where memory is short, fewer --processes or a lower --concurrency take less of it"


def orphan(
    target: Target, detail: str, *, started_at: float, elapsed_s: float = 0.0, waited_s: float, phase: Phase
) -> Attempt:
    """Return the attempt at `target` that was in `phase` when what `detail` says happened here."""
    return Attempt(
        started_at=started_at,
        elapsed_s=elapsed_s,
        method=target.request.method,
        failure=Failure(kind=FailureKind.LOCAL, certainty=Certainty.LOCAL, phase=phase, detail=detail, hint=_HINT),
        timings=Timings(blocked_s=waited_s),
    )
