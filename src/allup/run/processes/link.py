"""The parent's side of one worker: attempts that are out, and what comes back of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Final

from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.failure import Phase
from allup.model.settings import HttpSettings
from allup.model.target import Target
from allup.model.usage import UsageError
from allup.run.processes.errand import Errand, Fault, Heard, Lost
from allup.run.processes.launching import POLL_S, Process, Worker
from allup.run.processes.line import Line, Word
from allup.run.processes.orphans import orphan
from allup.run.processes.terms import TermsTold

PARTING_S: Final = 1.0
"""How long a worker has to say in which phase it has called off an attempt."""
LISTENING_S: Final = 5.0
_SILENCES: Final = 6
"""So often in a row a worker is not heard of that has something to do, and would speak up many times a second."""
_DYING_S: Final = 0.5
_LOST: Final = Lost()


class Link:
    """A client for the targets of one worker; `ready` is done when that has opened its own, or has refused."""

    def __init__(self, worker: Worker, clock: Clock) -> None:
        self._process = worker.process
        self._end = worker.end
        self._line = Line(self._hear, self._lose)
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._errands: dict[int, Errand] = {}
        self._numbers = count()
        self._terms = TermsTold()
        self._listening: asyncio.TimerHandle | None = None
        self._silences = 0
        self._closed = False
        self.ready: asyncio.Future[Exception | None] = self._loop.create_future()
        self.cause = ""

    @property
    def alive(self) -> bool:
        """Whether it is worth asking; `cause` says why not."""
        return self._line.open

    async def open(self, settings: HttpSettings) -> None:
        """Have the worker open its client."""
        await self._line.connect(self._end)
        self._line.say("open", settings)

    def close(self) -> None:
        """Hang up: the worker ends."""
        self._closed = True
        if self._listening is not None:
            self._listening.cancel()
        self._line.hang_up()

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float,
        watch: Callable[[Callable[[], Phase]], None] | None,
        move: Callable[[str], Awaitable[float]] | None,
    ) -> Attempt:
        """Have the worker ask `target` once; raises Fault."""
        started_at, began_at = self._clock.wall(), self._clock.monotonic()
        place, terms = self._terms.of(target)
        number, errand = next(self._numbers), Errand(self._loop)
        if watch is not None:
            watch(errand.look)
        self._errands[number] = errand
        try:
            self._line.say("ask", number, place, terms, (target.href, target.url, target.host, waited_s))
            heard = await self._heard(number, errand, move)
        except asyncio.CancelledError:
            await self._call_off(number, errand)
            raise
        finally:
            del self._errands[number]
        if isinstance(heard, Attempt):
            return heard
        if isinstance(heard, Fault):
            raise heard
        return orphan(
            target,
            f"the process that asked it {self.cause}",
            started_at=started_at,
            elapsed_s=self._clock.monotonic() - began_at,
            waited_s=waited_s,
            phase=errand.phase,
        )

    async def _heard(
        self, number: int, errand: Errand, move: Callable[[str], Awaitable[float]] | None
    ) -> Attempt | Fault | Lost:
        if self._listening is None:
            self._listening = self._loop.call_later(LISTENING_S, self._listen)
        while isinstance(heard := await errand.heard, str):
            errand.heard = self._loop.create_future()
            self._line.say("moved", number, 0.0 if move is None else await move(heard))
        return heard

    async def _call_off(self, number: int, errand: Errand) -> None:
        if errand.over:
            return
        errand.parted = self._loop.create_future()
        self._line.say("cancel", number)
        # For its phase, and since its connection is closed then.
        await asyncio.wait([errand.parted], timeout=PARTING_S)

    def _hear(self, word: Word) -> None:
        self._silences = 0
        verb, *rest = word
        match verb:
            case "answered" | "move":
                self._pass_on(*rest)
            case "phases":
                self._note(*rest)
            case "parted":
                self._part(*rest)
            case "fell":
                self._pass_on(rest[0], Fault(rest[1]))
            case "ready":
                self.ready.set_result(None)
            case "refused":
                self.ready.set_result(UsageError(*rest))
            case "broken":
                self._break(*rest)
            case _:
                raise ValueError(f"a word that is none: {verb!r}")

    def _break(self, trace: str) -> None:
        fault = Fault(trace)
        if not self.ready.done():
            self.ready.set_result(fault)
        for errand in self._errands.values():
            errand.hear(fault)

    def _pass_on(self, number: int, heard: Heard) -> None:
        errand = self._errands.get(number)
        if errand is not None:
            errand.hear(heard)

    def _note(self, phases: dict[int, Phase]) -> None:
        for number, phase in phases.items():
            errand = self._errands.get(number)
            if errand is not None:
                errand.phase = phase

    def _part(self, number: int, phase: Phase) -> None:
        self._note({number: phase})
        # To whoever has not called it off, it is the fault that it would be in one process.
        self._pass_on(number, Fault("the client let out a cancellation that nobody asked for"))

    def _lose(self) -> None:
        if self._closed:
            return
        self.cause = self.cause or _cause(self._process)
        if not self.ready.done():
            self.ready.set_result(UsageError(f"a process of --processes {self.cause} before it could begin"))
        for errand in self._errands.values():
            errand.hear(_LOST)

    def _listen(self) -> None:
        # Counted, and not timed: of a pause that all of them made (Ctrl-Z) only one is seen.
        self._silences = self._silences + 1 if self._errands else 0
        if self._silences < _SILENCES:
            self._listening = self._loop.call_later(LISTENING_S, self._listen)
            return
        self.cause = "hangs, and was ended"
        self._process.kill()
        self._line.hang_up()


def _cause(process: Process) -> str:
    # The end of the line is heard of a moment before that of the process.
    give_up_at = time.monotonic() + _DYING_S
    while (code := process.poll()) is None and time.monotonic() < give_up_at:
        time.sleep(POLL_S)
    if code is None:
        return "has hung up"
    return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
