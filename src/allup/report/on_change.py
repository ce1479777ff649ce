"""A command that is run for each transition, with its record on standard input."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from allup.model.duration import format_duration
from allup.model.state import Transition
from allup.report.json_text import json_text
from allup.report.printable import printable
from allup.report.transition_record import transition_record

AT_ONCE: Final = 4
MOST_WAITING: Final = 250
"""Transitions that may wait for each of the commands that are running."""
PATIENCE_S: Final = 30.0
"""What one command may take."""
PARTING_S: Final = 2.0
"""What those that have begun, and those that wait, may take yet at the end of the watch."""
_REAPED_S: Final = 1.0


class OnChange:
    """Runs `command` by the shell for each transition it is told; nothing of a transition is on its command line.

    `AT_ONCE` at most run at a time, those of one target one after the other, each for `PATIENCE_S`.
    Nobody waits for them: a transition for which there is no room is dropped, and that is told by
    `complain`, as is every command that does not end well.
    """

    def __init__(self, command: str, complain: Callable[[str], None], *, patience_s: float = PATIENCE_S) -> None:
        self._command = command
        self._complain = complain
        self._patience_s = patience_s
        self._lines: list[asyncio.Queue[Transition]] = [asyncio.Queue(MOST_WAITING) for _ in range(AT_ONCE)]
        self._workers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._workers = [
            asyncio.create_task(self._work(line), name=f"allup-on-change-{number}")
            for number, line in enumerate(self._lines, 1)
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(PARTING_S):
                    await asyncio.gather(*(line.join() for line in self._lines))
        finally:
            for worker in self._workers:
                worker.cancel()
            await asyncio.wait(self._workers)

    def tell(self, transition: Transition) -> None:
        """Have the command run for `transition`, now or when it is its turn; does not wait."""
        try:
            self._lines[transition.result.index % AT_ONCE].put_nowait(transition)
        except asyncio.QueueFull:
            self._complain_of(transition, "not run, since too many wait for it")

    async def _work(self, line: asyncio.Queue[Transition]) -> None:
        while True:
            transition = await line.get()
            try:
                problem = await self._run(json_text(transition_record(transition)) + "\n")
                if problem is not None:
                    self._complain_of(transition, problem)
            finally:
                line.task_done()

    async def _run(self, text: str) -> str | None:
        try:
            process = await asyncio.create_subprocess_shell(
                self._command, stdin=PIPE, stdout=DEVNULL, start_new_session=True
            )
        except OSError as error:
            return f"cannot be run: {error.strerror or error}"
        try:
            async with asyncio.timeout(self._patience_s):
                await process.communicate(text.encode())
        except TimeoutError:
            return f"killed after {format_duration(self._patience_s)}"
        finally:
            if process.returncode is None:
                await _kill(process)
        return f"exit code {process.returncode}" if process.returncode else None

    def _complain_of(self, transition: Transition, problem: str) -> None:
        change = f"{transition.before.value} to {transition.after.value}"
        self._complain(f"--on-change: {problem} ({printable(transition.result.url)}, {change})")


async def _kill(process: Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):  # all that it has started in turn: its session is a group of its own
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with suppress(TimeoutError):
        async with asyncio.timeout(_REAPED_S):
            await process.wait()
