"""What the addresses of a name come to together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.model.addresses import decisive, disagree, failure_at, reservation
from allup.model.attempt import AddressOutcome
from allup.model.failure import Certainty, Failure, FailureKind
from allup.model.settings import ExpectAddresses
from allup.model.verdict import Verdict

ALL, ANY = ExpectAddresses
NO_WAY = "this machine has no route by IPv6"


def failure(kind: FailureKind, certainty: Certainty = Certainty.TRANSIENT, detail: str = "why") -> Failure:
    return Failure(kind=kind, certainty=certainty, phase=None, detail=detail)


def good(address: str = "192.0.2.1", *, elapsed_s: float = 0.1) -> AddressOutcome:
    return AddressOutcome(address=address, verdict=Verdict.OK, status=200, elapsed_s=elapsed_s)


def bad(
    address: str = "192.0.2.2", certainty: Certainty = Certainty.TRANSIENT, kind: FailureKind = FailureKind.STATUS
) -> AddressOutcome:
    return AddressOutcome(address=address, verdict=Verdict.FAILED, status=503, failure=failure(kind, certainty))


def unknown(address: str = "192.0.2.3") -> AddressOutcome:
    return AddressOutcome(address=address, verdict=Verdict.UNCHECKED, failure=failure(FailureKind.LOCAL))


def out_of_reach(address: str = "2001:db8::1") -> AddressOutcome:
    return AddressOutcome(
        address=address,
        verdict=Verdict.UNCHECKED,
        failure=failure(FailureKind.LOCAL, Certainty.LOCAL, NO_WAY),
        counts=False,
    )


@pytest.mark.parametrize(
    ("outcomes", "under_all", "under_any"),
    [
        ([good()], Verdict.OK, Verdict.OK),
        ([bad()], Verdict.FAILED, Verdict.FAILED),
        ([good(), bad()], Verdict.FAILED, Verdict.OK),
        ([good(), unknown()], Verdict.UNCHECKED, Verdict.OK),
        ([bad(), unknown()], Verdict.FAILED, Verdict.UNCHECKED),
        ([good(), out_of_reach()], Verdict.OK, Verdict.OK),
        ([bad(), out_of_reach()], Verdict.FAILED, Verdict.FAILED),
        ([out_of_reach()], Verdict.UNCHECKED, Verdict.UNCHECKED),
    ],
)
def test_the_rule_decides_over_what_counts(
    outcomes: list[AddressOutcome], under_all: Verdict, under_any: Verdict
) -> None:
    assert decisive(outcomes, ALL).verdict is under_all
    assert decisive(outcomes, ANY).verdict is under_any


def test_a_definite_failure_stands_for_the_others() -> None:
    definite = bad("192.0.2.9", Certainty.DEFINITE)
    assert decisive([good(), bad(), definite], ALL) is definite
    assert decisive([bad("192.0.2.7"), bad("192.0.2.8")], ANY).address == "192.0.2.7"


def test_the_slowest_stands_for_those_that_are_as_expected() -> None:
    slow = good("192.0.2.9", elapsed_s=2)
    assert decisive([good(), slow, good("192.0.2.10", elapsed_s=1)], ALL) is slow


def test_a_failure_says_at_which_addresses() -> None:
    reset = bad("192.0.2.4", kind=FailureKind.RESET)
    outcomes = [good(), bad(), reset, out_of_reach()]
    its = failure_at(decisive(outcomes, ALL), outcomes)
    assert its is not None
    assert its.detail == "why, at 2 of 4 addresses: 192.0.2.2 (503), 192.0.2.4 (reset)"


def test_of_many_addresses_the_first_are_named() -> None:
    outcomes = [bad(f"192.0.2.{number}") for number in range(64)]
    its = failure_at(outcomes[0], outcomes)
    assert its is not None
    assert its.detail.endswith(
        "at 64 of 64 addresses: 192.0.2.0 (503), 192.0.2.1 (503), 192.0.2.2 (503), 192.0.2.3 (503), ..."
    )


def test_one_address_alone_is_not_counted() -> None:
    assert failure_at(bad(), [bad()]) == bad().failure


def test_what_is_as_expected_says_where_it_is_not() -> None:
    assert reservation([good(), good()]) == ""
    assert reservation([good(), bad()]) == "not as expected at 1 of 2 addresses: 192.0.2.2 (503)"
    assert reservation([good(), out_of_reach(), out_of_reach("2001:db8::2")]) == NO_WAY
    assert not disagree([good(), out_of_reach()])
    assert disagree([good(), bad()])


@given(st.lists(st.sampled_from([good(), bad(), unknown(), out_of_reach()]), min_size=1))
def test_any_is_never_stricter_than_all(outcomes: list[AddressOutcome]) -> None:
    severity = [Verdict.OK, Verdict.UNCHECKED, Verdict.FAILED]
    under_all, under_any = decisive(outcomes, ALL), decisive(outcomes, ANY)
    assert severity.index(under_any.verdict) <= severity.index(under_all.verdict)
    assert under_all in outcomes
    if under_all.verdict is Verdict.OK:
        assert not disagree(outcomes)
