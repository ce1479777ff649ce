"""What the core asks of an HTTP client; `allup.http` has one, and so have the tests."""

from collections.abc import Callable
from typing import Protocol

from allup.model.attempt import Attempt
from allup.model.failure import Phase
from allup.model.target import Target


class Client(Protocol):
    """One attempt at a time; may be asked for many at once."""

    async def attempt(
        self, target: Target, *, waited_s: float = ..., watch: Callable[[Callable[[], Phase]], None] | None = ...
    ) -> Attempt:
        """Ask `target` once; a failure is data, and CancelledError passes."""
        ...
