"""The time of one attempt: a timeout for the whole, and a shorter one for each connection."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self


class Budget:
    """A context manager around an attempt; its clock starts when the block is entered.

    Leaving the block raises TimeoutError where the time ran out, and `overrun_s` then says which
    bound it was; it is None where a TimeoutError was the network's own.
    """

    def __init__(self, total_s: float, connect_s: float | None) -> None:
        self._total_s = total_s
        self._connect_s = connect_s if connect_s is not None and connect_s < total_s else None
        self._timeout = asyncio.timeout(total_s)
        self._ends_at = 0.0
        self._connecting = False

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        self._ends_at = self._timeout.when() or 0.0
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._timeout.__aexit__(kind, error, traceback)

    @property
    def overrun_s(self) -> float | None:
        """The bound that was reached, in seconds; None while none was."""
        if not self._timeout.expired():
            return None
        return self._connect_s if self._connecting and self._connect_s is not None else self._total_s

    @property
    def left_s(self) -> float:
        """What is left of the whole, in seconds."""
        return max(0.0, self._ends_at - asyncio.get_running_loop().time())

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Stop the clock while the block runs."""
        left_s = self.left_s
        self._timeout.reschedule(None)
        try:
            yield
        finally:
            self._ends_at = asyncio.get_running_loop().time() + left_s
            if not self._timeout.expired():
                self._timeout.reschedule(self._ends_at)

    def connecting(self) -> None:
        """Start the bound for a connection, which ends early where the whole ends before."""
        if self._connect_s is None:
            return
        connect_ends_at = asyncio.get_running_loop().time() + self._connect_s
        self._connecting = connect_ends_at < self._ends_at
        self._timeout.reschedule(min(self._ends_at, connect_ends_at))

    def connected(self) -> None:
        """End the bound for a connection."""
        if self._connecting and not self._timeout.expired():
            self._connecting = False
            self._timeout.reschedule(self._ends_at)
