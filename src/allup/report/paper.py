"""The Rich console that tables are drawn on."""

import errno
from typing import IO, Final, cast

from rich.console import Console

from allup.report.sink import Sink

WIDTH: Final = 120
"""Cells, where there is no terminal to fill."""


class Paper(Console):
    """A console whose reader may go away: that is an OSError like any other, and the caller's to handle."""

    def on_broken_pipe(self) -> None:
        """Raise what Rich would turn into the end of the process."""
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def paper(sink: Sink, *, width: int | None, color: bool) -> Console:
    """Return a console over `sink`, `width` cells wide; it looks at no environment and no terminal."""
    return Paper(
        file=cast("IO[str]", sink),
        width=width or WIDTH,
        height=25,
        force_terminal=color,
        # The terminal's own sixteen colours: they fit its background.
        color_system="standard" if color else None,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
