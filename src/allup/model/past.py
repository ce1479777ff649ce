"""What an earlier run, the baseline, knew of a target, and what has changed since."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from allup.model.failure import FailureKind
from allup.model.verdict import Verdict


class Change(StrEnum):
    """What became of a target since the baseline; `unknown` where it is unchecked on either side.

    `failed_otherwise` failed before as well, with another kind.
    """

    SAME = "same"
    NEW = "new"
    BROKE = "broke"
    RECOVERED = "recovered"
    STILL_FAILED = "still_failed"
    FAILED_OTHERWISE = "failed_otherwise"
    UNKNOWN = "unknown"


FAILED_BEFORE: Final = frozenset({Change.STILL_FAILED, Change.FAILED_OTHERWISE})
"""The failures that are no news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a baseline says of a target; `elapsed_s` None: it took no measurement of it."""

    verdict: Verdict
    kind: FailureKind | None = None
    elapsed_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What has changed for a target since the baseline, which says `known` of it (None: it does not have it).

    `excused` is a failure that does not count, since the baseline has it already.
    """

    change: Change
    known: Known | None = None
    excused: bool = False


def change_since(known: Known | None, verdict: Verdict, kind: FailureKind | None) -> Change:
    """Return what it means that a target of which the baseline says `known` has come to `verdict`."""
    if known is None:
        return Change.NEW
    if Verdict.UNCHECKED in (known.verdict, verdict):
        return Change.UNKNOWN
    if verdict is not Verdict.FAILED:
        return Change.RECOVERED if known.verdict is Verdict.FAILED else Change.SAME
    if known.verdict is not Verdict.FAILED:
        return Change.BROKE
    return Change.STILL_FAILED if known.kind is kind else Change.FAILED_OTHERWISE
