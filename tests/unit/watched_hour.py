"""A watch in virtual time over targets whose polls are written down beforehand."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from allup.model.failure import Certainty, Failure, FailureKind
from allup.model.state import Standpoint, State
from allup.model.target import Entry
from allup.model.watch_settings import WatchSettings
from allup.run.watching import Poll, Watching
from unit.fake_client import RESET, FakeClient, Script, target_of, url_of
from unit.virtual_loop import CLOCK

OURS = Failure(kind=FailureKind.LOCAL, certainty=Certainty.LOCAL, phase=None, detail="no descriptors")
_FAILURES = {"+": None, "-": RESET, "?": OURS}


def scripted(signs: Sequence[str], *, latency_s: float = 0.2) -> FakeClient:
    """A client whose n-th target does one thing after the other: + is fine, - a failure, ? this machine's own fault."""
    return FakeClient(
        {
            url_of(number): [Script(latency_s=latency_s, failure=_FAILURES[sign]) for sign in of_target]
            for number, of_target in enumerate(signs)
        }
    )


async def watched(
    entries: Sequence[Entry],
    client: FakeClient,
    told: WatchSettings,
    *,
    for_s: float,
    standpoints: Mapping[int, Standpoint] | None = None,
    seen: Callable[[Watching], object] | None = None,
) -> tuple[Watching, list[Poll]]:
    """Watch for so long; `seen` is called with the watch before it ends."""
    polls: list[Poll] = []
    draw = random.Random(1).random
    async with Watching(entries, client, told, clock=CLOCK, standpoints=standpoints, draw=draw) as watch:
        with suppress(TimeoutError):
            async with asyncio.timeout(for_s):
                async for poll in watch:
                    polls.append(poll)  # noqa: PERF401 - what came before the end is wanted
        if seen is not None:
            seen(watch)
    return watch, polls


def expected(signs: str, confirm_after: int) -> list[tuple[State, State]]:
    """The changes of a script, found in another way: by looking back from every poll."""
    state, found, said = State.UNKNOWN, [], ""
    for sign in signs.replace("?", ""):
        said += sign
        up = sign == "+" and state is not State.UP
        down = sign == "-" and state is not State.DOWN
        enough = 1 if up and state is State.UNKNOWN else confirm_after
        if (up or down) and said[-enough:] == sign * enough:
            after = State.UP if up else State.DOWN
            found.append((state, after))
            state, said = after, ""
    return found


def targets(count: int) -> list[Entry]:
    return [target_of(number) for number in range(count)]
