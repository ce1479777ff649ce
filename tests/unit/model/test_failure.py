"""What can go wrong, in words."""

import pytest

from allup.model.failure import FailureKind, Phase, doing


def test_phases_have_the_names_of_har() -> None:
    assert [phase.value for phase in Phase] == ["blocked", "dns", "connect", "ssl", "send", "wait", "receive"]


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_can_be_told_to_people(phase: Phase) -> None:
    assert doing(phase)
    assert doing(phase) != phase.value


def test_no_two_phases_are_told_alike() -> None:
    assert len({doing(phase) for phase in Phase}) == len(Phase)


@pytest.mark.parametrize("kind", FailureKind)
def test_a_kind_is_one_word_for_machines(kind: FailureKind) -> None:
    assert kind.value == kind.name.lower()
