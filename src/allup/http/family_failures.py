"""Addresses of the version of IP that was not asked for."""

from typing import Final

from allup.http.scene import Scene
from allup.model.failure import Certainty, Failure, FailureKind
from allup.model.settings import Family

_OPTIONS: Final = {Family.IPV4: "-4", Family.IPV6: "-6"}


class WrongFamily(Exception):
    """A URL names an address of another family than that of the run."""


def wrong_family_failure(_: Exception, scene: Scene) -> Failure:
    """Return the failure of an address that is not to be connected to."""
    asked = scene.settings.family or Family.IPV4
    other = Family.IPV6 if asked is Family.IPV4 else Family.IPV4
    return Failure(
        kind=FailureKind.UNREACHABLE,
        certainty=Certainty.DEFINITE,
        phase=scene.phase,
        detail=f"its address is {other}, and {_OPTIONS[asked]} asks for {asked} only",
    )


def check_family(host: str, asked: Family | None) -> None:
    """Raise WrongFamily where `host`, an address, is of another family than `asked` (None: any will do)."""
    family = Family.IPV6 if ":" in host else Family.IPV4
    if asked not in (None, family):
        raise WrongFamily
