"""Who has come in, when, and in which place."""

from collections.abc import Callable

from allup.model.race import Finish
from allup.model.result import Result


class FinishLine:
    """The finishes of a race that began at `began_at`; `observe` is told of each."""

    def __init__(self, began_at: float, observe: Callable[[Finish], None]) -> None:
        self.finishes: list[Finish] = []
        self.arrived = 0
        self._began_at = began_at
        self._observe = observe
        self._started_at: dict[int, float] = {}

    @property
    def any_started(self) -> bool:
        """Whether anybody is under way, or was."""
        return bool(self._started_at)

    def started(self, index: int, at: float) -> None:
        """Take note of the first start of the entry of that number."""
        self._started_at.setdefault(index, at)

    def ended(self, result: Result, at: float) -> None:
        """Take note of what one came to: as expected, it gets the next place."""
        as_expected = result.attempt is not None and result.failure is None
        self.arrived += as_expected
        started_at = self._started_at.get(result.index)
        finish = Finish(
            result=result,
            started_s=None if started_at is None else started_at - self._began_at,
            ended_s=at - self._began_at,
            place=self.arrived if as_expected else None,
        )
        self.finishes.append(finish)
        self._observe(finish)
