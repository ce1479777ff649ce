"""The shifts of a worker process, each in a thread with an event loop of its own, and the words that reach them."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from allup.model.clock import Clock
from allup.model.settings import CheckSettings
from allup.model.usage import UsageError
from allup.run.dask.shift import Shift
from allup.run.loop import run_loop
from allup.run.processes.packing import packed, unpacked

POLL_S: Final = 1.0
"""The most that a worker lets whoever asks for results wait."""
OPERATION: Final = "allup"
_posts: Final[dict[str, "_Post"]] = {}

T = TypeVar("T")


class UnknownShift(LookupError):
    """The worker has none of that name: it was begun anew since, or has given up."""


async def handle(verb: str, shift: str, payload: bytes) -> dict[str, bytes]:
    """Do what `verb` asks for of the shift of that name; what is wrong is in the answer, and raises nothing.

    What is raised, a worker logs with all that it was given.
    """
    try:
        answer = await _done(verb, shift, unpacked(payload))
    except UsageError as error:
        return {"refused": str(error).encode()}
    except UnknownShift as error:
        return {"gone": str(error).encode()}
    return {"answer": packed(answer)}


async def _done(verb: str, name: str, what: Any) -> Any:
    if verb == "open":
        return await _open(name, what)
    post = _posts.get(name)
    if post is None:
        raise UnknownShift(name)
    match verb:
        case "ask":
            return await post.call(lambda shift: shift.ask(what))
        case "hear":
            return await post.wait(lambda shift: shift.hear(POLL_S))
        case "stop":
            return await post.call(lambda shift: shift.stop(what))
        case "drop":
            return post.drop()
        case _:
            raise ValueError(f"a word that is none: {verb!r}")


async def _open(name: str, settings: CheckSettings) -> None:
    post = _posts[name] = _Post(name, settings)
    await post.opened()


class _Post:
    """A thread that has a shift; the methods are for the event loop of the worker itself."""

    def __init__(self, name: str, settings: CheckSettings) -> None:
        self._name = name
        self._settings = settings
        self._opened: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any], Shift]] = Future()
        self._thread = threading.Thread(target=self._run, name="allup-shift", daemon=True)

    async def opened(self) -> None:
        """Begin; raises UsageError where the settings do not work here."""
        self._thread.start()
        await asyncio.wrap_future(self._opened)

    async def wait(self, of: Callable[[Shift], Coroutine[Any, Any, T]]) -> T:
        """Return what the coroutine comes to that is `of` the shift."""
        loop, _, shift = self._opened.result()
        if not self._thread.is_alive():
            raise UnknownShift(self._name)
        try:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(of(shift), loop))
        except (asyncio.CancelledError, RuntimeError):
            if self._thread.is_alive():
                raise
            raise UnknownShift(self._name) from None

    async def call(self, of: Callable[[Shift], None]) -> None:
        """Have the shift do something."""

        async def called(shift: Shift) -> None:
            of(shift)

        await self.wait(called)

    def drop(self) -> None:
        """Call everything off."""
        loop, task, _ = self._opened.result()
        loop.call_soon_threadsafe(task.cancel)

    def _run(self) -> None:
        try:
            run_loop(self._work())
        except asyncio.CancelledError:
            pass
        except Exception as error:  # noqa: BLE001 - told to whoever opens it
            if not self._opened.done():
                self._opened.set_exception(error)
        finally:
            _posts.pop(self._name, None)

    async def _work(self) -> None:
        from allup.http.client import open_client  # noqa: PLC0415 - not for whoever asks workers to do it

        clock = Clock()
        async with open_client(self._settings.http, clock) as client:
            shift = Shift(client, self._settings, clock)
            task = asyncio.current_task()
            assert task is not None
            self._opened.set_result((asyncio.get_running_loop(), task, shift))
            await shift.run()
