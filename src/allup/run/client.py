"""What the core asks of an HTTP client; `allup.http` has one, and so have the tests."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from allup.model.attempt import Attempt
from allup.model.failure import Phase
from allup.model.target import Target


class Client(Protocol):
    """One attempt at a time; may be asked for many at once."""

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = ...,
        watch: Callable[[Callable[[], Phase]], None] | None = ...,
        move: Callable[[str], Awaitable[float]] | None = ...,
    ) -> Attempt:
        """Ask `target` once; a failure is data, and CancelledError passes.

        Before another host is asked, `move` is awaited with its name; it returns the seconds that
        this took, which count in no timeout and no latency.
        """
        ...
