"""Whose turn it is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from allup.model.failure import Phase
from allup.model.target import Entry
from allup.run.candidate import Candidate


class Turn:
    """A candidate's turn, from being taken to being released.

    `waited_s` is how long it was known and waited, `task_name` says which task has it, `host` whose
    slot it holds (None: nobody's).
    """

    __slots__ = ("_mover", "_probe", "candidate", "host", "taken_at", "task_name", "waited_s")

    def __init__(
        self,
        candidate: Candidate,
        *,
        host: str | None,
        waited_s: float,
        taken_at: float,
        mover: Callable[["Turn", str], Awaitable[float]],
    ) -> None:
        self.candidate = candidate
        self.host = host
        self.waited_s = waited_s
        self.taken_at = taken_at
        self.task_name = _task_name()
        self._mover = mover
        self._probe: Callable[[], Phase] | None = None

    @property
    def index(self) -> int:
        """The entry's number in the run, from 0."""
        return self.candidate.index

    @property
    def entry(self) -> Entry:
        """Whose turn it is."""
        return self.candidate.entry

    @property
    def attempt_number(self) -> int:
        """Which attempt this is, from 1."""
        return self.candidate.attempts + 1

    def watch(self, probe: Callable[[], Phase]) -> None:
        """Have `probe` say from now on which phase the attempt is in."""
        self._probe = probe

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


def _task_name() -> str:
    task = asyncio.current_task()
    return "" if task is None else task.get_name()
