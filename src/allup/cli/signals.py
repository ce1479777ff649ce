"""Ctrl-C and SIGTERM: the first ends the run in good order, the second at once."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from allup.model.exit_code import Stop

_STOPS: Final = {signal.SIGINT: Stop.INTERRUPT, signal.SIGTERM: Stop.TERMINATE}


@dataclass(slots=True)
class Interruption:
    """Whether a block was interrupted, and by what."""

    stop: Stop | None = None


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """End the block early where a signal comes, without an exception; what is yielded then says which it was."""
    interruption = Interruption()
    task = asyncio.current_task()

    def stop(reason: Stop) -> None:
        interruption.stop = reason
        if task is not None:
            task.cancel()

    try:
        with stopping(stop):
            yield interruption
    except asyncio.CancelledError:
        if interruption.stop is None or task is None:
            raise
        while task.uncancel():  # a second signal, before the first was felt
            pass


@contextmanager
def stopping(stop: Callable[[Stop], None]) -> Iterator[None]:
    """While the block runs, call `stop` for the first signal, and cancel this very task for the second."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    came: list[Stop] = []

    def handle(reason: Stop) -> None:
        came.append(reason)
        if len(came) == 1:
            stop(reason)
        elif len(came) == 2 and task is not None:
            task.cancel(reason.value)

    # Where loops have no signal handlers (Windows), Ctrl-C ends the process at once.
    with suppress(NotImplementedError):
        for number, reason in _STOPS.items():
            loop.add_signal_handler(number, handle, reason)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for number in _STOPS:
                loop.remove_signal_handler(number)
