"""What makes a run: an engine in this process, or workers elsewhere."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from allup.model.clock import Clock
from allup.model.limited_by import Bottleneck
from allup.model.result import Result
from allup.model.settings import CheckSettings
from allup.model.stop import Stop
from allup.run.candidate import Candidates
from allup.run.turns import Turn

if TYPE_CHECKING:  # for those who leave the number to it
    from allup.run.adaptive.governor import Governor


class Runner(Protocol):
    """Gives every candidate exactly one result, also where it is stopped."""

    @property
    def stopped_by(self) -> Stop | None:
        """What ended the run early, if anything did; a signal goes before what came earlier."""
        ...

    @property
    def in_flight(self) -> Sequence[Turn]:
        """The turns that are under way, the oldest first."""
        ...

    @property
    def pauses(self) -> Mapping[str, float]:
        """The hosts that are paused now, with the seconds that are left."""
        ...

    @property
    def held_up_by(self) -> tuple[Bottleneck, str | None] | None:
        """What keeps the next target from being asked, and its host or URL; None: the run is to end."""
        ...

    @property
    def governor(self) -> "Governor | None":
        """Who decides how many are in flight at once; None: the number is given."""
        ...

    @property
    def peak_in_flight(self) -> int:
        """How many were in flight at most."""
        ...

    async def run(self) -> None:
        """Run to the end; to be called once, in a task of its own."""
        ...

    async def take_in(self, result: Result) -> None:
        """Report a result that was known before: it counts as if it had been asked for now."""
        ...

    def stop(self, reason: Stop) -> None:
        """End it early, in good order."""
        ...


class StartRun(Protocol):
    """Makes a runner of `candidates` that tells `note` of each result at once, and hands it over."""

    def __call__(
        self,
        candidates: Candidates,
        settings: CheckSettings,
        *,
        clock: Clock,
        note: Callable[[Result], None],
        hand_over: Callable[[Result], Awaitable[None] | None],
        compare: Callable[[Result], Result] | None,
        keep: Callable[[Result], None] | None,
    ) -> Runner:
        """Return it; `compare` gives each result its past, `keep` is told of what will not be asked again."""
        ...
