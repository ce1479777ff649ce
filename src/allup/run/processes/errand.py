"""An attempt that is out, as its parent knows it."""

import asyncio

from allup.model.attempt import Attempt
from allup.model.failure import Phase


class Fault(RuntimeError):
    """A client has raised in a worker what no client should; the message is its traceback there."""


class Lost:
    """The worker is no more."""


Heard = Attempt | Fault | Lost | str
"""What came of an errand; or, a string, the host that it wants to go on at."""


class Errand:
    """What is waited for: `heard` is the next word of the worker; `phase` as it was told last."""

    __slots__ = ("heard", "over", "parted", "phase")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.phase = Phase.BLOCKED
        self.heard: asyncio.Future[Heard] = loop.create_future()
        self.parted: asyncio.Future[None] | None = None
        self.over = False

    def look(self) -> Phase:
        """Return the phase."""
        return self.phase

    def hear(self, heard: Heard) -> None:
        """Pass on a word; after the cancellation of who waits for it only that it was the last one."""
        self.over = not isinstance(heard, str)
        if not self.heard.done():
            self.heard.set_result(heard)
        if self.over and self.parted is not None and not self.parted.done():
            self.parted.set_result(None)
