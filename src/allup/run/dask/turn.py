"""A turn that a worker has, as it was told last."""

from allup.model.failure import Phase
from allup.run.candidate import Candidate
from allup.run.dask.words import UnderWay
from allup.run.turns import Turn


class DistantTurn(Turn):
    """One that is only looked at; `address` is the worker's."""

    __slots__ = ("_address", "_attempt_number")

    def __init__(self, candidate: Candidate, told: UnderWay, *, address: str, now: float) -> None:
        _, self._attempt_number, age_s, phase, host = told
        super().__init__(candidate, host=host, waited_s=0.0, taken_at=now - age_s, mover=_stay)
        self._address = address
        self.watch(lambda: phase)

    @property
    def task_name(self) -> str:
        """The address of the worker."""
        return self._address

    @property
    def attempt_number(self) -> int:
        """Which attempt it is, from 1."""
        return self._attempt_number


async def _stay(turn: Turn, host: str) -> float:
    raise RuntimeError(f"the turn at {turn.host} is a worker's: it does not move to {host}")


def phase_of(told: UnderWay) -> tuple[int, Phase]:
    """Return which attempt it is, and its phase."""
    return told[1], told[3]
