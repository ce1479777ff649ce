"""Ctrl-C and SIGTERM: the first ends the run in good order, the second at once."""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from allup.model.exit_code import ExitCode
from allup.model.stop import Stop

_STOPS: Final = {signal.SIGINT: Stop.INTERRUPT, signal.SIGTERM: Stop.TERMINATE}

_INSPECTING: Final = ("SIGUSR1", "SIGQUIT", "SIGINFO")


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


def unwind_on_termination() -> None:
    """Have SIGTERM end this process as Ctrl-C does where no run handles it: what was begun is cleaned up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ExitCode.TERMINATED))


def ignore_signals() -> None:
    """Have signals change no exit code any more: all is done, and only the interpreter is still to end."""
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def inspecting(inspect: Callable[[], None]) -> Iterator[None]:
    """While the block runs, call `inspect` for SIGUSR1, SIGQUIT and SIGINFO, where they exist."""
    loop = asyncio.get_running_loop()
    numbers = [getattr(signal, name) for name in _INSPECTING if hasattr(signal, name)]
    with suppress(NotImplementedError):
        for number in numbers:
            loop.add_signal_handler(number, inspect)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for number in numbers:
                loop.remove_signal_handler(number)


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

    before = {number: signal.getsignal(number) for number in _STOPS}
    # Where loops have no signal handlers (Windows), Ctrl-C ends the process at once.
    with suppress(NotImplementedError):
        for number, reason in _STOPS.items():
            loop.add_signal_handler(number, handle, reason)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for number, handler in before.items():
                loop.remove_signal_handler(number)
                signal.signal(number, handler)
