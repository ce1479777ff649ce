"""The time of one attempt: a timeout for the whole, and a shorter one for each connection."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self


class Budget:
    """A context manager around an attempt; its clock starts when the block is entered.

    Leaving the block raises TimeoutError where the time ran out, and `overrun_s` then says which
    bound it was; it is None where a TimeoutError was the network's own. It does as `asyncio.timeout`
    does, whose states and coroutines take four times as long.
    """

    __slots__ = (
        "_cancelling",
        "_connect_s",
        "_connecting",
        "_ends_at",
        "_expired",
        "_loop",
        "_task",
        "_timer",
        "_total_s",
    )

    def __init__(self, total_s: float, connect_s: float | None) -> None:
        self._total_s = total_s
        self._connect_s = connect_s if connect_s is not None and connect_s < total_s else None
        self._connecting = False
        self._expired = False

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("what is to be bounded runs in a task")
        self._task = task
        self._cancelling = task.cancelling()
        self._loop = task.get_loop()
        self._ends_at = self._loop.time() + self._total_s
        self._timer: asyncio.TimerHandle | None = self._loop.call_at(self._ends_at, self._expire)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()
        # A cancellation from elsewhere that came at the same time goes on.
        if self._expired and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    @property
    def overrun_s(self) -> float | None:
        """The bound that was reached, in seconds; None while none was."""
        if not self._expired:
            return None
        return self._connect_s if self._connecting and self._connect_s is not None else self._total_s

    @property
    def left_s(self) -> float:
        """What is left of the whole, in seconds."""
        return max(0.0, self._ends_at - self._loop.time())

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Stop the clock while the block runs."""
        left_s = self.left_s
        self._stop()
        try:
            yield
        finally:
            self._ends_at = self._loop.time() + left_s
            self._end_at(self._ends_at)

    def connecting(self) -> None:
        """Start the bound for a connection, which ends early where the whole ends before."""
        if self._connect_s is None:
            return
        connect_ends_at = self._loop.time() + self._connect_s
        self._connecting = connect_ends_at < self._ends_at
        self._end_at(min(self._ends_at, connect_ends_at))

    def connected(self) -> None:
        """End the bound for a connection."""
        if self._connecting and not self._expired:
            self._connecting = False
            self._end_at(self._ends_at)

    def _end_at(self, when: float) -> None:
        self._stop()
        if not self._expired:
            self._timer = self._loop.call_at(when, self._expire)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        self._expired = True
        self._task.cancel()
