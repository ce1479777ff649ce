"""A progress bar for `check`, with the failures above it as they happen, and what takes longest below."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from rich.console import Console, OverflowMethod, RenderableType
from rich.progress import BarColumn, Progress, ProgressColumn, Task
from rich.text import Text

from allup.live.counts import counts
from allup.live.failure_line import failure_line, is_news
from allup.live.slowest import Slowest
from allup.model.result import Result
from allup.model.tally import Tally
from allup.report.look import Look
from allup.run.turns import Turn

MOST_FAILURES: Final = 100
"""Failures that are listed while the run goes on; the reports have all."""


class ProgressDisplay:
    """Draws on `console` (stderr) until the end of the block; `total` None: how long the list is, is not known.

    `in_flight` says how many targets are, `turns` lists their turns; both are asked from Rich's
    thread. `clock` counts seconds, and is that of the turns.
    """

    def __init__(
        self,
        console: Console,
        *,
        total: int | None,
        in_flight: Callable[[], int],
        turns: Callable[[], Sequence[Turn]] = tuple,
        clock: Callable[[], float],
    ) -> None:
        self._look = Look.on(console.encoding)
        self._total = total
        self._in_flight = in_flight
        self._tally = Tally()
        self._listed = 0
        # stdout carries results: Rich must not draw them above the bar instead (`redirect_stdout`).
        columns = (BarColumn(bar_width=24), _Counts(self._counts))
        self._progress = _BarAndSlowest(
            *columns, console=console, transient=True, get_time=clock, redirect_stdout=False
        )
        self._progress.slowest = Slowest(turns, clock, self._look)
        self._task = self._progress.add_task("", total=total)

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away; the failures stay."""
        self._progress.stop()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away, if it is there, while the block runs, which may write to the terminal."""
        if not self._progress.live.is_started:
            yield
            return
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()

    def completed(self, result: Result) -> None:
        """Count `result`, and list it if it is a failure and not too many are."""
        self._tally.add(result)
        self._progress.update(self._task, completed=self._tally.total)
        if is_news(result):
            self._list(result)

    def _list(self, result: Result) -> None:
        if self._listed < MOST_FAILURES:
            self._print(failure_line(result, self._look))
        elif self._listed == MOST_FAILURES:
            self._print(Text("More failures are counted, not listed here; the report has them.", style="dim"))
        self._listed += 1

    def _print(self, line: Text) -> None:
        # Given here and not to the text: Rich joins texts before it prints them.
        overflow: OverflowMethod = "crop" if self._look.plain else "ellipsis"
        self._progress.console.print(line, no_wrap=True, overflow=overflow)

    def _counts(self, elapsed_s: float) -> Text:
        return counts(self._tally, total=self._total, in_flight=self._in_flight(), elapsed_s=elapsed_s, look=self._look)


class _BarAndSlowest(Progress):
    slowest: Slowest | None = None

    def get_renderables(self) -> Iterable[RenderableType]:
        yield from super().get_renderables()
        if self.slowest is not None:
            yield from self.slowest.lines()


class _Counts(ProgressColumn):
    def __init__(self, counts_after: Callable[[float], Text]) -> None:
        super().__init__()
        self._counts_after = counts_after

    def render(self, task: Task) -> Text:
        return self._counts_after(task.elapsed or 0.0)
