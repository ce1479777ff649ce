"""A whole run in virtual time, and when each of its results was known."""

from collections.abc import AsyncIterable, Callable, Iterable
from dataclasses import dataclass, field

from allup.model.failure import FailureKind
from allup.model.result import Result, Verdict
from allup.model.settings import CheckSettings
from allup.model.target import Entry
from allup.run.checking import Checking, checking
from allup.run.client import Client
from unit.virtual_loop import CLOCK, now


@dataclass(slots=True)
class Checked:
    """What came of a run: its results in the order in which they were handed on, and when each was known."""

    results: list[Result] = field(default_factory=list)
    known_at: dict[int, float] = field(default_factory=dict)

    def completed(self, result: Result) -> None:
        assert result.index not in self.known_at, "a result was told twice"
        self.known_at[result.index] = now()

    @property
    def indexes(self) -> list[int]:
        return [result.index for result in self.results]

    @property
    def verdicts(self) -> list[Verdict]:
        return [result.verdict for result in self.results]

    @property
    def kinds(self) -> list[FailureKind | None]:
        return [None if result.failure is None else result.failure.kind for result in self.results]

    @property
    def attempts(self) -> list[int]:
        return [result.attempts for result in self.results]


async def checked(
    entries: Iterable[Entry] | AsyncIterable[Entry],
    client: Client,
    told: CheckSettings,
    *,
    begun: Callable[[Checking], object] | None = None,
) -> Checked:
    """Run to the end; `begun` is called with the run once it has begun."""
    came = Checked()
    async with checking(entries, told, client=client, clock=CLOCK) as run:
        run.observe(came)
        if begun is not None:
            begun(run)
        async for result in run:
            came.results.append(result)
    return came
