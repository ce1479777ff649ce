"""Which failures are worth another attempt."""

from dataclasses import dataclass
from typing import Final, Self

from allup.model.failure import Certainty, FailureKind
from allup.model.result import Result, Verdict
from allup.model.statuses import Statuses

_KINDS: Final = frozenset(
    {
        FailureKind.DNS,
        FailureKind.CONNECT_REFUSED,
        FailureKind.CONNECT_TIMEOUT,
        FailureKind.UNREACHABLE,
        FailureKind.RESET,
        FailureKind.READ_TIMEOUT,
        FailureKind.TRUNCATED,
        FailureKind.PROXY,
        FailureKind.LATENCY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOn:
    """Kinds of failure, and statuses that were not expected; never what is local or a robot wall."""

    kinds: frozenset[FailureKind]
    statuses: Statuses | None
    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `text`, a list with commas of statuses and kinds, names; raises ValueError."""
        words = [word.strip() for word in text.split(",")]
        kinds = frozenset(FailureKind(word) for word in words if word in _KINDS)
        statuses = [word for word in words if word not in _KINDS]
        try:
            return cls(kinds=kinds, statuses=Statuses.parse(",".join(statuses)) if statuses else None, text=text)
        except ValueError as error:
            raise ValueError(f"{error}; or a kind: {', '.join(sorted(_KINDS))}") from None

    def __contains__(self, result: Result) -> bool:
        """Say whether `result` is worth another attempt."""
        failure = result.failure
        if result.verdict is not Verdict.FAILED or failure is None:
            return False
        if failure.kind is FailureKind.STATUS and failure.certainty is not Certainty.BLOCKED:
            status = None if result.attempt is None else result.attempt.status
            return status is not None and self.statuses is not None and status in self.statuses
        return failure.kind in self.kinds and failure.certainty is Certainty.TRANSIENT

    def __str__(self) -> str:
        """Return it as it was written."""
        return self.text


TRANSIENT: Final = RetryOn.parse("408,425,429,500,502,503,504," + ",".join(sorted(_KINDS)))
"""What usually passes."""
