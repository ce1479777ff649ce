"""What `compare` shows while it runs."""

from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task
from rich.text import Text

from allup.live.display import Display, NullDisplay
from allup.model.duration import format_duration
from allup.model.result import Result
from allup.model.settings import Strategy
from allup.model.tally import Tally


class Rounds(Display, Protocol):
    """Shows the rounds of a comparison, one after the other."""

    def round_started(self, strategy: Strategy, concurrency: int, round_number: int) -> None:
        """Take note that a round has begun; `round_number` counts from 1."""
        ...


class NullRoundDisplay(NullDisplay):
    """Shows nothing."""

    def round_started(self, strategy: Strategy, concurrency: int, round_number: int) -> None:
        """Do nothing."""


class RoundDisplay:
    """Draws on `console` (stderr) which strategy runs and how many of `targets` are done; `clock` counts seconds."""

    def __init__(self, console: Console, *, targets: int, rounds: int, clock: Callable[[], float]) -> None:
        self._targets = targets
        self._rounds = rounds
        self._tally = Tally()
        columns = (_Round(), BarColumn(bar_width=24), _Done())
        self._progress = Progress(*columns, console=console, transient=True, get_time=clock, redirect_stdout=False)
        self._task = self._progress.add_task("", total=targets, visible=False)

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take it away."""
        self._progress.stop()

    def round_started(self, strategy: Strategy, concurrency: int, round_number: int) -> None:
        """Draw a new bar; `round_number` counts from 1."""
        self._tally = Tally()
        turn = f", round {round_number} of {self._rounds}" if self._rounds > 1 else ""
        self._progress.reset(
            self._task, total=self._targets, visible=True, description=f"{strategy.value} -c {concurrency}{turn}"
        )

    def completed(self, result: Result) -> None:
        """Count it."""
        self._tally.add(result)
        self._progress.update(self._task, completed=self._tally.total)


class _Round(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(task.description)


class _Done(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.completed:.0f}/{task.total:.0f} in {format_duration(task.elapsed or 0.0)}")
