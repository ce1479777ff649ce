"""One attempt: from a target to what came back, within its timeout, whatever the server does."""

from collections.abc import Awaitable, Callable

from allup.http.equipment import Equipment
from allup.http.journey import Journey
from allup.model.attempt import Attempt
from allup.model.failure import Phase
from allup.model.target import Target


class HttpClient:
    """The client of a run, over aiohttp."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Callable[[Callable[[], Phase]], None] | None = None,
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        """Ask `target` once, redirects included; a failure is data, and never an exception.

        `waited_s` is what the target waited for its turn, for the record alone; `watch` is handed a
        function that says which phase the attempt is in; `move` is awaited with the name of another host
        before that is asked, and returns the seconds that it took, which count in no timeout.
        """
        journey = Journey(self._equipment, target, waited_s=waited_s, mover=move)
        if watch is not None:
            watch(lambda: journey.phase)
        with self._equipment.connections.using():
            return await journey.travel()
