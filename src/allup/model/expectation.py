"""What is expected of an answer, and the judgement."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from allup.model.attempt import Attempt
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.statuses import SUCCESSFUL, Statuses

_TRANSIENT_STATUSES: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What an answer must be like; the status is judged after redirects."""

    statuses: Statuses = SUCCESSFUL

    def judge(self, attempt: Attempt) -> Failure | None:
        """Return why `attempt` is not as expected, or None where it is."""
        if attempt.failure is not None:
            return attempt.failure
        if attempt.status is not None and attempt.status not in self.statuses:
            return self._unexpected_status(attempt.status, attempt)
        return None

    def _unexpected_status(self, status: int, attempt: Attempt) -> Failure:
        return Failure(
            kind=FailureKind.STATUS,
            certainty=Certainty.BLOCKED if attempt.robot_wall else _certainty(status),
            phase=Phase.WAIT,
            detail=f"{status}{_phrase(status)}, expected {self.statuses}",
            hint=_wall_hint(attempt) or _redirect_hint(status, attempt),
        )


def _certainty(status: int) -> Certainty:
    if status >= 500 or status in _TRANSIENT_STATUSES:
        return Certainty.TRANSIENT
    return Certainty.DEFINITE


def _phrase(status: int) -> str:
    # The registered phrase, not the server's own: that one is anybody's text.
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _wall_hint(attempt: Attempt) -> str | None:
    if attempt.robot_wall is None:
        return None
    return f"{attempt.robot_wall} keeps robots out: a person may well see the page"


def _redirect_hint(status: int, attempt: Attempt) -> str | None:
    if not 300 <= status <= 399 or attempt.location is None:
        return None
    return f"it redirects to {attempt.location}; --follow goes there, --expect {status} accepts it"
