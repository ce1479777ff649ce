"""The changes on standard output, one a line."""

import asyncio
import select
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Final, Self

from allup.cli.environment import Environment
from allup.model.state import Transition
from allup.report.output import OutputError
from allup.report.stdout import PipeWriter
from allup.report.transition_format import TransitionFormat

_LAST_LINES_S: Final = 1.0
"""What a reader that has stalled gets at the end."""


class WatchLines:
    """Writes a change as a line of `format_`, and waits for no reader: what is not read yet is in a file meanwhile."""

    def __init__(self, environment: Environment, format_: TransitionFormat) -> None:
        self._format = format_
        self._fd = environment.stdout_fd
        self._stdout = PipeWriter(self._fd, encoding=environment.stdout_encoding)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with suppress(TimeoutError, BrokenPipeError):
            async with asyncio.timeout(_LAST_LINES_S):
                await self._stdout.aclose()

    def write(self, transition: Transition) -> None:
        """Write a line; raises BrokenPipeError where nobody reads any more, OutputError where it cannot be written."""
        with _told():
            self._stdout.write(self._format.line(transition))
            self._stdout.flush()

    def look(self) -> None:
        """Raise what `write` would: there may be nothing to write for days."""
        with _told():
            self._stdout.flush()
            if _is_abandoned(self._fd):
                raise BrokenPipeError


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write standard output: {error.strerror}") from error


def _is_abandoned(fd: int) -> bool:
    if not hasattr(select, "poll"):  # Windows: the next write will tell
        return False
    poll = select.poll()
    poll.register(fd, 0)
    return any(state & (select.POLLERR | select.POLLHUP) for _, state in poll.poll(0))
