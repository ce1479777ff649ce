"""A progress bar for `check`, with the failures above it as they happen, and what takes longest below."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.text import Text

from allup.live.failure_line import failure_line, is_news
from allup.live.frames import Frames
from allup.live.view import view
from allup.model.result import Result
from allup.model.tally import Tally
from allup.report.look import Look
from allup.run.turns import Turn

MOST_FAILURES: Final = 100
"""Failures that are listed while the run goes on; the reports have all."""


class ProgressDisplay:
    """Draws on `console` (stderr) until the end of the block; `total` None: how long the list is, is not known.

    `in_flight` says how many targets are, `turns` lists their turns, `known` says how many were known before the
    run; all are asked from Rich's thread. `clock` counts seconds, and is that of the turns.
    """

    def __init__(
        self,
        console: Console,
        *,
        total: int | None,
        in_flight: Callable[[], int],
        turns: Callable[[], Sequence[Turn]] = tuple,
        known: Callable[[], int] = int,
        clock: Callable[[], float],
    ) -> None:
        self._console = console
        self._look = Look.on(console.encoding)
        self._tally = Tally()
        self._listed = 0
        self._frames = Frames(
            self._tally, self._look, total=total, in_flight=in_flight, turns=turns, known=known, clock=clock
        )
        self._live = view(console, self._frames.frame)

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._frames.begin()
        self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away; the failures stay."""
        self._live.stop()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away, if it is there, while the block runs, which may write to the terminal."""
        if not self._live.is_started:
            yield
            return
        self._live.stop()
        try:
            yield
        finally:
            self._live.start(refresh=True)

    def completed(self, result: Result) -> None:
        """Count `result`, and list it if it is a failure and not too many are."""
        self._tally.add(result)
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
        self._console.print(line, no_wrap=True, overflow=self._look.overflow)
