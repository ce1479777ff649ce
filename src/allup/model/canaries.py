"""URLs that are up as long as this machine's own network is: what they are, and how they did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from allup.model.attempt import Attempt
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.target import Target

PATIENCE_S: Final = 60.0
TIMEOUT_S: Final = 5.0
"""What a canary has to answer in, unless it says otherwise."""

_OF_THE_NETWORK: Final = frozenset(
    {
        FailureKind.DNS,
        FailureKind.CONNECT_REFUSED,
        FailureKind.CONNECT_TIMEOUT,
        FailureKind.UNREACHABLE,
        FailureKind.RESET,
        FailureKind.TLS_HOSTNAME,
        FailureKind.TLS_UNTRUSTED,
        FailureKind.TLS_PROTOCOL,
        FailureKind.READ_TIMEOUT,
        FailureKind.TRUNCATED,
        FailureKind.PROXY,
    }
)
"""A captive portal shows a certificate of its own."""
_MOST_NAMED: Final = 3
_BEFORE_A_CONNECTION: Final = frozenset({Phase.DNS, Phase.CONNECT})


@dataclass(frozen=True, slots=True, kw_only=True)
class CanarySettings:
    """Whom to ask whether a failure is this machine's own (nobody: it is never asked).

    A run waits `patience_s` in all for any of `targets` to answer again; None: it does not wait, and asks again
    when the next one fails.
    """

    targets: tuple[Target, ...] = ()
    patience_s: float | None = PATIENCE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryCount:
    """How often the canary at `url`, which is printable, was as expected, and how often not; and why, the last time."""

    url: str
    ok: int
    failed: int
    failure: Failure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CanarySummary:
    """All canaries of a run; they were away for `away_s` in all, in so many `outages`, and in the end if `lost`."""

    canaries: Sequence[CanaryCount]
    outages: int
    away_s: float
    lost: bool


def may_be_ours(attempt: Attempt) -> bool:
    """Say whether `attempt` failed as all do that are made without a network."""
    failure = attempt.failure
    if failure is None:
        return False
    return failure.kind in _OF_THE_NETWORK or (
        failure.kind is FailureKind.LOCAL and failure.phase in _BEFORE_A_CONNECTION
    )


def unknowable(urls: Sequence[str], last: Failure | None) -> Failure:
    """Return the failure of a target that nobody can judge as long as none of the canaries at `urls` answers."""
    named = ", ".join(urls[:_MOST_NAMED]) + (", ..." if len(urls) > _MOST_NAMED else "")
    return Failure(
        kind=FailureKind.LOCAL,
        certainty=Certainty.LOCAL,
        phase=None if last is None else last.phase,
        detail=f"{'not asked, since' if last is None else f'{last.detail}, and'} no canary answers: {named}",
        hint="look at the network of this machine, or for another canary",
    )
