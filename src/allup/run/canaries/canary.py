"""One canary, and how it did so far."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from allup.model.canaries import CanaryCount
from allup.model.failure import Failure
from allup.model.target import Target
from allup.run.client import Client

Opening = Callable[[], AbstractAsyncContextManager[Client]]
"""Opens a client that has nothing from before: no name, no connection."""


class Canary:
    """Asked over a client of its own each time: what was kept would answer for a network that is gone."""

    def __init__(self, target: Target, opening: Opening) -> None:
        self._target = target
        self._opening = opening
        self._ok = 0
        self._failed = 0
        self._failure: Failure | None = None

    @property
    def url(self) -> str:
        """Its URL; printable."""
        return self._target.url

    @property
    def count(self) -> CanaryCount:
        """How it did so far."""
        return CanaryCount(url=self.url, ok=self._ok, failed=self._failed, failure=self._failure)

    async def sings(self) -> bool:
        """Ask once, and say whether it is as expected."""
        async with self._opening() as client:
            failure = self._target.expectation.judge(await client.attempt(self._target))
        if failure is None:
            self._ok += 1
            return True
        self._failed += 1
        self._failure = failure
        return False
