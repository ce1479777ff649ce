"""The bar of a live view."""

from typing import Final

from rich.text import Text

from allup.report.look import Look

_LONGEST: Final = 24
_SHORTEST: Final = 8
_STEPS_PER_S: Final = 8


def track(done: int, total: int | None, *, elapsed_s: float, room: int, look: Look) -> Text:
    """Return a bar over `done` of `total` with a space behind it, a fifth of `room` cells wide; none in a small room.

    Without a total, a piece of it moves.
    """
    width = min(_LONGEST, room // 5)
    if width < _SHORTEST:
        return Text()
    begin, end = (0, min(width, done * width // total)) if total else _moving(elapsed_s, width)
    full, rest = look.pick("━", "#"), look.pick("─", "-")
    return Text.assemble((rest * begin, "dim"), (full * (end - begin), "cyan"), (rest * (width - end), "dim"), " ")


def _moving(elapsed_s: float, width: int) -> tuple[int, int]:
    begin = int(elapsed_s * _STEPS_PER_S) % width
    return begin, min(width, begin + width // 4)
