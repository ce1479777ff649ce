"""Time that costs nothing: where nothing is ready, the clock jumps to the next timer."""

import asyncio
import functools
import gc
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from allup.model.clock import Clock

P = ParamSpec("P")
T = TypeVar("T")

EPOCH = 1_000_000_000.0
"""What the wall clock shows when a virtual loop starts."""


class Stuck(RuntimeError):
    """Nothing is ready and nothing ever will be."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time stands still while something is ready, and is exact."""

    def __init__(self) -> None:
        self._now = 0.0
        self.problems: list[dict[str, Any]] = []
        super().__init__(_JumpingSelector(self._jump))
        # Timers this close together go off together; it must be more than a float's step at any time used here.
        self._clock_resolution = 1e-6
        self.set_exception_handler(lambda _, context: self.problems.append(context))

    def time(self) -> float:
        return self._now

    def _jump(self) -> None:
        timers: list[asyncio.TimerHandle] = getattr(self, "_scheduled")  # noqa: B009 - asyncio's own heap, untyped
        if not timers:
            raise Stuck("every task waits for another one")
        self._now = max(self._now, timers[0].when())


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self, jump: Callable[[], None]) -> None:
        super().__init__()
        self._jump = jump

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and (timeout is None or timeout > 0):
            self._jump()
        return ready


def now() -> float:
    """Seconds since the running loop started."""
    return asyncio.get_running_loop().time()


CLOCK = Clock(monotonic=now, wall=lambda: EPOCH + now(), cpu=lambda: 0.0)
"""The clock of whatever virtual loop is running: what is worked takes no time."""


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` in virtual time; fail where it leaves a task behind or an exception that nobody saw."""
    loop = VirtualLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        result = runner.run(_leaving_nothing_behind(main))
    gc.collect(1)  # an exception that was never retrieved is told when its task goes
    assert not loop.problems, [(context["message"], context.get("exception")) for context in loop.problems]
    return result


def virtual(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Make a plain test of an async one: it runs in virtual time and must leave nothing behind."""

    @functools.wraps(test)
    def plain(*args: P.args, **kwargs: P.kwargs) -> None:
        run_virtual(test(*args, **kwargs))

    return plain


async def settle() -> None:
    """Let everything happen that is due now."""
    for _ in range(5):
        await asyncio.sleep(0)


def others() -> set[asyncio.Task[Any]]:
    """The tasks that are alive beside this one."""
    return asyncio.all_tasks() - {asyncio.current_task()}


async def _leaving_nothing_behind(main: Awaitable[T]) -> T:
    result = await main
    await settle()
    left = others()
    assert left == set(), f"left behind: {left}"
    return result
