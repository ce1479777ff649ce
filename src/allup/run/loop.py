"""The event loop: uvloop where the platform has it, else asyncio's own."""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end in a fresh event loop and return what it returns.

    Where garbage is not collected yet, it is from now on; what was imported by then is left out of it.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(main)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop  # noqa: PLC0415 - not there on every platform
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop
