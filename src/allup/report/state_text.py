"""States, and shares of time, as people read them."""

from typing import Final

from rich.text import Text

from allup.model.state import State
from allup.report.look import Look

_SIGNS: Final = {State.UP: ("✓", "+"), State.DOWN: ("✗", "x"), State.UNKNOWN: ("?", "?")}
_STYLES: Final = {State.UP: "green", State.DOWN: "red", State.UNKNOWN: "yellow"}


def state_text(state: State, look: Look) -> Text:
    """Return a sign and a word; the colour only adds to them."""
    return Text(f"{look.pick(*_SIGNS[state])} {state.value}", style=_STYLES[state], no_wrap=True)


def share(part: float | None) -> str:
    """Return a share from 0 to 1 as percent, of which 100 means all of it; empty where it is not known."""
    if part is None:
        return ""
    percent = int(part * 10_000) / 100  # rounded down: 99.999 is not all
    return f"{percent:.2f}%" if part < 1 else "100%"
