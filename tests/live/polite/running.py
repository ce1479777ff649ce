"""A whole run over real sockets, and when each of its results was known."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from allup.model.failure import FailureKind
from allup.model.result import Result, Verdict
from allup.model.settings import CheckSettings
from allup.run.checking import Checking, checking

DEFAULT = CheckSettings()


@dataclass(slots=True)
class Ran:
    """What came of a run, in the list's order; times are seconds since its start."""

    began_at: float = field(default_factory=time.monotonic)
    wall_s: float = 0.0
    results: list[Result] = field(default_factory=list)
    known_after_s: dict[str, float] = field(default_factory=dict)

    def completed(self, result: Result) -> None:
        self.known_after_s[result.url] = time.monotonic() - self.began_at

    @property
    def verdicts(self) -> list[Verdict]:
        return [result.verdict for result in self.results]

    @property
    def kinds(self) -> list[FailureKind | None]:
        return [None if result.failure is None else result.failure.kind for result in self.results]

    @property
    def attempts(self) -> list[int]:
        return [result.attempts for result in self.results]


async def ran(
    lines: Iterable[str], settings: CheckSettings = DEFAULT, *, begun: Callable[[Checking], object] | None = None
) -> Ran:
    """Check `lines` to the end; `begun` is called with the run once it has begun."""
    came = Ran()
    async with checking(lines, settings) as run:
        run.observe(came)
        if begun is not None:
            begun(run)
        async for result in run:
            came.results.append(result)
    came.wall_s = time.monotonic() - came.began_at
    return came
