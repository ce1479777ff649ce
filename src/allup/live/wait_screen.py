"""A wait on a terminal: how much is ready, and what is missing, and why."""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Final, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from allup.live.wait_line import wait_line
from allup.model.duration import format_duration
from allup.model.waiting import Poll
from allup.report.look import Look

MOST_MISSING: Final = 8
"""Targets that are shown."""


class WaitScreen:
    """Draws on `console` until the end of the block; `clock` counts seconds, of which `for_s` is all there are."""

    def __init__(self, console: Console, *, for_s: float, clock: Callable[[], float]) -> None:
        self._look = Look.on(console.encoding)
        self._for_s = for_s
        self._clock = clock
        self._began_at = clock()
        self._missing: dict[int, Poll] = {}
        self._last: Poll | None = None
        self._live = Live(
            console=console,
            get_renderable=self._drawn,
            refresh_per_second=8,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take it away."""
        self._live.stop()

    def polled(self, poll: Poll) -> None:
        """Draw it from now on, or no more."""
        # A new one each time: Rich draws from a thread of its own.
        missing = {**self._missing, poll.result.index: poll}
        if poll.ready:
            ready = (poll.result.index, poll.result.group)
            missing = {index: one for index, one in missing.items() if not _is_of(one, *ready)}
        self._missing, self._last = missing, poll

    def _drawn(self) -> RenderableType:
        return Group(self._counts(), *self._lines())

    def _counts(self) -> Text:
        waited = f"{format_duration(self._clock() - self._began_at)} of {format_duration(self._for_s)}"
        ready = "" if self._last is None else f"{self._last.ready_count} of {self._last.count} ready, "
        return Text(f"{ready}{waited}", style="bold")

    def _lines(self) -> Iterator[Text]:
        missing = list(self._missing.values())
        for poll in missing[:MOST_MISSING]:
            line = wait_line(poll, self._look)
            line.no_wrap, line.overflow = True, "crop" if self._look.plain else "ellipsis"
            yield line
        if len(missing) > MOST_MISSING:
            yield Text(f"{self._look.pick('…', '...')} and {len(missing) - MOST_MISSING} more", style="dim")


def _is_of(poll: Poll, index: int, group: str | None) -> bool:
    return poll.result.index == index or (group is not None and poll.result.group == group)
