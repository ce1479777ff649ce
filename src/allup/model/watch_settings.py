"""What a watch is told, and every default in its one home."""

from dataclasses import dataclass
from typing import Final

from allup.model.selection import SelectionSettings
from allup.model.settings import HttpSettings, PaceSettings
from allup.model.target import Target

SHORTEST_S: Final = 0.1
"""The shortest interval: what is to be known sooner is no watch any more."""
KEEP_S: Final = 30 * 24 * 3600.0
"""How long a history keeps polls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """One run of `watch`: each target is polled `every_s`; `confirm_after` polls in a row change its state.

    A poll that fails says nothing where all of `canaries` fail, too.
    """

    every_s: float = 30.0
    confirm_after: int = 3
    concurrency: int = 100
    selection: SelectionSettings = SelectionSettings()
    pace: PaceSettings = PaceSettings()
    canaries: tuple[Target, ...] = ()
    http: HttpSettings = HttpSettings()

    def __post_init__(self) -> None:
        if self.every_s < SHORTEST_S:
            raise ValueError(f"an interval of {self.every_s} seconds is too short: it is {SHORTEST_S} at least")
        if self.confirm_after < 1 or self.concurrency < 1:
            raise ValueError("confirmations and concurrency are 1 at least")
