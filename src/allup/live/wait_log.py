"""A wait in a pipe, or in the log of a CI job: a line where something changes."""

from typing import Final

from rich.console import Console
from rich.text import Text

from allup.live.wait_display import NullWaitDisplay
from allup.live.wait_line import wait_line
from allup.model.waiting import Poll
from allup.report.look import Look
from allup.report.outcome import status_or_kind

MOST_LINES: Final = 100
"""Changes that are written; more than that nobody reads."""


class WaitLog(NullWaitDisplay):
    """Writes a line to `console` where a target is not as it was."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._look = Look.on(console.encoding)
        self._known: dict[int, tuple[bool, str]] = {}
        self._written = 0

    def polled(self, poll: Poll) -> None:
        """Write it, if it is news."""
        state = (poll.ready, status_or_kind(poll.result))
        if self._known.get(poll.result.index) != state:
            self._known[poll.result.index] = state
            self._write(wait_line(poll, self._look))

    def _write(self, line: Text) -> None:
        self._written += 1
        if self._written <= MOST_LINES:
            self._console.print(line, soft_wrap=True)
        elif self._written == MOST_LINES + 1:
            self._console.print("more changes are not written here")
