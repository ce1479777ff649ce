"""The order in which results are handed on."""

from collections.abc import Iterable, Iterator
from typing import Protocol, assert_never

from allup.model.result import Result
from allup.model.settings import Order
from allup.run.spill import Spill

WINDOW = 1_000
"""Results that wait in memory for an earlier one; further ones wait in a temporary file."""


class Ordering(Protocol):
    """Takes results as they complete and gives them back as they are to be reported."""

    def push(self, result: Result) -> Iterable[Result]:
        """Take one in; return those that may go on now."""
        ...

    def close(self) -> None:
        """Let go of what was held back."""
        ...


class CompletionOrder:
    """As they complete."""

    def push(self, result: Result) -> Iterable[Result]:
        """Return it at once."""
        return (result,)

    def close(self) -> None:
        """Nothing is ever held back."""


class ListOrder:
    """As they are listed: a result waits for those before it, and nobody waits for the result."""

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self._next_index = 0
        self._waiting: dict[int, Result] = {}
        self._spill = Spill()
        self._held = 0

    def push(self, result: Result) -> Iterable[Result]:
        """Return `result` and all that waited for it alone; nothing where an earlier one is missing."""
        if result.index != self._next_index:
            self._hold(result)
            return ()
        if self._held:
            return self._with_following(result)
        self._next_index += 1
        return (result,)

    def close(self) -> None:
        """Remove the temporary file."""
        self._spill.close()

    def _with_following(self, result: Result) -> Iterator[Result]:
        following: Result | None = result
        while following is not None:
            self._next_index += 1
            yield following
            following = self._waiting.pop(self._next_index, None) or self._spill.pop(self._next_index)
            self._held -= following is not None

    def _hold(self, result: Result) -> None:
        self._held += 1
        if len(self._waiting) < self._window:
            self._waiting[result.index] = result
        else:
            self._spill.add(result)


def ordering(order: Order) -> Ordering:
    """Return the ordering behind a name."""
    match order:
        case Order.LIST:
            return ListOrder()
        case Order.COMPLETION:
            return CompletionOrder()
        case _:
            assert_never(order)
