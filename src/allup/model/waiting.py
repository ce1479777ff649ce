"""Waiting until targets are up: what it is told, and how it ends."""

from dataclasses import dataclass

from allup.model.result import Result
from allup.model.selection import SelectionSettings
from allup.model.settings import HttpSettings, PaceSettings
from allup.model.stop import Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitSettings:
    """One wait, of `for_s` at most: each target that is not ready yet is polled every `every_s`.

    A target is ready once it was as expected `stable` times in a row; with `any_ready`, one of all is enough.
    Caps hold as in a check.
    """

    every_s: float = 1.0
    for_s: float = 60.0
    stable: int = 1
    any_ready: bool = False
    concurrency: int = 100
    pace: PaceSettings = PaceSettings()
    selection: SelectionSettings = SelectionSettings()
    http: HttpSettings = HttpSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll came to, `after_s` seconds of waiting; `streak` counts how often in a row it was as expected.

    `ready_count` of `count` were ready with it, a group being one.
    """

    result: Result
    after_s: float
    streak: int
    ready: bool
    ready_count: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """A wait that is over: whether it was for something, and what is known last of everything that is `missing`.

    `ready_count` of `count` became ready, a group being one; `stop` is what ended it early, if anything.
    """

    in_time: bool
    missing: tuple[Result, ...]
    ready_count: int
    count: int
    wall_s: float
    stop: Stop | None = None
