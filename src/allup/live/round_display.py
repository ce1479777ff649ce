"""The rounds of `compare`, drawn on a terminal."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.text import Text

from allup.live.track import track
from allup.live.view import view
from allup.model.duration import format_duration
from allup.model.result import Result
from allup.model.settings import Strategy
from allup.report.look import Look


class RoundDisplay:
    """Draws on `console` (stderr) which strategy runs and how many of `targets` are done; `clock` counts seconds."""

    def __init__(self, console: Console, *, targets: int, rounds: int, clock: Callable[[], float]) -> None:
        self._look = Look.on(console.encoding)
        self._targets = targets
        self._rounds = rounds
        self._clock = clock
        self._round: str | None = None
        self._began_at = clock()
        self._done = 0
        self._live = view(console, self._frame)

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take it away."""
        self._live.stop()

    def round_started(self, strategy: Strategy, concurrency: int, round_number: int) -> None:
        """Draw a new bar; `round_number` counts from 1."""
        self._done = 0
        self._began_at = self._clock()
        turn = f", round {round_number} of {self._rounds}" if self._rounds > 1 else ""
        self._round = f"{strategy.value} -c {concurrency}{turn}"

    def completed(self, result: Result) -> None:  # noqa: ARG002 - a display is told which one
        """Count it."""
        self._done += 1

    def _frame(self, width: int) -> Text:
        if self._round is None:
            return Text()
        elapsed_s = self._clock() - self._began_at
        bar = track(self._done, self._targets, elapsed_s=elapsed_s, room=width, look=self._look)
        done = f"{self._done}/{self._targets} in {format_duration(elapsed_s)}"
        return Text(no_wrap=True, overflow=self._look.overflow).join([bar, Text(f"{done}  {self._round}")])
