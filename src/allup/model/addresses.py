"""What the addresses of one name come to together."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from allup.model.attempt import AddressOutcome
from allup.model.failure import Certainty, Failure, FailureKind
from allup.model.settings import ExpectAddresses
from allup.model.verdict import Verdict

_MOST_NAMED: Final = 4


def decisive(outcomes: Sequence[AddressOutcome], rule: ExpectAddresses) -> AddressOutcome:
    """Return the one of `outcomes`, at least one, that stands for all of them.

    That is the first definite failure, or else the first one, where `rule` makes the target fail; one that is
    not known where that leaves the target unknown; else the slowest of those that are as expected. What does
    not count decides nothing, unless there is nothing else.
    """
    counted = [one for one in outcomes if one.counts] or list(outcomes)
    good, failed, unknown = (
        [one for one in counted if one.verdict is verdict]
        for verdict in (Verdict.OK, Verdict.FAILED, Verdict.UNCHECKED)
    )
    if good and (rule is ExpectAddresses.ANY or not (failed or unknown)):
        return max(good, key=lambda one: one.elapsed_s or 0.0)
    in_doubt = unknown or failed if rule is ExpectAddresses.ANY else failed or unknown
    return next((one for one in in_doubt if _is_definite(one)), in_doubt[0])


def failure_at(one: AddressOutcome, outcomes: Sequence[AddressOutcome]) -> Failure | None:
    """Return the failure of `one` as that of all `outcomes`: it says at which it is not as expected."""
    if one.failure is None or len(outcomes) == 1:
        return one.failure
    return replace(one.failure, detail=f"{one.failure.detail}, at {_named_bad(outcomes)}")


def reservation(outcomes: Sequence[AddressOutcome]) -> str:
    """Return what is to be said of a target that is as expected; empty where all of its addresses are."""
    if not any(one.failure for one in outcomes):
        return ""
    said = f"not as expected at {_named_bad(outcomes)}" if disagree(outcomes) else ""
    out_of_reach = [one.failure.detail for one in outcomes if one.failure is not None and not one.counts]
    return "; ".join(filter(None, [said, *dict.fromkeys(out_of_reach)]))


def disagree(outcomes: Sequence[AddressOutcome]) -> bool:
    """Say whether one of `outcomes` is not as expected, though all are of one target."""
    return any(map(_is_bad, outcomes))


def _named_bad(outcomes: Sequence[AddressOutcome]) -> str:
    bad = [one for one in outcomes if _is_bad(one)] or [one for one in outcomes if one.failure is not None]
    named = ", ".join(f"{one.address or '?'} ({_word(one)})" for one in bad[:_MOST_NAMED])
    more = "" if len(bad) <= _MOST_NAMED else ", ..."
    return f"{len(bad)} of {len(outcomes)} addresses: {named}{more}"


def _is_bad(one: AddressOutcome) -> bool:
    return one.failure is not None and one.counts


def _is_definite(one: AddressOutcome) -> bool:
    return one.failure is not None and one.failure.certainty is Certainty.DEFINITE


def _word(one: AddressOutcome) -> str:
    if one.failure is None or one.failure.kind is FailureKind.STATUS:
        return str(one.status)
    return one.failure.kind.value
