"""Whose turn it is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from allup.model.failure import Phase
from allup.run.candidate import Candidate


class Turn:
    """A candidate's turn, from being taken to being released.

    `index` is the entry's number in the run, from 0; `waited_s` is how long it was known and waited, `task` is who
    has it, `host` whose slot it holds (None: nobody's).
    """

    __slots__ = ("_mover", "_probe", "candidate", "entry", "host", "index", "taken_at", "task", "waited_s")

    def __init__(
        self,
        candidate: Candidate,
        *,
        host: str | None,
        waited_s: float,
        taken_at: float,
        mover: Callable[["Turn", str], Awaitable[float]],
        task: asyncio.Task[Any] | None = None,
    ) -> None:
        self.candidate = candidate
        self.index = candidate.index
        self.entry = candidate.entry
        self.host = host
        self.waited_s = waited_s
        self.taken_at = taken_at
        self.task = task
        self._mover = mover
        self._probe: Callable[[], Phase] | None = None

    @property
    def task_name(self) -> str:
        """The name of the task that has it; empty for none."""
        return "" if self.task is None else self.task.get_name()

    @property
    def attempt_number(self) -> int:
        """Which attempt this is, from 1."""
        return self.candidate.attempts + 1

    def watch(self, probe: Callable[[], Phase]) -> None:
        """Have `probe` say from now on which phase the attempt is in."""
        self._probe = probe

    def unwatch(self) -> None:
        """Let go of the attempt, which has ended: two that hold each other would stay until garbage is collected."""
        self._probe = None

    @property
    def phase(self) -> Phase:
        """The phase that the attempt is in now."""
        return Phase.BLOCKED if self._probe is None else self._probe()

    async def move(self, host: str) -> float:
        """Give the host's slot back and wait for one of `host`; return the seconds that this took."""
        return await self._mover(self, host)


class Turns(Protocol):
    """Who may go next."""

    async def take(self) -> Turn | None:
        """Wait for the next turn; None once there will be none any more."""
        ...

    def release(self, turn: Turn) -> None:
        """End `turn`, whatever came of it."""
        ...
