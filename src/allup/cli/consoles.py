"""Consoles that draw on standard error."""

from contextlib import suppress
from typing import TextIO, cast

from rich.console import Console

from allup.cli.environment import Color, Environment
from allup.report.paper import paper


def stderr_console(environment: Environment, color: Color) -> Console:
    """Return a console over standard error: as wide as its terminal, if it is one.

    Where nobody can read it, nothing is told, and nothing else is different.
    """
    colors = environment.colors(color, is_terminal=environment.stderr_is_terminal)
    stderr = cast("TextIO", _Unheard(environment.stderr))
    if environment.stderr_is_terminal:
        return Console(file=stderr, force_terminal=True, no_color=not colors, highlight=False)
    return paper(stderr, width=environment.columns, color=colors)


class _Unheard:
    """A stream whose reader may be gone, or its disk full: Rich would end the process."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = stream.encoding

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what can be written."""
        with suppress(OSError):
            self._stream.flush()

    def fileno(self) -> int:
        """Return the descriptor, by which a terminal's width is known."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Say whether it is a terminal."""
        return self._stream.isatty()
