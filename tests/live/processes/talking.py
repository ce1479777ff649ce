"""Both ends of a line in one event loop: what a process does, without one."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.failure import Phase
from allup.model.settings import HttpSettings
from allup.model.target import Target
from allup.run.client import Client
from allup.run.processes.launching import Worker
from allup.run.processes.link import Link
from allup.run.processes.worker import serve

ATTEMPT = Attempt(started_at=1.0, elapsed_s=0.5, method="GET", status=200)
TARGET = Target(url="http://a.test/", href="http://a.test/", host="a.test:80")


def target_of(number: int) -> Target:
    return replace(TARGET, url=f"http://a.test/{number}", href=f"http://a.test/{number}")


@dataclass
class Stub:
    """A process that ends when it is killed."""

    pid: int = 0
    code: int | None = None

    def poll(self) -> int | None:
        return self.code

    def kill(self) -> None:
        self.code = -9


Move = Callable[[str], Awaitable[float]]


@dataclass
class Scripted:
    """A client that does what `script` does, and notes who was called off."""

    script: Callable[[Target, Move], Awaitable[Attempt]]
    phase: Phase = Phase.WAIT
    asked: list[Target] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Callable[[Callable[[], Phase]], None] | None = None,
        move: Move | None = None,
    ) -> Attempt:
        del waited_s
        assert watch is not None
        assert move is not None
        watch(lambda: self.phase)
        self.asked.append(target)
        try:
            return await self.script(target, move)
        except asyncio.CancelledError:
            self.cancelled.append(target.url)
            raise


async def answer(target: Target, _: Move) -> Attempt:
    return replace(ATTEMPT, final_url=target.url)


async def never(*_: object) -> Attempt:
    await asyncio.Event().wait()
    return ATTEMPT


@asynccontextmanager
async def linked(
    client: Client, process: Stub | None = None, *, opened: bool = True, trouble: Exception | None = None
) -> AsyncIterator[Link]:
    """Link to a worker whose client is `client`, unless opening it raises `trouble`."""

    @asynccontextmanager
    async def opening(_: HttpSettings) -> AsyncIterator[Client]:
        if trouble is not None:
            raise trouble
        yield client

    ours, theirs = socket.socketpair()
    worker = asyncio.create_task(serve(theirs, opening), name="worker")
    link = Link(Worker(process=process or Stub(), end=ours), Clock())
    try:
        await link.open(HttpSettings())
        if opened:
            assert await link.ready is None
        yield link
    finally:
        link.close()
        ours.close()
        async with asyncio.timeout(10):
            await worker
        theirs.close()


def ask(link: Link, target: Target = TARGET, move: Move | None = None) -> "Asking":
    return Asking(link, target, move)


class Asking:
    """An attempt that is under way."""

    def __init__(self, link: Link, target: Target, move: Move | None) -> None:
        self._probe: Callable[[], Phase] = lambda: Phase.BLOCKED
        attempt = link.attempt(target, waited_s=0.0, watch=self._watch, move=move)
        self.task = asyncio.create_task(attempt, name=target.url)

    def _watch(self, probe: Callable[[], Phase]) -> None:
        self._probe = probe

    @property
    def phase(self) -> Phase:
        return self._probe()
