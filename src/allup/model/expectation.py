"""What is expected of an answer, and the judgement."""

import math
from dataclasses import dataclass, field
from typing import Final

from allup.model.answer import AnswerExpectation
from allup.model.attempt import Attempt
from allup.model.duration import format_duration
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.status import certainty, named
from allup.model.statuses import SUCCESSFUL, Statuses

DAY_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyBudget:
    """The most that an attempt may take until its judgement; `text` is as it was written."""

    seconds: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where a redirect has to point: a whole URL in WHATWG's serialisation; `text` is as it was written."""

    href: str = field(repr=False)
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDays:
    """How many days the certificate has to be good for yet; `text` is as it was written."""

    days: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What an answer must be like; the status is judged after redirects.

    `answer` is judged by whoever has the answer at hand; its failure is then the attempt's.
    """

    statuses: Statuses = SUCCESSFUL
    location: Pointer | None = None
    answer: AnswerExpectation = AnswerExpectation()
    certificate: CertificateDays | None = None
    within: LatencyBudget | None = None

    def judge(self, attempt: Attempt) -> Failure | None:
        """Return why `attempt` is not as expected, or None where it is."""
        return attempt.failure or self.judge_head(attempt) or self._judge_latency(attempt)

    def judge_head(self, attempt: Attempt) -> Failure | None:
        """Return what is wrong with the status, the redirect or the certificate: all that needs no further look."""
        if attempt.status is None:
            return None
        if attempt.status not in self.statuses:
            return self._unexpected_status(attempt.status, attempt)
        return self._judge_location(attempt) or self._judge_certificate(attempt)

    def _unexpected_status(self, status: int, attempt: Attempt) -> Failure:
        return Failure(
            kind=FailureKind.STATUS,
            certainty=Certainty.BLOCKED if attempt.robot_wall else certainty(status),
            phase=Phase.WAIT,
            detail=f"{named(status)}, expected {self.statuses}",
            hint=_wall_hint(attempt) or _redirect_hint(status, attempt),
        )

    def _judge_location(self, attempt: Attempt) -> Failure | None:
        if self.location is None or attempt.location_href == self.location.href:
            return None
        points = "nowhere" if attempt.location is None else f"to {attempt.location}"
        return _definite(FailureKind.HEADER, Phase.WAIT, f"it redirects {points}, expected {self.location.text}")

    def _judge_certificate(self, attempt: Attempt) -> Failure | None:
        if self.certificate is None:
            return None
        expected = f"expected {self.certificate.text} days"
        if attempt.tls is None or attempt.tls.expires_at is None:
            return _definite(FailureKind.CERTIFICATE, Phase.SSL, f"no certificate was shown, {expected}")
        days = math.floor((attempt.tls.expires_at - attempt.started_at) / DAY_S)
        if days >= self.certificate.days:
            return None
        left = f"the certificate is good for {days} days" if days >= 0 else "the certificate has expired"
        return _definite(FailureKind.CERTIFICATE, Phase.SSL, f"{left}, {expected}")

    def _judge_latency(self, attempt: Attempt) -> Failure | None:
        if self.within is None or attempt.elapsed_s <= self.within.seconds:
            return None
        return Failure(
            kind=FailureKind.LATENCY,
            certainty=Certainty.TRANSIENT,
            phase=Phase.RECEIVE if attempt.timings.receive_s is not None else Phase.WAIT,
            detail=f"took {format_duration(attempt.elapsed_s)}, expected within {self.within.text}",
        )


def _definite(kind: FailureKind, phase: Phase, detail: str) -> Failure:
    return Failure(kind=kind, certainty=Certainty.DEFINITE, phase=phase, detail=detail)


def _wall_hint(attempt: Attempt) -> str | None:
    if attempt.robot_wall is None:
        return None
    return f"{attempt.robot_wall} keeps robots out: a person may well see the page"


def _redirect_hint(status: int, attempt: Attempt) -> str | None:
    if not 300 <= status <= 399 or attempt.location is None:
        return None
    return f"it redirects to {attempt.location}; --follow goes there, --expect {status} accepts it"
