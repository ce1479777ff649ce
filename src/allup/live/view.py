"""The part of the terminal that is drawn anew again and again."""

from collections.abc import Callable
from typing import Final

from rich.console import Console, RenderableType
from rich.live import Live

_FRAMES_PER_S: Final = 10


def view(console: Console, draw: Callable[[int], RenderableType]) -> Live:
    """Return a view, not started, of what `draw` makes of a width; it goes when it is stopped."""
    return Live(
        console=console,
        transient=True,
        refresh_per_second=_FRAMES_PER_S,
        get_renderable=lambda: draw(console.width),
        # stdout carries results: Rich must not draw them above the view instead.
        redirect_stdout=False,
    )
