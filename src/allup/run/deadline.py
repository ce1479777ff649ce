"""A deadline that began to run before the run did."""

from typing import Final

from allup.model.clock import Clock

_LEAST_S: Final = 0.001


def left_s(deadline_s: float | None, began_at: float, clock: Clock) -> float | None:
    """Return what is left of a deadline, in seconds and never nothing, since `began_at`; None where there is none."""
    return None if deadline_s is None else max(_LEAST_S, deadline_s - (clock.monotonic() - began_at))
