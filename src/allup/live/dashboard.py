"""What `watch` shows on a terminal: the watch as it is, and above it what has changed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from allup.live.watch_frame import Frame
from allup.model.state import Transition
from allup.report.instant import instant
from allup.report.look import Look
from allup.report.outcome import detail, status_or_kind
from allup.report.state_text import state_text
from allup.run.watching import Watching

_A_SECOND: Final = 2
"""How often it is drawn."""


class Dashboard:
    """Draws `watch` on `console` until the end of the block, and every change above it, to stay; `wall` is its clock.

    Rich draws it in a thread of its own: so a terminal that takes nothing holds up no poll by that.
    """

    def __init__(self, console: Console, watch: Watching, wall: Callable[[], float]) -> None:
        self._console = console
        self._look = Look.on(console.encoding)
        self._frame = Frame(watch, self._look, wall)
        self._live = Live(
            console=console,
            get_renderable=lambda: self._frame,
            refresh_per_second=_A_SECOND,
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
        """Take it away; the changes stay."""
        self._live.stop()

    def changed(self, transition: Transition) -> None:
        """Print the change above the rest."""
        self._console.print(change_line(transition, self._look), no_wrap=True, overflow="crop")

    def aside(self) -> AbstractContextManager[object]:
        """Take the dashboard away while the block runs."""
        return _Aside(self._live)


class _Aside(AbstractContextManager[None]):
    def __init__(self, live: Live) -> None:
        self._live = live
        self._was_shown = live.is_started

    def __enter__(self) -> None:
        self._live.stop()

    def __exit__(self, *_: object) -> None:
        if self._was_shown:
            self._live.start()


def change_line(transition: Transition, look: Look) -> Text:
    """Return time, sign and state, status or kind, URL and detail, in the order of what to lose last."""
    result = transition.result
    at = (instant(transition.at, "seconds"), "dim")
    state = state_text(transition.after, look)
    line = Text.assemble(at, "  ", state, "  ", status_or_kind(result), "  ", look.foreign(result.url))
    return line.append(f"  {look.foreign(detail(result))}", style="dim")
