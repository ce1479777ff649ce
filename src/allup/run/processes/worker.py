"""What a worker process does: the attempts that it is asked for, until the line is dead."""

import asyncio
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import Final, NoReturn, cast

from allup.model.clock import Clock
from allup.model.failure import Phase
from allup.model.settings import HttpSettings
from allup.model.target import Target
from allup.model.usage import UsageError
from allup.run.client import Client
from allup.run.loop import run_loop
from allup.run.processes.line import Line, Word
from allup.run.processes.terms import TermsHeard

TICK_S: Final = 0.2
"""How often is told in which phase those attempts are that were there the last time, too."""
_LINGER_S: Final = 1.0
LEFT_TO_THE_PARENT: Final = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGINFO") if (number := getattr(signal, name, None))
)
"""Signals that a terminal or a service manager sends to all processes, and that the parent decides about."""

Asked = tuple[str, str, str, float]
"""Of a target its `href`, `url` and `host`, and how long it waited for its turn."""
Opening = Callable[[HttpSettings], AbstractAsyncContextManager[Client]]


class Desk:
    """Takes the words of the parent: attempts to make, to call off, and to go on with at another host."""

    def __init__(self, line: Line, client: Client, group: asyncio.TaskGroup) -> None:
        self._line = line
        self._client = client
        self._group = group
        self._terms = TermsHeard()
        self._errands: dict[int, _Errand] = {}
        self._timer: asyncio.TimerHandle | None = None

    def hear(self, word: Word) -> None:
        """Do what `word` asks for."""
        verb, *rest = word
        match verb:
            case "ask":
                self._begin(*rest)
            case "moved":
                self._go_on(*rest)
            case "cancel":
                self._call_off(*rest)
            case _:
                raise ValueError(f"a word that is none: {verb!r}")

    def close(self) -> None:
        """Call everything off."""
        if self._timer is not None:
            self._timer.cancel()
        for errand in self._errands.values():
            errand.task.cancel()

    def _begin(self, number: int, place: int, terms: bytes | None, what: Asked) -> None:
        if terms is not None:
            self._terms.put(place, terms)
        errand = self._errands[number] = _Errand(number, self._line)
        errand.task = self._group.create_task(self._attempt(errand, place, what), name=f"allup-attempt-{number}")
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TICK_S, self._tick)

    async def _attempt(self, errand: "_Errand", place: int, what: Asked) -> None:
        errand.begun = True
        try:
            href, url, host, waited_s = what
            request, expectation = self._terms.at(place)
            target = Target(url=url, href=href, host=host, request=request, expectation=expectation)
            attempt = await self._client.attempt(target, waited_s=waited_s, watch=errand.watch, move=errand.move)
        except asyncio.CancelledError:
            self._line.say("parted", errand.number, errand.phase)
            raise
        except Exception:  # noqa: BLE001 - no client should raise one: the parent does, as if it were its own
            self._line.say("fell", errand.number, traceback.format_exc())
        else:
            self._line.say("answered", errand.number, attempt)
        finally:
            del self._errands[errand.number]

    def _go_on(self, number: int, took_s: float) -> None:
        errand = self._errands.get(number)
        if errand is not None and errand.moved is not None and not errand.moved.done():
            errand.moved.set_result(took_s)

    def _call_off(self, number: int) -> None:
        errand = self._errands.get(number)
        if errand is None:  # what came of it is on its way
            return
        errand.task.cancel()
        if not errand.begun:  # nor will it be
            del self._errands[number]
            self._line.say("parted", number, Phase.BLOCKED)

    def _tick(self) -> None:
        changes = {number: phase for number, errand in self._errands.items() if (phase := errand.news()) is not None}
        self._timer = None
        if self._errands:  # also where nothing has changed: a sign of life
            self._line.say("phases", changes)
            self._timer = asyncio.get_running_loop().call_later(TICK_S, self._tick)


class _Errand:
    """One attempt, as the parent sees it."""

    __slots__ = ("_line", "_probe", "_seen", "_told", "begun", "moved", "number", "task")

    task: asyncio.Task[None]

    def __init__(self, number: int, line: Line) -> None:
        self.number = number
        self.begun = False
        self.moved: asyncio.Future[float] | None = None
        self._line = line
        self._probe: Callable[[], Phase] | None = None
        self._seen = False
        self._told = Phase.BLOCKED

    @property
    def phase(self) -> Phase:
        return Phase.BLOCKED if self._probe is None else self._probe()

    def watch(self, probe: Callable[[], Phase]) -> None:
        self._probe = probe

    async def move(self, host: str) -> float:
        self.moved = asyncio.get_running_loop().create_future()
        self._line.say("move", self.number, host)
        return await self.moved

    def news(self) -> Phase | None:
        """Return the phase where the parent does not know it; None for what has only just begun."""
        seen, self._seen = self._seen, True
        phase = self.phase
        if not seen or phase is self._told:
            return None
        self._told = phase
        return phase


async def serve(end: socket.socket, opening: Opening, *, over: Callable[[], object] | None = None) -> None:
    """Open a client as the parent says and make the attempts it asks for, until it hangs up; `over` is called then."""
    loop = asyncio.get_running_loop()
    hung_up: asyncio.Future[None] = loop.create_future()
    first: asyncio.Future[Word] = loop.create_future()

    def end_it() -> None:
        hung_up.set_result(None)
        if over is not None:
            over()

    line = Line(first.set_result, end_it)
    await line.connect(end)
    await asyncio.wait(cast("list[asyncio.Future[object]]", [first, hung_up]), return_when=asyncio.FIRST_COMPLETED)
    if first.done():
        await _serve(line, opening, first.result()[1], hung_up)


async def _serve(line: Line, opening: Opening, settings: HttpSettings, hung_up: asyncio.Future[None]) -> None:
    try:
        async with opening(settings) as client, asyncio.TaskGroup() as group:
            desk = Desk(line, client, group)
            line.hear = desk.hear
            line.say("ready")
            await hung_up
            desk.close()
    except UsageError as error:
        line.say("refused", str(error))
        await hung_up
    except Exception:  # noqa: BLE001 - nobody reads what this process might say of it
        line.say("broken", traceback.format_exc())
        await hung_up


def work(end: socket.socket, name: str) -> NoReturn:
    """Be a worker process until the parent hangs up, which then is no more."""
    try:
        _leave_signals_to_the_parent()
        with suppress(OSError):  # what ps shows, on Linux
            Path("/proc/self/comm").write_text(name, encoding="ascii")
        run_loop(_work(end))
    finally:
        os._exit(1)


async def _work(end: socket.socket) -> None:
    from allup.http.client import open_client  # noqa: PLC0415 - a parent that forks has imported it

    loop, code = asyncio.get_running_loop(), 1
    try:
        await serve(
            end,
            lambda settings: open_client(settings, Clock()),
            over=lambda: loop.call_later(_LINGER_S, os._exit, 0),
        )
        code = 0
    finally:
        # Nothing is to be flushed, and no thread to be waited for: it is all the parent's, or the kernel ends it.
        os._exit(code)


def _leave_signals_to_the_parent() -> None:
    for number in LEFT_TO_THE_PARENT:
        signal.signal(number, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, LEFT_TO_THE_PARENT)
